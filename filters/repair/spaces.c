/* Spaces that are missing behind punctuation. Between scripts without case nothing is missing. */
#include <string.h>

#include "core/simd.h"
#include "filters/repair/steps.h"

/* A run without white space, looked at once. */
struct chunk {
	const char *end;
	bool odd;               /* an address, a path, code */
	unsigned commas;        /* with a letter right behind */
};

enum { COMMAS_MAX = 3, MARKS_MAX = 60 };        /* more in one run: a list for machines */

static bool white(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static void look(struct chunk *c, const char *p, const char *end)
{
	unsigned marks = 0;
	bool colon = false, slash = false;

	c->odd = false;
	c->commas = 0;
	for (; p < end && !white(*p); p++) {
		unsigned char next = end - p > 1 ? (unsigned char)p[1] : ' ';

		switch (*p) {
		case '@':
		case '#':
		case '_':
		case '\\':
		case '=':
		case '{':
		case '}':
		case '<':
		case '>': c->odd = true; break;
		case '/':
			c->odd |= next == '/';
			slash = colon;
			break;
		case ':':
			colon = true;
			break;
		case ';':
			/* "data:image/png;base64," */
			c->odd |= slash;
			break;
		case '.':
			c->odd |= pm_within((char)next, 'a', 26) || ++marks > MARKS_MAX;
			break;
		case ',':
			c->odd |= ++marks > MARKS_MAX;
			c->commas += next >= 0x80 || pm_is_cased(pm_letter(next));
			break;
		default:
			break;
		}
	}
	c->end = p;
}

static size_t count_chars(struct pm_slice s)
{
	return pm_utf8_count(s);
}

static bool in_list(struct pm_slice word, const char *const *list)
{
	for (; *list; list++)
		if (pm_slice_is_nocase(word, *list))
			return true;
	return false;
}

/* Short forms that are written with a full stop before a name or a noun. */
static bool abbreviation(struct pm_slice word)
{
	static const char *const list[] = {
		"mr", "mrs", "ms", "dr", "prof", "st", "sr", "sra", "jr", "gen", "col", "lt", "gov",
		"sen", "rep", "capt", "sgt", "maj", "cmdr", "adm", "rev", "hon", "nr", "vol", "ed",
		"inc", "ltd", "co", "corp", "vs", "fig", "ing", "dipl", "mag", "bzw", "usw", "mme",
		"mlle", "av", "bd", "ste", "str", "art", "abs", "hl", "pp", "ph", "op", "cf", "ca",
		"geb", "dott", "sig", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
		"sept", "oct", "nov", "dec", NULL
	};

	return in_list(word, list);
}

/* Endings of hosts and files that look like the beginning of a sentence when
 * they are capitalised. */
static bool ending(struct pm_slice word)
{
	static const char *const list[] = {
		"com", "net", "org", "gov", "edu", "io", "uk", "de", "ru", "fr", "tv", "js", "info",
		"eu", "jpg", "jpeg", "png", "gif", "pdf", "doc", "docx", "xls", "xlsx", "ppt",
		"html", "htm", "php", "asp", "aspx", "css", "mp3", "mp4", "zip", "exe", "txt",
		"csv", "xml", "json", "md", "dll", "py", "cpp", "svg", "epub", "gz", "sh", "bat",
		"ini", "cfg", "sql", "mkv", "avi", NULL
	};

	return in_list(word, list);
}

static bool month(struct pm_slice word)
{
	static const char *const list[] = {
		"january", "february", "march", "april", "may", "june", "july", "august", "september",
		"october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
		"sep", "sept", "oct", "nov", "dec", NULL
	};

	return in_list(word, list);
}

static bool digit(uint32_t cp)
{
	return cp - '0' < 10;
}

/* "July 12,2025": `p` is the comma. */
static bool date(const char *p, const char *begin, const char *end)
{
	const char *q = p;

	while (q > begin && p - q < 3 && digit((unsigned char)q[-1]))
		q--;
	if (p - q < 1 || p - q > 2 || q == begin || q[-1] != ' ')
		return false;
	if (!month(pm_word_before(q - 1, begin)))
		return false;
	return end - p > 4 && (memcmp(p + 1, "19", 2) == 0 || memcmp(p + 1, "20", 2) == 0) &&
	       digit((unsigned char)p[3]) && digit((unsigned char)p[4]) &&
	       !digit(pm_char_at(p + 5, end));
}

static bool closing(uint32_t cp)
{
	return cp == ')' || cp == ']' || cp == '%' || cp == 0x201d || cp == 0x2019 || cp == 0xbb;
}

/* Whether `p` stands behind a call's brackets, "list.get(a, b)": prose has a
 * space before brackets, or one of these endings in them. */
static bool call(const char *p, const char *begin)
{
	enum { BACK = 80 };
	static const char *const endings[] = { "s", "es", "n", "en", "e", "in", "innen" };
	const char *close = p - 1, *open = close;

	if (p == begin || *close != ')')
		return false;
	while (open > begin && close - open < BACK && *open != '(')
		open--;
	if (*open != '(' || open == begin ||
	    !(pm_is_cased(pm_letter((unsigned char)open[-1])) || open[-1] == '_'))
		return false;
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (pm_slice_is(pm_slice(open + 1, (size_t)(close - open - 1)), endings[i]))
			return false;
	return true;
}

/* The word in front of the punctuation, and what it is made of. */
struct left {
	struct pm_slice word;
	size_t chars;
	uint32_t last;          /* the character right before the punctuation */
	uint32_t before;        /* the one before the word */
	bool upper;             /* begins with a capital */
	bool shouted;           /* and ends with one */
};

static struct left left_of(const char *p, const char *begin)
{
	struct left l = { .last = pm_char_before(p, begin) };

	l.word = pm_word_before(p, begin);
	if (l.word.len) {
		l.chars = count_chars(l.word);
		l.before = pm_char_before(l.word.ptr, begin);
		l.upper = pm_letter(pm_char_at(l.word.ptr, p)) == PM_LETTER_UPPER;
		l.shouted = l.upper && pm_letter(l.last) == PM_LETTER_UPPER;
	}
	return l;
}

/* The word behind it. */
struct right {
	struct pm_slice word;
	size_t chars;
	bool upper;             /* begins with a capital */
	bool shouted;           /* and goes on with one */
	bool mixed;             /* has one behind a small letter */
	bool ends;              /* as a word of a sentence does */
};

/* Behind a word of a sentence comes a space and no operator, or a mark of the sentence's. */
static bool sentence_goes_on(const char *p, const char *end)
{
	uint32_t cp = pm_char_at(p, end);

	if (cp == ' ')
		return end - p < 2 || !strchr("=[{<>+*/|", p[1]);
	return cp == 0 || cp == '\n' || cp == '\t' || cp == ',' || cp == ';' || cp == '-' ||
	       cp == '\'' || cp == '"' || cp == '?' || cp == '!' || cp == ':' || cp == '.' ||
	       cp == 0x2019 || cp == 0x2018 || cp == 0x201d || cp == 0x201c || cp == 0x2014 ||
	       cp == 0x2013 || cp == 0xbb;
}

static struct right right_of(const char *p, const char *end)
{
	struct right r = { .word = pm_word_at(p, end) };
	const char *q = r.word.ptr, *stop = q + r.word.len;

	if (r.word.len == 0)
		return r;
	r.chars = count_chars(r.word);
	r.upper = pm_letter(pm_utf8_next(&q, stop)) == PM_LETTER_UPPER;
	r.shouted = q < stop && pm_letter(pm_char_at(q, stop)) == PM_LETTER_UPPER;
	for (enum pm_letter last = PM_LETTER_NOT; q < stop;) {
		enum pm_letter kind = pm_letter(pm_utf8_next(&q, stop));

		r.mixed |= kind == PM_LETTER_UPPER && last == PM_LETTER_LOWER;
		last = kind;
	}
	r.ends = sentence_goes_on(stop, end);
	return r;
}

/* "talks,held", "2025,labeling": not "1,5", "A,B" or "x,y". */
static bool after_comma(const struct left *l, const struct right *r, const struct chunk *c,
			const char *p, const char *begin, const char *end)
{
	if (digit(l->last) && digit(pm_char_at(p + 1, end)))
		return date(p, begin, end);
	if (c->commas > COMMAS_MAX)
		return false;
	if (!r->word.len)
		return false;
	/* Greek "ό,τι" is one word. */
	if (l->chars == 1 && pm_slice_is(r->word, "τι"))
		return false;
	if (l->word.len)
		return (l->chars > 1 || r->chars > 1) && !(l->shouted && r->shouted);
	return r->chars > 1 && (digit(l->last) || closing(l->last));
}

/* Whether the page has this word by itself, as a word of a sentence. */
static bool on_page(const struct pm_repair *r, struct pm_slice word)
{
	const struct pm_word *found = pm_words_find(r->words, pm_word_hash(word));

	return found && found->lower + found->name + found->first > 0;
}

/* A letter that is a word in some language, and can begin a sentence: "A", "I", "Y", "О". */
static bool letter_word(struct pm_slice word)
{
	return word.len > 1 || memchr("AIOEYUWZ", *word.ptr, 8) != NULL;
}

/* Whether the dot is the name's own: "context.Context", "resp.Body" with nothing before it,
 * "Fal.Con" on a page that has it again, any on a page of programs. */
static bool member(const struct pm_repair *re, const struct left *l, const struct right *r)
{
	uint32_t left = pm_word_hash(l->word), right = pm_word_hash(r->word);
	const struct pm_word *again = pm_words_find(re->words, pm_joint_hash(left, right));

	if (left == right || (l->upper && again && again->other > 1))
		return true;
	if (!l->upper &&
	    (l->before == 0 || (l->before < 0x80 && strchr("\n\t([{\"", (int)l->before))))
		return true;
	return re->words && re->words->calls && !pm_is_function(right);
}

/* "scrutiny.Choe": not "U.S.Policy", "J.R.R.Tolkien", "Dr.Smith", "Node.Js" or "System.Out". */
static bool after_stop(const struct pm_repair *re, const struct left *l, const struct right *r)
{
	if (!r->word.len || !r->upper || r->mixed || !r->ends)
		return false;
	if (ending(r->word) || (l->word.len && (abbreviation(l->word) || l->before == '.')))
		return false;
	if (!l->word.len)
		return (closing(l->last) || digit(l->last)) && r->chars > 1 && !r->shouted &&
		       (closing(l->last) || pm_is_function(pm_word_hash(r->word)));
	if (l->chars < 2 || l->before == '.' || digit(l->before) || member(re, l, r))
		return false;
	if (r->chars == 1)
		return !l->upper && l->chars > 2 && letter_word(r->word);
	if (!l->upper)
		return !r->shouted || l->chars > 2;
	/* Between two capitals a dot may be a name's own: the page says which. */
	return !r->shouted && l->chars > 2 && re->words &&
	       (pm_is_function(pm_word_hash(r->word)) ||
		(on_page(re, r->word) && on_page(re, l->word)));
}

/* "what?The", "reasons:The", "done;the": not "10:30", "std::x", "Leser:innen" or "EU:n". */
static bool after_other(char c, const struct left *l, const struct right *r)
{
	if (!r->word.len || !l->last || l->last == '?' || l->last == '!')
		return false;
	if (c == '?' || c == '!')
		return r->upper && (l->chars > 1 || closing(l->last) || digit(l->last)) &&
		       r->ends && !r->mixed;
	if (l->chars < 3 && !closing(l->last) && !(c == ';' && digit(l->last)))
		return false;
	if (c == ';')
		return r->chars > 1 && l->before != '&' && l->before != '#' && l->before != ';';
	/* Exchanges, namespaces and brands have a colon inside: "NASDAQ:X",
	 * "Toolkit:Y", "Dry:Z". */
	return r->upper && !r->shouted && r->chars > 1 && l->word.len && l->before != ':' &&
	       r->ends && !r->mixed && (!l->upper || pm_is_function(pm_word_hash(r->word)));
}

/* A quotation that follows without a space: whether it opens here, by the marks of its line. */
struct quotes {
	const char *at;         /* the line was followed up to here */
	bool straight, low, high;       /* inside one of them */
};

static void follow(struct quotes *q, const char *to)
{
	for (; q->at < to; q->at++) {
		const unsigned char *b = (const unsigned char *)q->at;

		if (*b == '\n' || *b == '\t')
			q->straight = q->low = q->high = false;
		else if (*b == '"')
			q->straight = !q->straight;
		else if (*b == 0xe2 && to - q->at > 2 && b[1] == 0x80) {
			q->low |= b[2] == 0x9e;
			if (b[2] == 0x9c) {
				q->high = !q->low;
				q->low = false;
			} else if (b[2] == 0x9d) {
				q->high = false;
			}
		}
	}
}

/* Where the space belongs when a double mark stands at `p` between punctuation and a letter: before
 * it, behind it, or (NULL) nowhere. */
static const char *beside_quote(const struct quotes *q, const char *p, const char *end)
{
	uint32_t mark = pm_char_at(p, end);
	const char *behind = p + (mark == '"' ? 1 : 3);

	switch (mark) {
	case '"':
		return q->straight ? behind : NULL;
	case 0x201c:
		return q->low ? behind : p;
	case 0x201d:
		return q->high ? behind : NULL;
	default:
		return NULL;
	}
}

static bool between_words(const char *p, const char *begin, const char *behind, const char *end)
{
	return pm_is_cased(pm_letter(pm_char_before(p, begin))) &&
	       pm_is_cased(pm_letter(pm_char_at(behind, end)));
}

static void insert(struct pm_repair *r, const char *at)
{
	pm_edit_replace(&r->edit, at, 0, PM_LIT(" "));
	r->count[PM_REPAIR_SPACES]++;
}

static bool missing(const struct pm_repair *r, const struct chunk *c, const char *p,
		    const char *begin, const char *end)
{
	struct left left;
	struct right right;
	enum pm_letter next = pm_letter(pm_char_at(p + 1, end));

	if (c->odd || call(p, begin))
		return false;
	left = left_of(p, begin);
	if (*p == '.' && left.word.len && left.chars < 2)
		return false;
	right = right_of(p + 1, end);
	if (next == PM_LETTER_OTHER || next == PM_LETTER_MARK ||
	    pm_letter(left.last) == PM_LETTER_OTHER || (left.word.len && left.before == '&'))
		return false;
	switch (*p) {
	case ',':
		return after_comma(&left, &right, c, p, begin, end);
	case '.':
		return after_stop(r, &left, &right);
	default:
		return after_other(*p, &left, &right);
	}
}

static bool is_mark(char c)
{
	return c == ',' || c == '.' || c == ';' || c == ':' || c == '!' || c == '?';
}

/* The next mark that has something other than white space behind it, from
 * `p` on; NULL: none is left. */
static const char *next_mark(const char *p, const char *end)
{
#if PM_SSE2
	while (!pm_portable && end - p > 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)p);
		__m128i y = _mm_loadu_si128((const __m128i *)(p + 1));
		__m128i colon = _mm_sub_epi8(x, _mm_set1_epi8(':'));
		__m128i low = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(',')),
					   _mm_cmpeq_epi8(x, _mm_set1_epi8('.')));
		__m128i call = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('!')),
					    _mm_cmpeq_epi8(x, _mm_set1_epi8('?')));
		__m128i mark = _mm_or_si128(low, call);
		int found;

		/* ":" and ";" are neighbours; so are the bytes up to a space. */
		mark = _mm_or_si128(mark,
				    _mm_cmpeq_epi8(_mm_min_epu8(colon, _mm_set1_epi8(1)), colon));
		mark = _mm_andnot_si128(_mm_cmpeq_epi8(_mm_min_epu8(y, _mm_set1_epi8(' ')), y),
					mark);
		found = _mm_movemask_epi8(mark);
		if (found)
			return p + __builtin_ctz((unsigned)found);
		p += 16;
	}
#endif
	for (; end - p > 1; p++)
		if (is_mark(*p) && (unsigned char)p[1] > ' ')
			return p;
	return NULL;
}

void pm_repair_spaces(struct pm_repair *r, const char *p, const char *end)
{
	const char *begin = p;
	struct chunk chunk = { .end = p };
	struct quotes quotes = { .at = p };

	for (; (p = next_mark(p, end)) != NULL; p++) {
		const char *beside;

		if (p >= chunk.end) {
			const char *from = p;

			while (from > chunk.end && !white(from[-1]))
				from--;
			look(&chunk, from, end);
		}
		if (p == begin)
			continue;
		if (p[1] == '"' || (unsigned char)p[1] == 0xe2) {
			follow(&quotes, p + 1);
			beside = beside_quote(&quotes, p + 1, end);
			if (beside && !chunk.odd &&
			    between_words(p, begin, p + 1 + (p[1] == '"' ? 1 : 3), end))
				insert(r, beside);
			continue;
		}
		if (missing(r, &chunk, p, begin, end))
			insert(r, p + 1);
	}
}
