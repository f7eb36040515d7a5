/* From charset to decoder; and the decoders that need no index. */
#include "filters/decode/charset.h"

#include "core/utf8.h"
#include "filters/decode/decoder.h"
#include "filters/decode/tables.h"

/* Stores all of `t`; how many of its bytes count is for the caller. */
static void store(unsigned char *out, uint32_t t)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(out, &t, sizeof t);
#else
	out[0] = (unsigned char)t;
	out[1] = (unsigned char)(t >> 8);
	out[2] = (unsigned char)(t >> 16);
#endif
}

/* `charset` is single-byte (IBM866 to X_USER_DEFINED). */
static void decode_single(struct pm_decoder *d, enum pm_charset charset)
{
	const uint32_t *table = pm_charset_single[charset - PM_CHARSET_IBM866];
	unsigned char before = 0;

	while (d->in < d->end && d->out <= d->full) {
		unsigned char b = *d->in;
		uint32_t t;

		/* The space between two foreign words is not worth a search for where ASCII
		 * ends. */
		if (b < 0x80 && before < 0x80) {
			pm_decoder_ascii(d);
			before = 0x80;
			continue;
		}
		t = table[b];
		store(d->out, t);
		d->out += t >> 24 & 3;
		d->errors += t >> 31;
		d->in++;
		before = b;
	}
}

static void decode_utf8(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		struct pm_slice rest = { (const char *)d->in, (size_t)(d->end - d->in) };
		size_t sound = pm_utf8_valid(rest);
		const char *at = rest.ptr + sound;

		if (sound > (size_t)(d->full - d->out) + PM_DECODER_SLACK)
			return;
		memcpy(d->out, d->in, sound);
		d->out += sound;
		d->in += sound;
		if (d->in == d->end || d->out > d->full)
			return;
		(void)pm_utf8_next(&at, rest.ptr + rest.len);
		d->in = (const unsigned char *)at;
		pm_decoder_bad(d);
	}
}

static uint32_t unit(const unsigned char *at, bool big)
{
	return big ? (uint32_t)at[0] << 8 | at[1] : (uint32_t)at[1] << 8 | at[0];
}

static void decode_utf16(struct pm_decoder *d, bool big)
{
	while (d->end - d->in >= 2 && d->out <= d->full) {
		uint32_t cp = unit(d->in, big), next;

		d->in += 2;
		if (cp < 0x80) {
			*d->out++ = (unsigned char)cp;
		} else if ((cp & 0xf800) != 0xd800) {
			pm_decoder_put(d, cp);
		} else if (cp >= 0xdc00) {
			pm_decoder_bad(d);
		} else if (d->end - d->in < 2) {
			/* An odd byte behind the half character is part of the same fault. */
			d->in = d->end;
			pm_decoder_bad(d);
		} else {
			next = unit(d->in, big);
			if ((next & 0xfc00) == 0xdc00) {
				d->in += 2;
				pm_decoder_put(d, 0x10000 + ((cp & 0x3ff) << 10 | (next & 0x3ff)));
			} else {
				pm_decoder_bad(d);
			}
		}
	}
	if (d->end - d->in == 1 && d->out <= d->full) {
		d->in++;
		pm_decoder_bad(d);
	}
}

static void decode_replacement(struct pm_decoder *d)
{
	if (d->in < d->end && d->out <= d->full) {
		pm_decoder_bad(d);
		d->in = d->end;
	}
}

static void decode(struct pm_decoder *d, enum pm_charset charset)
{
	switch (charset) {
	case PM_CHARSET_UTF_8:          decode_utf8(d);                 break;
	case PM_CHARSET_GBK:            /* the standard decodes it as gb18030 */
	case PM_CHARSET_GB18030:        pm_decode_gb18030(d);           break;
	case PM_CHARSET_BIG5:           pm_decode_big5(d);              break;
	case PM_CHARSET_EUC_JP:         pm_decode_euc_jp(d);            break;
	case PM_CHARSET_ISO_2022_JP:    pm_decode_iso_2022_jp(d);       break;
	case PM_CHARSET_SHIFT_JIS:      pm_decode_shift_jis(d);         break;
	case PM_CHARSET_EUC_KR:         pm_decode_euc_kr(d);            break;
	case PM_CHARSET_REPLACEMENT:    decode_replacement(d);          break;
	case PM_CHARSET_UTF_16BE:       decode_utf16(d, true);          break;
	case PM_CHARSET_UTF_16LE:       decode_utf16(d, false);         break;
	case PM_CHARSET_NONE:
	case PM_CHARSETS:               decode_single(d, PM_CHARSET_WINDOWS_1252); break;
	default:                        decode_single(d, charset);      break;
	}
}

struct pm_slice pm_charset_decode(enum pm_charset charset, struct pm_slice bytes,
				  struct pm_arena *a, size_t *errors)
{
	size_t room = bytes.len * PM_CHARSET_GROWTH + PM_DECODER_SLACK, left = pm_arena_left(a);
	struct pm_slice none = { NULL, 0 };
	struct pm_decoder d = { 0 };
	unsigned char *out;

	if (room > left)
		room = left;    /* most pages need far less than they could */
	if (room < PM_DECODER_SLACK)
		return none;
	out = pm_arena_alloc(a, room);
	if (out == NULL)
		return none;
	d.in = (const unsigned char *)bytes.ptr;
	d.end = d.in + bytes.len;
	d.out = out;
	d.full = out + room - PM_DECODER_SLACK;
	if (bytes.len)
		decode(&d, charset);
	if (d.in < d.end) {
		pm_arena_trim(a, out, 0);
		return none;
	}
	pm_arena_trim(a, out, (size_t)(d.out - out));
	if (errors)
		*errors = d.errors;
	return pm_slice((const char *)out, (size_t)(d.out - out));
}
