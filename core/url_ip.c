#include <stdio.h>

#include "core/url_parts.h"

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* The standard's IPv4 number parser. -1: not a number. Anything of 2^32 and more is 2^32. */
static int64_t ipv4_number(struct pm_slice s)
{
	const int64_t most = (int64_t)1 << 32;
	int64_t value = 0;
	int radix = 10;
	size_t i = 0;

	if (s.len == 0)
		return -1;
	if (s.len >= 2 && s.ptr[0] == '0') {
		radix = pm_ascii_lower(s.ptr[1]) == 'x' ? 16 : 8;
		i = radix == 16 ? 2 : 1;
	}
	for (; i < s.len; i++) {
		int digit = pm_url_hex(s.ptr[i]);

		if (digit < 0 || digit >= radix)
			return -1;
		value = value * radix + digit;
		if (value > most)
			value = most;
	}
	return value;
}

static struct pm_slice last_label(struct pm_slice s)
{
	size_t at = s.len;

	while (at && s.ptr[at - 1] != '.')
		at--;
	return pm_slice(s.ptr + at, s.len - at);
}

bool pm_url_ends_in_number(struct pm_slice host)
{
	struct pm_slice last;
	size_t i = 0;

	if (host.len > 1 && host.ptr[host.len - 1] == '.')
		host.len--;
	last = last_label(host);
	while (i < last.len && is_digit(last.ptr[i]))
		i++;
	return (last.len && i == last.len) || ipv4_number(last) >= 0;
}

size_t pm_url_ipv4(struct pm_slice input, char *out)
{
	uint32_t ip = 0;
	size_t parts = 0;

	if (input.len > 1 && input.ptr[input.len - 1] == '.')
		input.len--;
	for (;;) {
		const char *dot = memchr(input.ptr, '.', input.len);
		size_t len = dot ? (size_t)(dot - input.ptr) : input.len;
		struct pm_slice part = pm_slice(input.ptr, len);
		int64_t number = ipv4_number(part);

		if (number < 0 || ++parts > 4)
			return 0;
		if (!dot) {
			/* The last number fills all octets that are left. */
			if (number >> (8 * (5 - parts)))
				return 0;
			ip |= (uint32_t)number;
			break;
		}
		if (number > 255 || parts > 3)
			return 0;
		ip |= (uint32_t)number << (8 * (4 - parts));
		input.len -= part.len + 1;
		input.ptr = dot + 1;
	}
	return (size_t)snprintf(out, PM_URL_IP_MAX, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255,
				ip >> 8 & 255, ip & 255);
}

/* "1.2.3.4" at the end of an IPv6 address: two pieces. Four numbers, no leading zeros. */
static bool ipv4_tail(struct pm_slice s, uint16_t *piece)
{
	unsigned numbers = 0;
	size_t i = 0;

	piece[0] = piece[1] = 0;
	while (i < s.len) {
		int value = -1;

		if (numbers > 0 && (s.ptr[i] != '.' || numbers == 4))
			return false;
		i += numbers > 0;
		for (; i < s.len && is_digit(s.ptr[i]); i++) {
			if (value == 0)
				return false;
			value = (value < 0 ? 0 : value * 10) + (s.ptr[i] - '0');
			if (value > 255)
				return false;
		}
		if (value < 0)
			return false;
		piece[numbers / 2] = (uint16_t)(piece[numbers / 2] << 8 | value);
		numbers++;
	}
	return numbers == 4;
}

/* "::" took one piece already; the pieces behind it move to the end. */
static bool spread(uint16_t *piece, unsigned pieces, int compress)
{
	unsigned tail;

	if (compress < 0)
		return pieces == 8;
	tail = pieces - (unsigned)compress;
	memmove(piece + 8 - tail, piece + compress, tail * sizeof(*piece));
	memset(piece + compress, 0, (8 - pieces) * sizeof(*piece));
	return true;
}

static bool ipv6_pieces(struct pm_slice s, uint16_t piece[8])
{
	unsigned pieces = 0;
	int compress = -1;
	size_t i = 0;

	if (s.len && s.ptr[0] == ':') {
		if (s.len < 2 || s.ptr[1] != ':')
			return false;
		i = 2;
		compress = (int)++pieces;
	}
	while (i < s.len) {
		size_t start = i;
		unsigned value = 0;

		if (pieces == 8)
			return false;
		if (s.ptr[i] == ':') {
			if (compress >= 0)
				return false;
			compress = (int)++pieces;
			i++;
			continue;
		}
		for (; i < s.len && i - start < 4 && pm_url_hex(s.ptr[i]) >= 0; i++)
			value = value << 4 | (unsigned)pm_url_hex(s.ptr[i]);
		if (i < s.len && s.ptr[i] == '.') {
			if (i == start || pieces > 6 ||
			    !ipv4_tail(pm_slice(s.ptr + start, s.len - start), piece + pieces))
				return false;
			pieces += 2;
			break;
		}
		if (i < s.len && (s.ptr[i++] != ':' || i == s.len))
			return false;
		piece[pieces++] = (uint16_t)value;
	}
	return spread(piece, pieces, compress);
}

/* The first of the longest runs of zero pieces, two at least. -1: none. */
static int longest_zeros(const uint16_t piece[8], int *len)
{
	int best = -1;

	*len = 1;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && piece[i + n] == 0)
			n++;
		if (n > *len)
			best = i, *len = n;
		i += n;
	}
	return best;
}

size_t pm_url_ipv6(struct pm_slice input, char *out)
{
	uint16_t piece[8] = { 0 };
	int run, zeros;
	char *p = out;

	if (!ipv6_pieces(input, piece))
		return 0;
	zeros = longest_zeros(piece, &run);
	*p++ = '[';
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			p += sprintf(p, i == 0 ? "::" : ":");
			i += run - 1;
			continue;
		}
		p += sprintf(p, "%x", piece[i]);
		if (i < 7)
			*p++ = ':';
	}
	*p++ = ']';
	return (size_t)(p - out);
}
