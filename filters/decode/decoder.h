/* filters/decode/decoder.h -- what all decoders share: one run over the input, one piece of output.
 *
 * A decoder may write while out <= full: room for at least PM_DECODER_SLACK bytes is then left. It
 * ends at the end of its input or when the output is full, which the caller sees by in < end. */
#ifndef PM_FILTERS_DECODE_DECODER_H
#define PM_FILTERS_DECODE_DECODER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/simd.h"
#include "filters/decode/charset.h"

/* A block of 16 ASCII bytes, or the longest thing that one step writes. */
enum { PM_DECODER_SLACK = 16 };

struct pm_decoder {
	const unsigned char *in, *end;
	unsigned char *out, *full;
	size_t errors;
};

void pm_decode_gb18030(struct pm_decoder *d);
void pm_decode_big5(struct pm_decoder *d);
void pm_decode_euc_kr(struct pm_decoder *d);
void pm_decode_euc_jp(struct pm_decoder *d);
void pm_decode_shift_jis(struct pm_decoder *d);
void pm_decode_iso_2022_jp(struct pm_decoder *d);

/* Copies ASCII up to the first other byte, the end or the ceiling. */
static inline void pm_decoder_ascii(struct pm_decoder *d)
{
	const unsigned char *in = d->in, *end = d->end;
	unsigned char *out = d->out;

#if PM_SSE2
	if (!pm_portable) {
		while (end - in >= 16 && out <= d->full) {
			__m128i v = _mm_loadu_si128((const __m128i *)in);
			int mask = _mm_movemask_epi8(v);

			_mm_storeu_si128((__m128i *)out, v);
			if (mask != 0) {
				d->in = in + __builtin_ctz((unsigned)mask);
				d->out = out + __builtin_ctz((unsigned)mask);
				return;
			}
			in += 16;
			out += 16;
		}
	}
#endif
	while (end - in >= 8 && out <= d->full) {
		uint64_t v;

		memcpy(&v, in, 8);
		if (v & 0x8080808080808080u)
			break;
		memcpy(out, &v, 8);
		in += 8;
		out += 8;
	}
	while (in < end && *in < 0x80 && out <= d->full)
		*out++ = *in++;
	d->in = in;
	d->out = out;
}

/* A code point from 0x80 up; the caller has looked at the ceiling. */
static inline void pm_decoder_put(struct pm_decoder *d, uint32_t cp)
{
	unsigned char *out = d->out;

	if (cp < 0x800) {
		out[0] = (unsigned char)(0xc0 | cp >> 6);
		out[1] = (unsigned char)(0x80 | (cp & 63));
		d->out += 2;
	} else if (cp < 0x10000) {
		out[0] = (unsigned char)(0xe0 | cp >> 12);
		out[1] = (unsigned char)(0x80 | (cp >> 6 & 63));
		out[2] = (unsigned char)(0x80 | (cp & 63));
		d->out += 3;
	} else {
		out[0] = (unsigned char)(0xf0 | cp >> 18);
		out[1] = (unsigned char)(0x80 | (cp >> 12 & 63));
		out[2] = (unsigned char)(0x80 | (cp >> 6 & 63));
		out[3] = (unsigned char)(0x80 | (cp & 63));
		d->out += 4;
	}
}

/* One malformed sequence. */
static inline void pm_decoder_bad(struct pm_decoder *d)
{
	d->errors++;
	pm_decoder_put(d, 0xfffd);
}

#endif
