/* The standard's "domain to ASCII" by libidn2, which is stricter than UTS #46 as browsers use it.
 * What is worked around, label by label:
 * - libidn2 checks hyphens (CheckHyphens=true). They are handed over as U+0001, which no valid host
 *   can contain, and put back: Punycode depends on where ASCII characters stand, not on which they
 *   are. In A-labels it takes letters, digits and few others, so there a digit hides the rest.
 * - In non-transitional mode it applies IDNA2008's DISALLOWED class too, and so refuses symbols
 *   such as U+2603. Such labels are asked for again in transitional mode, which skips that; the
 *   two modes map alike where none of the four deviation characters is present.
 * - It refuses hosts over 255 octets; labels are converted singly, and ASCII ones not at all.
 * What is left: labels over 63 octets are refused, a deviation character beside a symbol is, and
 * the Bidi rule is applied to each label for itself, and not to labels with symbols. */
#include <idn2.h>

#include "core/url_parts.h"
#include "core/utf8.h"

enum {
	DOMAIN_MAX = 4096,      /* octets of UTF-8 that are looked at, ignorable characters too */
	LABEL_MAX = 1024,       /* the same for one label */
	HOST_MAX = 254,         /* RFC 1035's 253 octets in text form, and a trailing dot */
	HYPHEN = 1,
	ACE_LEN = 4,            /* "xn--" */
};

/* Octets of a label separator (UTS #46 maps three characters to a full stop), or 0. */
static size_t dot_at(struct pm_slice s)
{
	if (s.ptr[0] == '.')
		return 1;
	if (s.len < 3)
		return 0;
	if (memcmp(s.ptr, "\xE3\x80\x82", 3) == 0 || memcmp(s.ptr, "\xEF\xBC\x8E", 3) == 0 ||
	    memcmp(s.ptr, "\xEF\xBD\xA1", 3) == 0)
		return 3;
	return 0;
}

/* Sharp s in both cases, final sigma, and the zero-width joiner and non-joiner. */
static bool has_deviation(const char *label)
{
	return strstr(label, "\xC3\x9F") || strstr(label, "\xE1\xBA\x9E") ||
	       strstr(label, "\xCF\x82") || strstr(label, "\xE2\x80\x8C") ||
	       strstr(label, "\xE2\x80\x8D");
}

static bool has_ace_prefix(struct pm_slice label)
{
	return label.len >= ACE_LEN && pm_slice_is_nocase(pm_slice(label.ptr, ACE_LEN), "xn--");
}

static bool is_ascii(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

static bool is_alnum(char c)
{
	return (unsigned char)(c - '0') < 10 || (unsigned char)(pm_ascii_lower(c) - 'a') < 26;
}

/* Puts a digit where the ASCII part of an A-label, which its last hyphen ends, has anything but
 * letters and digits. False: there was nothing to hide. */
static bool hide_marks(char *label, size_t len)
{
	size_t end = len, hidden = 0;

	while (end > ACE_LEN && label[end - 1] != '-')
		end--;
	for (size_t i = ACE_LEN; i + 1 < end; i++)
		if (!is_alnum(label[i])) {
			label[i] = '0';
			hidden++;
		}
	return hidden > 0;
}

/* Only the round trip applies the rules for joiners and direction; only without it symbols pass. */
static int ask(const char *label)
{
	char *ascii = NULL;
	int rc = idn2_to_ascii_8z(label, &ascii, IDN2_NONTRANSITIONAL);

	idn2_free(ascii);
	if (rc != IDN2_DISALLOWED && rc != IDN2_ALABEL_ROUNDTRIP_FAILED)
		return rc;
	ascii = NULL;
	rc = idn2_to_ascii_8z(label, &ascii, IDN2_NONTRANSITIONAL | IDN2_NO_ALABEL_ROUNDTRIP);
	idn2_free(ascii);
	return rc;
}

/* An A-label is only asked whether it is valid; if so it stays as it is, but for case. What it
 * stands for must not begin with "xn--" in turn. */
static int check_alabel(char *label, size_t len)
{
	int rc;

	if (has_ace_prefix(pm_slice(label + ACE_LEN, len - ACE_LEN)) &&
	    memchr(label + 2 * ACE_LEN, '-', len - 2 * ACE_LEN))
		return IDN2_INVALID_ALABEL;
	rc = ask(label);
	if (rc == IDN2_OK || rc == IDN2_MALLOC || !hide_marks(label, len))
		return rc;
	return ask(label);
}

/* Hyphens, and the two characters that UTS #46 maps to one: U+FE63 and U+FF0D. */
static void hide_hyphens(char *label)
{
	char *to = label;

	while (*label) {
		bool wide = strncmp(label, "\xEF\xB9\xA3", 3) == 0 ||
			    strncmp(label, "\xEF\xBC\x8D", 3) == 0;

		*to++ = wide || *label == '-' ? HYPHEN : *label;
		label += wide ? 3 : 1;
	}
	*to = 0;
}

static int convert_ulabel(char *label, size_t len, char **ascii)
{
	int rc;

	if (!has_ace_prefix(pm_slice(label, len)))
		hide_hyphens(label);
	rc = idn2_to_ascii_8z(label, ascii, IDN2_NONTRANSITIONAL | IDN2_NO_ALABEL_ROUNDTRIP);
	if (rc == IDN2_DISALLOWED && !has_deviation(label))
		rc = idn2_to_ascii_8z(label, ascii, IDN2_TRANSITIONAL | IDN2_NO_ALABEL_ROUNDTRIP);
	return rc;
}

/* A label that only mapping made an A-label (U+FF58 and "n--a") is checked as one. */
static int check_prefix(const char *ascii)
{
	static const char hidden[] = { 'x', 'n', HYPHEN, HYPHEN, 0 };
	char copy[LABEL_MAX + 1];
	size_t len = strlen(ascii);

	/* Punycode of "xn--" and more. */
	if (has_ace_prefix(pm_slice(ascii, len)) && strncmp(ascii + ACE_LEN, hidden, ACE_LEN) == 0)
		return IDN2_INVALID_ALABEL;
	if (strncmp(ascii, hidden, ACE_LEN) != 0)
		return IDN2_OK;
	if (len > LABEL_MAX)
		return IDN2_TOO_BIG_LABEL;
	for (size_t i = 0; i <= len; i++)
		copy[i] = ascii[i] == HYPHEN ? '-' : ascii[i];
	return check_alabel(copy, len);
}

/* Appends what `from` holds, in lower case and with its hyphens. */
static bool append(struct pm_slice from, char *out, size_t *len)
{
	if (from.len > HOST_MAX - *len)
		return false;
	for (size_t i = 0; i < from.len; i++)
		out[(*len)++] = from.ptr[i] == HYPHEN ? '-' : pm_ascii_lower(from.ptr[i]);
	return true;
}

static enum pm_url_status idna_label(struct pm_slice label, char *out, size_t *len)
{
	char copy[LABEL_MAX + 1], *ascii = NULL;
	bool fits = false;
	int rc;

	if (label.len > LABEL_MAX)
		return PM_URL_BAD;
	memcpy(copy, label.ptr, label.len);
	copy[label.len] = 0;
	if (is_ascii(label)) {
		rc = check_alabel(copy, label.len);
		fits = rc == IDN2_OK && append(label, out, len);
	} else {
		rc = convert_ulabel(copy, label.len, &ascii);
		if (rc == IDN2_OK)
			rc = check_prefix(ascii);
		fits = rc == IDN2_OK && append(pm_slice_str(ascii), out, len);
		idn2_free(ascii);
	}
	if (rc == IDN2_MALLOC)
		return PM_URL_FULL;
	return fits ? PM_URL_OK : PM_URL_BAD;
}

/* A label that is plain ASCII stays as it is, as UTS #46 has it. */
static enum pm_url_status add_label(struct pm_slice label, char *out, size_t *len)
{
	if (!is_ascii(label) || has_ace_prefix(label))
		return idna_label(label, out, len);
	return append(label, out, len) ? PM_URL_OK : PM_URL_BAD;
}

enum pm_url_status pm_url_idna(struct pm_arena *a, struct pm_slice domain, struct pm_slice *host)
{
	char out[HOST_MAX + 1];
	size_t len = 0, start = 0, i = 0;
	enum pm_url_status status;

	/* An ill-formed octet is U+FFFD, which UTS #46 disallows; hosts refuse the two controls. */
	if (domain.len > DOMAIN_MAX || pm_utf8_valid(domain) != domain.len ||
	    memchr(domain.ptr, HYPHEN, domain.len) || memchr(domain.ptr, 0, domain.len))
		return PM_URL_BAD;
	for (;;) {
		size_t dot = i < domain.len ? dot_at(pm_slice(domain.ptr + i, domain.len - i)) : 0;

		if (i < domain.len && !dot) {
			i++;
			continue;
		}
		status = add_label(pm_slice(domain.ptr + start, i - start), out, &len);
		if (status != PM_URL_OK)
			return status;
		if (i == domain.len)
			break;
		if (len == HOST_MAX)
			return PM_URL_BAD;
		out[len++] = '.';
		start = i += dot;
	}
	*host = pm_arena_copy(a, pm_slice(out, len));
	return host->ptr ? PM_URL_OK : PM_URL_FULL;
}
