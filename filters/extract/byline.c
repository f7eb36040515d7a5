/* filters/extract/byline.c -- lines that name people, taken apart. */
#include "filters/extract/byline.h"

#include "core/utf8.h"
#include "filters/extract/byline_impl.h"
#include "filters/extract/date_impl.h"

/* -- words ----------------------------------------------------------------------------------------- */

static bool in_list(struct pm_slice word, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (pm_slice_is_nocase(word, list[i]))
			return true;
	return false;
}

/* The word at *i, of anything but spaces; *i moves behind it. Empty at the end. */
static struct pm_slice next_word(struct pm_slice s, size_t *i)
{
	size_t from;

	while (*i < s.len && s.ptr[*i] == ' ')
		++*i;
	for (from = *i; *i < s.len && s.ptr[*i] != ' '; ++*i)
		;
	return pm_slice(s.ptr + from, *i - from);
}

/* "C.J." and "Jr." keep their full stop. */
static bool is_abbreviation(struct pm_slice s)
{
	size_t n = s.len;

	if (n < 2 || s.ptr[n - 1] != '.')
		return false;
	if (n >= 3 && (memcmp(s.ptr + n - 3, "Jr.", 3) == 0 || memcmp(s.ptr + n - 3, "Sr.", 3) == 0))
		return true;
	return (unsigned char)(s.ptr[n - 2] - 'A') < 26 && (n == 2 || s.ptr[n - 3] == '.' || s.ptr[n - 3] == ' ');
}

/* An en dash or an em dash. */
static bool is_dash(const char *p, size_t left)
{
	return left >= 3 && memcmp(p, "\342\200", 2) == 0 && (p[2] == '\223' || p[2] == '\224');
}

/* Without marks at either end. */
struct pm_slice pm_byline_bare(struct pm_slice s)
{
	static const char marks[] = " ,;:|/.-*\"'()[]<>&+=_!#~`";

	while (s.len && (memchr(marks, s.ptr[0], sizeof(marks) - 1) || is_dash(s.ptr, s.len))) {
		size_t n = is_dash(s.ptr, s.len) ? 3 : 1;

		s.ptr += n;
		s.len -= n;
	}
	while (s.len && !is_abbreviation(s)) {
		if (s.len >= 3 && is_dash(s.ptr + s.len - 3, 3))
			s.len -= 3;
		else if (memchr(marks, s.ptr[s.len - 1], sizeof(marks) - 1))
			s.len--;
		else
			break;
	}
	return s;
}

static size_t count_words(struct pm_slice s)
{
	size_t i = 0, n = 0;

	while (next_word(s, &i).len)
		n++;
	return n;
}

/* -- what is no name ------------------------------------------------------------------------------- */

/* What somebody is, rather than who. */
static const char *const roles[] = {
	"editor", "editors", "reporter", "reporters", "writer", "writers", "correspondent", "correspondents",
	"contributor", "contributors", "columnist", "producer", "photographer", "journalist", "journalists", "analyst",
	"editor-in-chief", "redakteur", "redakteurin", "korrespondent", "korrespondentin", "reporterin",
	"chefredakteur", "chefredakteurin", "volont\303\244r", "volont\303\244rin", "autorin", "journaliste",
	"r\303\251dacteur", "r\303\251dactrice", "redactor", "redactora", "periodista", "corresponsal", "giornalista",
	"redacteur", "journalistin", "blogger", "intern", "fellow", "author", "publisher", "founder", "ceo",
	"director", "professor", "lecturer", "strategist", "specialist", "manager", "consultant", "redaktor",
	"dziennikarz", "head", "officer", "president", "chairman", "chairwoman", "chair", "ceo", "cto", "cofounder",
	"co-founder", "freelancer", "illustrator", "developer", "engineer", "scientist", "researcher", "expert",
	"\320\272\320\276\321\200\321\200\320\265\321\201\320\277\320\276\320\275\320\264\320\265\320\275\321\202",
	"\352\270\260\354\236\220", "\355\212\271\355\214\214\354\233\220", "\354\204\240\354\236\204\352\270\260\354\236\220",
	NULL
};

static const char *const role_helpers[] = {
	"staff", "senior", "chief", "contributing", "special", "guest", "associate", "managing", "deputy", "executive",
	"digital", "content", "lead", "national", "political", "politics", "health", "business", "news", "sports",
	"freelance", "assistant", "science", "technology", "tech", "environment", "education", "and", "in", "general",
	"assignment", "foreign", "international", "white", "house", "consumer", "marketing", "entertainment", "travel",
	"food", "features", "investigative", "breaking", "data", "web", "online", "the", "of", "&", "former",
	"economics", "finance", "opinion", "crime", "security", "social", "media", "audience", "weekend", "co", "at",
	"climate", "global", "technology", "vice", "office", "chief", "for", "principal", "independent", "copy",
	"product", "seo", "design", "guides", "reviews", "commerce", "shopping", "wellness", "fitness", "fashion", "beauty", "european", "europe", "asia", "us", "uk", "diplomatic", "home", "affairs", "our", "style",
	"lifestyle", "culture", "arts", "money", "markets", "research", "video", "multimedia", "junior", NULL
};

static const char *const credentials[] = {
	"md", "m.d", "phd", "ph.d", "ms", "ma", "msc", "m.sc", "bsc", "ba", "rd", "rdn", "ldn", "rn", "np", "pa-c", "do",
	"jd", "j.d", "mba", "mph", "esq", "cpa", "cfp", "cfa", "dds", "dmd", "dvm", "psyd", "lcsw", "lmft", "facp",
	"mfa", "med", "edd", "dpt", "cscs", "cpt", "pharmd", "fnp", "fand", "foma", "dabom", "lpc", "ea", "m.a", "m.s",
	"mpp", "cnm", "bsn", "msn", "aprn", "dnp", "mbbs", "frcp", "facc", "ph.d.", "phd.", NULL
};

/* "Jr." belongs to the name before it. */
static const char *const suffixes[] = { "jr", "jr.", "sr", "sr.", "ii", "iii", "iv", NULL };

static const char *const nobody[] = {
	"admin", "administrator", "editor", "staff", "guest", "unknown", "anonymous", "null", "none", "undefined", "n/a",
	"webmaster", "user", "author", "editorial", "redaktion", "newsroom", "follow", "share", "save", "comments",
	"updated", "published", "read more", "view profile", "email", "e-mail", "twitter", "facebook", "contact",
	"print", "true", "false", "more", "home", "about", "menu", "advertisement", "show more", "newsletter", "bio",
	"wordpress", "root", "test", "see more", "view all", "minutes", "all", "posts", "min read", "www", "linkedin",
	"instagram", "by", "written by", "posted by", "from", "von", "par", "por", "source", "story source", "opens in new window", "team", "here", "others", "more about", "full bio", "learn more", "agencies", "mehr", "edit history", "name", "full name", "your name", NULL
};

static bool is_address(struct pm_slice s)
{
	static const char *const tails[] = {
		".com", ".org", ".net", ".de", ".co.uk", ".fr", ".it", ".es", ".at", ".ch", ".io", ".ru", ".cn", ".php",
	};

	for (size_t i = 0; i + 2 < s.len; i++)
		if (memcmp(s.ptr + i, "://", 3) == 0)
			return true;
	if (memchr(s.ptr, '@', s.len) || (s.len > 4 && pm_slice_is_nocase(pm_slice(s.ptr, 4), "www.")))
		return true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++) {
		size_t n = strlen(tails[i]);

		if (s.len > n && pm_slice_is_nocase(pm_slice(s.ptr + s.len - n, n), tails[i]))
			return true;
	}
	return false;
}

static bool is_number(struct pm_slice word)
{
	for (size_t i = 0; i < word.len; i++)
		if ((unsigned char)(word.ptr[i] - '0') > 9)
			return false;
	return word.len > 0;
}

/* 26, 26th: what stands behind a month, or before it. */
static bool is_ordinal(struct pm_slice word)
{
	static const char *const tails[] = { "st", "nd", "rd", "th", NULL };

	if (word.len > 2 && in_list(pm_slice(word.ptr + word.len - 2, 2), tails))
		word.len -= 2;
	return is_number(word);
}

/* Names of Chinese, Japanese and Korean are one word. */
static bool is_far_east(struct pm_slice s)
{
	return s.len && (unsigned char)s.ptr[0] >= 0xe3;
}

/* Cuts what a name is followed by: roles, "in London", "for Reuters". Empty: nothing but a role. */
static struct pm_slice without_role(struct pm_slice s)
{
	static const char *const ends[] = {
		"in", "for", "at", "from", "aus", "f\303\274r", "vom", "about", "is", "bei", "pour", "para", "per",
		"im", "am", "on", "as", "contributed", "updated", "published", "via", "has", "was", "with", "w", "posted", "follow", "\303\240", NULL
	};
	size_t i = 0, n = 0, end, before = 0, role_from = 0;
	bool role = false, run = false, month = false;
	struct pm_slice word;

	for (; end = i, (word = next_word(s, &i)).len; n++) {
		struct pm_slice w = pm_byline_bare(word);
		bool is_role = in_list(w, roles), helper = is_role || in_list(w, role_helpers);

		if (n >= 2 && is_ordinal(w))
			return pm_byline_bare(pm_slice(s.ptr, month ? before : end));
		month = pm_date_month(w, (struct pm_slice){ 0 }) != 0;
		before = end;
		if (n == 1 && role && pm_slice_is_nocase(w, "of"))
			return PM_LIT("");
		/* "Bee123 on Friday", "Ann Follow": so far a word may be a name. */
		if (n == 1 && (pm_slice_is(word, "on") || pm_slice_is_nocase(word, "follow")))
			return pm_byline_bare(pm_slice(s.ptr, end));
		if (n >= 2 && in_list(word, ends) &&
		    ((unsigned char)(word.ptr[0] - 'a') < 26 || word.ptr[0] & 0x80 || pm_slice_is(word, "For")))
			return pm_byline_bare(pm_slice(s.ptr, end));
		if (!helper) {
			run = role = false;
			continue;
		}
		if (!run)
			role_from = n ? end : 0;
		run = true;
		role |= is_role;
	}
	if (role && run && (role_from == 0 || is_far_east(s) || count_words(pm_slice(s.ptr, role_from)) >= 2))
		return pm_byline_bare(pm_slice(s.ptr, role_from));
	return s;
}

/* News agencies that are written behind a name without a mark. */
static struct pm_slice without_agency(struct pm_slice s)
{
	static const char *const agencies[] = {
		" the associated press", " associated press", " reuters", " bloomberg news", " afp", " dpa",
	};

	for (size_t i = 0; i < sizeof(agencies) / sizeof(*agencies); i++) {
		size_t n = strlen(agencies[i]);

		if (s.len > n && pm_slice_is_nocase(pm_slice(s.ptr + s.len - n, n), agencies[i]) &&
		    count_words(pm_slice(s.ptr, s.len - n)) >= 2)
			return pm_byline_bare(pm_slice(s.ptr, s.len - n));
	}
	return s;
}

/* "Sun", "Sun Dec": of a date, not Sun Yat-sen. */
static bool is_weekday(struct pm_slice s)
{
	static const char *const days[] = {
		"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday",
		"thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
		"samstag", "sonntag", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", NULL
	};
	size_t i = 0;
	struct pm_slice day = next_word(s, &i), rest = pm_byline_bare(pm_slice(s.ptr + i, s.len - i));

	return in_list(pm_byline_bare(day), days) && (!rest.len || pm_date_month(rest, (struct pm_slice){ 0 }));
}

/* "Reported from Taipei", behind a name. */
static bool is_report(struct pm_slice s)
{
	static const char *const tails[] = { "\345\240\261\345\260\216", "\346\212\245\351\201\223" };

	for (size_t k = 0; k < 2; k++)
		if (s.len >= 6 && memcmp(s.ptr + s.len - 6, tails[k], 6) == 0)
			return true;
	return false;
}

static bool looks_like_name(struct pm_slice s, enum pm_byline_trust trust)
{
	static const char *const particles[] = {
		"de", "van", "von", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "bin", "al", "el",
		"ter", "ten", "zu", "y", "e", "af", "av", "des", "i", "of", NULL
	};
	static const char *const invites[] = {
		"zur", "zum", "mehr", "more", "alle", "all", "view", "see", "read", "about", "\303\274ber", "weitere", "follow",
		"jetzt", "show", "voir", "ver", "leggi", "lees", "get", "join", "share", "privacy", "updated", "updated:", "last", "posted",
		"published", "latest", "related", "edit", "terms", NULL
	};
	size_t i = 0, words = 0, digits = 0;
	struct pm_slice word;

	if (next_word(s, &i).len < s.len && in_list(pm_slice(s.ptr, i), invites) && trust != PM_BYLINE_STATED)
		return false;
	i = 0;
	for (size_t k = 0; k < s.len; k++)
		digits += (unsigned char)(s.ptr[k] - '0') < 10;
	if (s.len < 2 || s.len > 100 || digits > 3 || (unsigned char)(s.ptr[0] - '0') < 10 || in_list(s, nobody) ||
	    is_address(s) || is_weekday(s) || is_report(s) || pm_byline_is_lead(s))
		return false;
	for (; (word = next_word(s, &i)).len; words++) {
		bool lower = (unsigned char)(word.ptr[0] - 'a') < 26 && !in_list(word, particles);

		if (is_number(pm_byline_bare(word)))
			return false;
		if (lower && (trust == PM_BYLINE_SEEN || (trust == PM_BYLINE_MARKED && s.len != word.len)))
			return false;
	}
	if (trust == PM_BYLINE_SEEN)
		return words <= 4 && !digits && (words >= 2 || is_far_east(s));
	return words <= (trust == PM_BYLINE_MARKED ? 5 : 7);
}

/* -- reading --------------------------------------------------------------------------------------- */

static void add(struct pm_people *people, struct pm_slice name)
{
	for (size_t i = 0; i < people->len; i++) {
		size_t k = 0;

		while (k < name.len && k < people->at[i].len &&
		       pm_ascii_lower(name.ptr[k]) == pm_ascii_lower(people->at[i].ptr[k]))
			k++;
		if (k < name.len || k < people->at[i].len)
			continue;
		/* Of two spellings the one with capitals. */
		if ((unsigned char)(people->at[i].ptr[0] - 'a') < 26)
			people->at[i] = name;
		return;
	}
	if (people->len < PM_PEOPLE_MAX)
		people->at[people->len++] = name;
}

/* "Brazil1": the number of a footnote. */
static struct pm_slice without_note(struct pm_slice s)
{
	size_t n = s.len;

	while (n > 0 && (unsigned char)(s.ptr[n - 1] - '0') < 10)
		n--;
	return n > 3 && s.len - n <= 2 && s.ptr[n - 1] != ' ' && count_words(s) >= 2 ? pm_slice(s.ptr, n) : s;
}

static bool ends_in_role(struct pm_slice s)
{
	size_t from = s.len;

	while (from > 0 && s.ptr[from - 1] != ' ')
		from--;
	return in_list(pm_byline_bare(pm_slice(s.ptr + from, s.len - from)), roles);
}

/* One word behind a name of several is a place or a subject, unless it is a news agency. */
static bool is_no_name_here(const struct pm_people *people, struct pm_slice piece)
{
	static const char *const agencies[] = {
		"reuters", "afp", "dpa", "ap", "ansa", "efe", "xinhua", "sid", "apa", "epd", "kna", "pap", "lusa", "tass",
		"anp", "belga", "kyodo", "bloomberg", NULL
	};

	return !is_far_east(piece) && !in_list(piece, agencies) && people->len && count_words(people->at[people->len - 1]) >= 2;
}

/* One piece between separators; `more`: somebody was named before. Returns whether it names somebody. */
static bool take(struct pm_people *people, struct pm_slice piece, enum pm_byline_trust trust, bool more)
{
	const char *handle = piece.len ? memchr(piece.ptr, '@', piece.len) : NULL;
	bool led;

	if (handle && handle > piece.ptr && handle[-1] == ' ')
		piece.len = (size_t)(handle - piece.ptr);
	piece = pm_byline_bare(piece);
	if (more && people->len && in_list(piece, suffixes)) {
		struct pm_slice *last = &people->at[people->len - 1];

		if (last->ptr < piece.ptr)
			last->len = (size_t)(piece.ptr + piece.len - last->ptr);
		return false;
	}
	if (!piece.len || (more && in_list(piece, credentials)))
		return false;
	if (count_words(piece) > 2) {
		struct pm_slice rest = pm_byline_lead(piece, &led);

		piece = led ? rest : piece;
	}
	piece = without_note(without_agency(without_role(piece)));
	if (!looks_like_name(piece, trust))
		return false;
	/* "Games Editor" in an element of its own is nobody. */
	if (trust != PM_BYLINE_STATED && !more && count_words(piece) == 2 && ends_in_role(piece))
		return false;
	/* Behind a name stands what somebody is or where: "Ann Bee, Honey Analyst, Rome". */
	if (more && trust != PM_BYLINE_STATED &&
	    (count_words(piece) >= 2 ? ends_in_role(piece) : is_no_name_here(people, piece)))
		return false;
	add(people, piece);
	return true;
}

/* Words that join names; those in the second list are also parts of names, and join only between two
 * of two words each. */
static size_t joins(struct pm_slice s, size_t i)
{
	static const char *const words[] = {
		" and ", " und ", " et ", " og ", " och ", " \320\270 ", " \321\202\320\260 ", " ve ", " with ", " AND ",
		" And ", " mit ", " avec ", " con ", " plus ",
	};
	static const char *const small[] = { " y ", " e ", " i ", " en ", " ja ", " a " };

	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
		size_t n = strlen(words[k]);

		if (s.len - i > n && memcmp(s.ptr + i, words[k], n) == 0)
			return n;
	}
	for (size_t k = 0; k < sizeof(small) / sizeof(*small); k++) {
		size_t n = strlen(small[k]);

		if (s.len - i > n && memcmp(s.ptr + i, small[k], n) == 0 && count_words(pm_slice(s.ptr, i)) == 2 &&
		    count_words(pm_slice(s.ptr + i + n, s.len - i - n)) >= 2)
			return n;
	}
	return 0;
}

/* Bytes of the separator at i; 0: none. *ends: names end here. */
static size_t separator(struct pm_slice s, size_t i, bool *ends)
{
	static const char *const marks[] = {
		"\342\200\242", "\342\227\217", "\302\267", "\343\200\201", "\357\274\214", "\357\274\233", "\357\275\234",
		"\342\213\205", "\357\274\217", "\302\273", "\342\206\222",
	};
	static const char *const dashes[] = { " - ", " \342\200\223 ", " \342\200\224 ", " \342\200\242 ", " (", " [" };

	*ends = false;
	if (memchr(",;|&\t", s.ptr[i], 5))
		return 1;
	if (s.ptr[i] == '/')
		return i > 0 && s.len - i > 1 && (s.ptr[i - 1] == ' ' || s.ptr[i + 1] == ' ' ||
		       (memchr(s.ptr, ' ', i) && memchr(s.ptr + i, ' ', s.len - i)));
	for (size_t k = 0; k < sizeof(dashes) / sizeof(*dashes); k++) {
		size_t n = strlen(dashes[k]);

		*ends = s.len - i >= n && memcmp(s.ptr + i, dashes[k], n) == 0;
		if (*ends)
			return n;
	}
	for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++)
		if (s.len - i >= strlen(marks[k]) && memcmp(s.ptr + i, marks[k], strlen(marks[k])) == 0)
			return strlen(marks[k]);
	return s.ptr[i] == ' ' ? joins(s, i) : 0;
}

/* Up to those who only looked at it. */
static struct pm_slice own_part(struct pm_slice line)
{
	size_t end;

	return line.len <= PM_BYLINE_BYTES ? pm_slice(line.ptr, pm_byline_help(line, &end)) : line;
}

static bool has_url(struct pm_slice s)
{
	for (size_t i = 0; i + 3 <= s.len; i++)
		if (memcmp(s.ptr + i, "://", 3) == 0)
			return true;
	return s.len > 4 && pm_slice_is_nocase(pm_slice(s.ptr, 4), "www.");
}

/* Newsrooms and agencies, by how they call themselves. */
static bool is_newsroom(struct pm_slice name)
{
	static const char *const words[] = {
		"press", "news", "media", "newsroom", "journal", "agency", "agencies", "agentur", "presse-agentur", "staff",
		"redaktion", "report", "reports", "times", "editors", "team", "reuters", "afp", "dpa", "ap", "ansa", "efe", "xinhua",
		"post", "gazette", "herald", "tribune", "magazine", "desk", "wire", "network", NULL
	};
	size_t i = 0;
	struct pm_slice word;

	while ((word = next_word(name, &i)).len)
		if (in_list(pm_byline_bare(word), words))
			return true;
	return false;
}

/* The initials of somebody else in the list, which stand for a picture. */
static bool is_initials(const struct pm_people *people, struct pm_slice name)
{
	if (name.len < 2 || name.len > 3)
		return false;
	for (size_t n = 0; n < people->len; n++) {
		size_t i = 0, k = 0;
		struct pm_slice word;

		while (k < name.len && (word = next_word(people->at[n], &i)).len && word.ptr[0] == name.ptr[k])
			k++;
		if (k == name.len && people->at[n].len > name.len + 2)
			return true;
	}
	return false;
}

/* "Ann Bee | The Bee Journal", "Ann Bee, Honey News": where somebody works is no second author; an agency
 * that is named first, or with "and", is one. */
static void drop_affiliation(struct pm_people *people, size_t from, char mark)
{
	if (people->len >= from + 2 && (mark == '|' || mark == ',') && is_newsroom(people->at[people->len - 1]) &&
	    !is_newsroom(people->at[people->len - 2]) && count_words(people->at[people->len - 1]) >= 2)
		people->len--;
}

void pm_byline_drop_initials(struct pm_people *people)
{
	size_t kept = 0;

	for (size_t i = 0; i < people->len; i++)
		if (!is_initials(people, people->at[i]))
			people->at[kept++] = people->at[i];
	people->len = kept;
}

size_t pm_byline_read(struct pm_slice line, enum pm_byline_trust trust, struct pm_people *people)
{
	size_t found = 0, from = 0, before = people->len;
	bool led, ends = false, more = false, skip = false;
	char mark = 0;
	struct pm_slice rest = pm_byline_lead(line, &led);

	rest = own_part(rest);
	line = own_part(line);
	if (line.len > PM_BYLINE_BYTES || has_url(line))
		return 0;
	/* Stated names may begin like a byline: "Von Miller", "Di Caprio". */
	if (led && (trust != PM_BYLINE_STATED || count_words(rest) >= 2 || is_far_east(rest)))
		line = rest;
	line = pm_byline_bare(line);
	for (size_t i = 0; i <= line.len; i++) {
		size_t n = i < line.len ? separator(line, i, &ends) : 1;

		if (!n)
			continue;
		if (!skip) {
			size_t had = people->len;

			found += take(people, pm_slice(line.ptr + from, i - from), trust, more);
			if (people->len > had)
				drop_affiliation(people, before, mark);
			more = people->len > 0;
		}
		mark = i < line.len ? line.ptr[i] : 0;
		/* What stands behind a dash or in brackets is no name, up to the next mark. */
		if (i < line.len)
			skip = ends || (skip && line.ptr[i] == ' ');
		from = i + n;
		i = from - 1;
	}
	return found;
}
