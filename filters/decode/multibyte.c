/* The decoders of East Asia. A lead byte whose trail does not fit is one fault; a trail that is
 * ASCII is then read again, so that a broken character never swallows markup. */
#include "filters/decode/decoder.h"
#include "filters/decode/tables.h"

static bool in_range(unsigned b, unsigned low, unsigned high)
{
	return b - low <= high - low;
}

/* The pair at d->in (two bytes at least) is no character. */
static void bad_pair(struct pm_decoder *d)
{
	d->in += d->in[1] < 0x80 ? 1 : 2;
	pm_decoder_bad(d);
}

static void put_pair(struct pm_decoder *d, uint32_t cp)
{
	if (cp == 0) {
		bad_pair(d);
		return;
	}
	d->in += 2;
	pm_decoder_put(d, cp);
}

/* The input ends inside a character: what is there of it is one fault. */
static void bad_tail(struct pm_decoder *d)
{
	d->in = d->end;
	pm_decoder_bad(d);
}

static void bad_byte(struct pm_decoder *d)
{
	d->in++;
	pm_decoder_bad(d);
}

static uint32_t gb_four(const unsigned char *at)
{
	uint32_t pointer = ((at[0] - 0x81u) * 10 + at[1] - 0x30u) * 1260 + (at[2] - 0x81u) * 10 +
			   at[3] - 0x30u;
	size_t low = 0, high = PM_GB_RANGES;

	if (pointer == 7457)
		return 0xe7c7;
	if (pointer >= 189000 && pointer <= 1237575)
		return pointer - 189000 + 0x10000;
	if (pointer >= PM_GB_BMP)
		return 0;
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (pm_gb_ranges[mid].pointer <= pointer)
			low = mid;
		else
			high = mid;
	}
	return pm_gb_ranges[low].cp + pointer - pm_gb_ranges[low].pointer;
}

/* Four bytes of which the second is a digit. */
static void gb_long(struct pm_decoder *d)
{
	size_t left = (size_t)(d->end - d->in);
	uint32_t cp;

	if (left > 2 && !in_range(d->in[2], 0x81, 0xfe)) {
		bad_byte(d);
		return;
	}
	if (left < 4) {
		bad_tail(d);
		return;
	}
	if (!in_range(d->in[3], 0x30, 0x39)) {
		bad_byte(d);
		return;
	}
	cp = gb_four(d->in);
	d->in += 4;
	if (cp == 0)
		pm_decoder_bad(d);
	else
		pm_decoder_put(d, cp);
}

void pm_decode_gb18030(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		unsigned lead = *d->in, trail;

		if (lead < 0x80) {
			pm_decoder_ascii(d);
		} else if (lead == 0x80) {
			d->in++;
			pm_decoder_put(d, 0x20ac);
		} else if (lead == 0xff) {
			bad_byte(d);
		} else if (d->end - d->in < 2) {
			bad_tail(d);
		} else if (trail = d->in[1], in_range(trail, 0x30, 0x39)) {
			gb_long(d);
		} else if (trail < 0x40 || trail == 0x7f || trail == 0xff) {
			bad_pair(d);
		} else {
			put_pair(d, pm_charset_gb18030[(lead - 0x81) * 190 + trail -
						       (trail < 0x7f ? 0x40 : 0x41)]);
		}
	}
}

/* The four pointers that stand for a letter and a combining mark. */
static bool big5_marked(struct pm_decoder *d, unsigned pointer)
{
	if (pointer != 1133 && pointer != 1135 && pointer != 1164 && pointer != 1166)
		return false;
	d->in += 2;
	pm_decoder_put(d, pointer < 1164 ? 0xca : 0xea);
	pm_decoder_put(d, pointer == 1133 || pointer == 1164 ? 0x304 : 0x30c);
	return true;
}

void pm_decode_big5(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		unsigned lead = *d->in, trail, pointer;
		uint32_t cp;

		if (lead < 0x80) {
			pm_decoder_ascii(d);
			continue;
		}
		if (lead == 0x80 || lead == 0xff) {
			bad_byte(d);
			continue;
		}
		if (d->end - d->in < 2) {
			bad_tail(d);
			continue;
		}
		trail = d->in[1];
		if (!in_range(trail, 0x40, 0x7e) && !in_range(trail, 0xa1, 0xfe)) {
			bad_pair(d);
			continue;
		}
		pointer = (lead - 0x81) * 157 + trail - (trail < 0x7f ? 0x40 : 0x62);
		if (big5_marked(d, pointer))
			continue;
		cp = pm_charset_big5[pointer];
		if (pm_charset_big5_plane2[pointer / 8] >> (pointer % 8) & 1)
			cp += 0x20000;
		put_pair(d, cp);
	}
}

void pm_decode_euc_kr(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		unsigned lead = *d->in, trail;

		if (lead < 0x80)
			pm_decoder_ascii(d);
		else if (lead == 0x80 || lead == 0xff)
			bad_byte(d);
		else if (d->end - d->in < 2)
			bad_tail(d);
		else if (trail = d->in[1], !in_range(trail, 0x41, 0xfe))
			bad_pair(d);
		else
			put_pair(d, pm_charset_euc_kr[(lead - 0x81) * 190 + trail - 0x41]);
	}
}

/* JIS X 0212 behind 8F; two bytes at least. */
static void euc_jp_long(struct pm_decoder *d)
{
	uint32_t cp = 0;

	if (!in_range(d->in[1], 0xa1, 0xfe)) {
		bad_pair(d);
		return;
	}
	if (d->end - d->in < 3) {
		bad_tail(d);
		return;
	}
	if (in_range(d->in[2], 0xa1, 0xfe))
		cp = pm_charset_jis0212[(d->in[1] - 0xa1) * 94 + d->in[2] - 0xa1];
	d->in += cp == 0 && d->in[2] < 0x80 ? 2 : 3;
	if (cp == 0)
		pm_decoder_bad(d);
	else
		pm_decoder_put(d, cp);
}

void pm_decode_euc_jp(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		unsigned lead = *d->in, trail;

		if (lead < 0x80) {
			pm_decoder_ascii(d);
			continue;
		}
		if (lead != 0x8e && lead != 0x8f && !in_range(lead, 0xa1, 0xfe)) {
			bad_byte(d);
			continue;
		}
		if (d->end - d->in < 2) {
			bad_tail(d);
			continue;
		}
		trail = d->in[1];
		if (lead == 0x8f)
			euc_jp_long(d);
		else if (lead == 0x8e)
			put_pair(d, in_range(trail, 0xa1, 0xdf) ? 0xff61 - 0xa1 + trail : 0);
		else if (in_range(trail, 0xa1, 0xfe))
			put_pair(d, pm_charset_jis0208[(lead - 0xa1) * 94 + trail - 0xa1]);
		else
			bad_pair(d);
	}
}

void pm_decode_shift_jis(struct pm_decoder *d)
{
	while (d->in < d->end && d->out <= d->full) {
		unsigned lead = *d->in, trail, pointer;

		if (lead < 0x80) {
			pm_decoder_ascii(d);
			continue;
		}
		if (lead == 0x80 || in_range(lead, 0xa1, 0xdf)) {
			d->in++;
			pm_decoder_put(d, lead == 0x80 ? 0x80 : 0xff61 - 0xa1 + lead);
			continue;
		}
		if (lead == 0xa0 || lead > 0xfc) {
			bad_byte(d);
			continue;
		}
		if (d->end - d->in < 2) {
			bad_tail(d);
			continue;
		}
		trail = d->in[1];
		if (trail < 0x40 || trail == 0x7f || trail > 0xfc) {
			bad_pair(d);
			continue;
		}
		pointer = (lead - (lead < 0xa0 ? 0x81 : 0xc1)) * 188;
		pointer += trail - (trail < 0x7f ? 0x40 : 0x41);
		/* The private area is counted, not listed. */
		if (in_range(pointer, 8836, 10715))
			put_pair(d, 0xe000 - 8836 + pointer);
		else
			put_pair(d, pm_charset_jis0208[pointer]);
	}
}

enum jis { ASCII, ROMAN, KATAKANA, KANJI };

/* At ESC: true when a known sequence follows, which is then read. */
static bool jis_escape(struct pm_decoder *d, enum jis *set)
{
	static const struct {
		char bytes[2];
		enum jis set;
	} known[] = {
		{ "(B", ASCII }, { "(J", ROMAN }, { "(I", KATAKANA }, { "$@", KANJI },
		{ "$B", KANJI },
	};

	if (d->end - d->in < 3)
		return false;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (memcmp(d->in + 1, known[i].bytes, 2) != 0)
			continue;
		*set = known[i].set;
		d->in += 3;
		return true;
	}
	return false;
}

/* One byte of a single-byte set; 0 is a fault unless the byte is NUL. */
static uint32_t jis_byte(enum jis set, unsigned b)
{
	if (set == KATAKANA)
		return in_range(b, 0x21, 0x5f) ? 0xff61 - 0x21 + b : 0;
	if (b >= 0x80 || b == 0x0e || b == 0x0f)
		return 0;
	if (set == ROMAN && b == 0x5c)
		return 0xa5;
	return set == ROMAN && b == 0x7e ? 0x203e : b;
}

static void jis_kanji(struct pm_decoder *d)
{
	unsigned lead = d->in[0], trail;
	uint32_t cp = 0;

	if (!in_range(lead, 0x21, 0x7e)) {
		bad_byte(d);
		return;
	}
	if (d->end - d->in < 2) {
		bad_tail(d);
		return;
	}
	trail = d->in[1];
	if (in_range(trail, 0x21, 0x7e))
		cp = pm_charset_jis0208[(lead - 0x21) * 94 + trail - 0x21];
	d->in += trail == 0x1b ? 1 : 2;
	if (cp == 0)
		pm_decoder_bad(d);
	else
		pm_decoder_put(d, cp);
}

void pm_decode_iso_2022_jp(struct pm_decoder *d)
{
	enum jis set = ASCII;
	bool escaped = false;   /* an escape with nothing behind it: the next one is a fault */

	while (d->in < d->end && d->out <= d->full) {
		uint32_t cp;

		if (*d->in == 0x1b) {
			if (!jis_escape(d, &set)) {
				escaped = false;
				bad_byte(d);
				continue;
			}
			if (escaped)
				pm_decoder_bad(d);
			escaped = true;
			continue;
		}
		escaped = false;
		if (set == KANJI) {
			jis_kanji(d);
			continue;
		}
		cp = jis_byte(set, *d->in);
		if (cp == 0 && (*d->in != 0 || set == KATAKANA)) {
			bad_byte(d);
			continue;
		}
		d->in++;
		if (cp < 0x80)
			*d->out++ = (unsigned char)cp;
		else
			pm_decoder_put(d, cp);
	}
}
