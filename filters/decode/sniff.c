#include "filters/decode/sniff.h"

#include "core/utf8.h"
#include "filters/decode/guess.h"
#include "filters/decode/prescan.h"

/* One fault in this many bytes, or more, and the declaration is not believed. */
enum { BYTES_PER_ERROR = 1000 };

/* UTF-8 with faults is still UTF-8 when this many characters beyond ASCII are sound for each. By
 * chance, in other encodings, hardly one pair in twenty looks sound. */
enum { SOUND_PER_ERROR = 16 };

enum { HTTP, META, XML, DECLARATIONS };
static const char *const rules[] = { [HTTP] = "http", [META] = "meta", [XML] = "xml" };

struct sniffer {
	struct pm_slice body;
	struct pm_arena *arena;
	enum pm_charset declared[DECLARATIONS];         /* as the labels say */
	struct pm_sniffed *found;
};

static bool known(struct pm_slice label)
{
	return pm_charset_find(label) != PM_CHARSET_NONE;
}

static bool is_utf16(enum pm_charset charset)
{
	return charset == PM_CHARSET_UTF_16LE || charset == PM_CHARSET_UTF_16BE;
}

static void decide(struct sniffer *s, enum pm_charset charset, const char *rule)
{
	s->found->charset = charset;
	s->found->rule = rule;
}

static bool by_bom(struct sniffer *s)
{
	const char *p = s->body.ptr;
	size_t len = s->body.len, bom = 2;
	enum pm_charset charset;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		charset = PM_CHARSET_UTF_8;
		bom = 3;
	} else if (len >= 2 && memcmp(p, "\xff\xfe", 2) == 0) {
		charset = PM_CHARSET_UTF_16LE;
	} else if (len >= 2 && memcmp(p, "\xfe\xff", 2) == 0) {
		charset = PM_CHARSET_UTF_16BE;
	} else {
		return false;
	}
	decide(s, charset, "bom");
	s->found->rest = pm_slice(p + bom, len - bom);
	if (charset == PM_CHARSET_UTF_8)
		s->found->valid = pm_utf8_valid(s->found->rest) == s->found->rest.len;
	return true;
}

/* An XML declaration in UTF-16 without a mark, as HTML's prescan has it. */
static enum pm_charset utf16_xml(struct pm_slice s)
{
	if (s.len >= 6 && memcmp(s.ptr, "<\0?\0x\0", 6) == 0)
		return PM_CHARSET_UTF_16LE;
	if (s.len >= 6 && memcmp(s.ptr, "\0<\0?\0x", 6) == 0)
		return PM_CHARSET_UTF_16BE;
	return PM_CHARSET_NONE;
}

/* Two-byte units whose high byte is 0 and low byte is not, by where the high byte stands. Half of a
 * page's markup is such units in the one order, hardly any in the other. */
static void count_utf16(struct pm_slice s, size_t *big, size_t *little)
{
	enum { LOOK = 4096 };   /* bytes */
	size_t len = s.len < LOOK ? s.len : LOOK;

	*big = *little = 0;
	for (size_t i = 0; i + 1 < len; i += 2) {
		*big += s.ptr[i] == 0 && s.ptr[i + 1] != 0;
		*little += s.ptr[i] != 0 && s.ptr[i + 1] == 0;
	}
}

static bool by_utf16(struct sniffer *s, enum pm_charset declared, const char *rule)
{
	size_t big, little, units, more;

	count_utf16(s->body, &big, &little);
	units = (s->body.len < 4096 ? s->body.len : 4096) / 2;
	more = big > little ? big : little;
	/* One unit in sixteen: text with few spaces, and not a stray NUL. */
	if (units == 0 || more * 16 < units || (big * 4 > little && little * 4 > big))
		return false;
	/* The order that the bytes show wins over the label's. */
	declared = big > little ? PM_CHARSET_UTF_16BE : PM_CHARSET_UTF_16LE;
	decide(s, declared, rule);
	return true;
}

/* ISO-2022-JP is ASCII to the eye: an escape that announces kanji or kana, and no byte beyond. */
static bool iso_2022_jp_borne_out(struct pm_slice s)
{
	const char *end = s.ptr + s.len, *at = memchr(s.ptr, 0x1b, s.len);
	bool announced = false;

	for (; at && end - at > 2; at = memchr(at + 1, 0x1b, (size_t)(end - at - 1)))
		announced = announced || (at[1] == '$' && (at[2] == 'B' || at[2] == '@')) ||
			    (at[1] == '(' && (at[2] == 'I' || at[2] == 'J'));
	if (!announced)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* What meta and XML say is looked for only where it can matter. */
static void read_page_declarations(struct sniffer *s)
{
	s->declared[META] = pm_charset_find(pm_prescan_meta(s->body, known));
	s->declared[XML] = pm_charset_find(pm_prescan_xml(s->body));
}

static bool by_special(struct sniffer *s)
{
	enum pm_charset xml = utf16_xml(s->body);

	if (is_utf16(s->declared[HTTP]) && by_utf16(s, s->declared[HTTP], rules[HTTP]))
		return true;
	if (xml != PM_CHARSET_NONE && by_utf16(s, xml, rules[XML]))
		return true;
	if (!iso_2022_jp_borne_out(s->body))
		return false;
	read_page_declarations(s);
	for (size_t i = 0; i < DECLARATIONS; i++) {
		if (s->declared[i] == PM_CHARSET_ISO_2022_JP) {
			decide(s, PM_CHARSET_ISO_2022_JP, rules[i]);
			return true;
		}
	}
	return false;
}

/* All of `s` is the start of a character that was cut off. */
static bool is_cut(struct pm_slice s)
{
	const char *at = s.ptr, *end = s.ptr + s.len;
	unsigned char lead = (unsigned char)*s.ptr;

	/* A maximal subpart that begins with a lead byte and reaches the end lacks its rest. */
	return lead >= 0xc2 && lead <= 0xf4 && pm_utf8_next(&at, end) == PM_UTF8_BAD && at == end;
}

static bool by_utf8(struct sniffer *s)
{
	struct pm_slice body = s->body, rest = body;
	size_t errors = 0, sound = 0, ahead;

	ahead = pm_utf8_valid(rest);
	if (ahead == body.len) {
		decide(s, PM_CHARSET_UTF_8, "utf-8");
		s->found->valid = true;
		return true;
	}
	while (rest.len) {
		const char *at;

		for (size_t i = 0; i < ahead; i++)
			sound += (unsigned char)rest.ptr[i] >= 0xc0;
		rest = pm_slice(rest.ptr + ahead, rest.len - ahead);
		if (rest.len == 0 || is_cut(rest))
			break;
		/* Sound characters that are still to come can make good for no more than this. */
		if (++errors * SOUND_PER_ERROR > sound + rest.len / 2)
			return false;
		at = rest.ptr;
		(void)pm_utf8_next(&at, rest.ptr + rest.len);
		rest.len -= (size_t)(at - rest.ptr);
		rest.ptr = at;
		ahead = pm_utf8_valid(rest);
	}
	if (errors * SOUND_PER_ERROR > sound && !(errors == 1 && sound > 1))
		return false;
	if (errors == 0 && sound == 0 && body.len < BYTES_PER_ERROR)
		return false;   /* a short text that ends in one foreign byte says nothing */
	decide(s, PM_CHARSET_UTF_8, "utf-8");
	return true;
}

/* Controls of 80 to 9F, which stand where an encoding has nothing better: no text has them. */
static size_t count_controls(struct pm_slice text)
{
	const char *at = text.ptr, *end = at + text.len;
	size_t n = 0;

	while (end - at > 1 && (at = memchr(at, 0xc2, (size_t)(end - at) - 1)) != NULL) {
		at++;
		n += (unsigned char)*at < 0xa0;
	}
	return n;
}

static bool ends_bad(struct pm_slice text)
{
	return text.len >= 3 && memcmp(text.ptr + text.len - 3, "\xef\xbf\xbd", 3) == 0;
}

static size_t count_foreign(struct pm_slice s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += (unsigned char)s.ptr[i] >> 7;
	return n;
}

/* Few faults for the page's length; and, so that much markup can't hide it, for what there was to
 * decode, unless they are as few as accidents are. */
static bool few(size_t errors, struct pm_slice body)
{
	enum { ACCIDENTS = 2, FOREIGN_PER_ERROR = 8 };

	if (errors == 0)
		return true;
	return errors * BYTES_PER_ERROR < body.len &&
	       (errors <= ACCIDENTS || errors * FOREIGN_PER_ERROR < count_foreign(body));
}

/* Decodes as declared and keeps the result if it is good. -1: the arena is full. */
static int try_declared(struct sniffer *s, enum pm_charset charset)
{
	size_t errors;
	struct pm_slice text = pm_charset_decode(charset, s->body, s->arena, &errors);

	if (text.ptr == NULL)
		return -1;
	if (errors && ends_bad(text))
		errors--;       /* a character that was cut off */
	if (charset >= PM_CHARSET_IBM866 && charset <= PM_CHARSET_X_USER_DEFINED)
		errors += count_controls(text);
	if (few(errors, s->body)) {
		s->found->text = text;
		return 1;
	}
	pm_arena_trim(s->arena, (void *)(uintptr_t)text.ptr, 0);
	return 0;
}

/* What a label stands for in a page that is no UTF-16 to the eye: HTML 13.2.3.2. */
static enum pm_charset as_html(enum pm_charset charset)
{
	if (is_utf16(charset))
		return PM_CHARSET_UTF_8;
	if (charset == PM_CHARSET_X_USER_DEFINED)
		return PM_CHARSET_WINDOWS_1252;
	return charset == PM_CHARSET_REPLACEMENT ? PM_CHARSET_NONE : charset;
}

/* 1: decided. 0: no declaration fits. -1: the arena is full. */
static int by_declaration(struct sniffer *s)
{
	read_page_declarations(s);
	for (size_t i = 0; i < DECLARATIONS; i++) {
		enum pm_charset charset = as_html(s->declared[i]);
		bool again = false;
		int fits;

		s->declared[i] = charset;
		for (size_t k = 0; k < i; k++)
			again = again || s->declared[k] == charset;
		if (charset == PM_CHARSET_NONE || again)
			continue;
		fits = try_declared(s, charset);
		if (fits > 0)
			decide(s, charset, rules[i]);
		if (fits != 0)
			return fits;
	}
	return 0;
}

static void by_guess(struct sniffer *s)
{
	char sample[PM_GUESS_SAMPLE];
	size_t len = pm_guess_sample(s->body, sample);
	enum pm_charset best = pm_guess(pm_slice(sample, len), s->declared, DECLARATIONS);

	if (best == PM_CHARSET_NONE)
		decide(s, PM_CHARSET_WINDOWS_1252, "fallback");
	else
		decide(s, best, "guess");
}

bool pm_sniff(struct pm_slice body, struct pm_slice content_type, struct pm_arena *a,
	      struct pm_sniffed *found)
{
	struct sniffer s = { .body = body, .arena = a, .found = found };
	int declared;

	*found = (struct pm_sniffed){ .rest = body };
	if (body.len == 0) {
		decide(&s, PM_CHARSET_UTF_8, "utf-8");
		found->valid = true;
		return true;
	}
	if (by_bom(&s))
		return true;
	s.declared[HTTP] = pm_charset_find(pm_prescan_type(content_type));
	if (by_special(&s) || by_utf8(&s))
		return true;
	declared = by_declaration(&s);
	if (declared == 0)
		by_guess(&s);
	return declared >= 0;
}
