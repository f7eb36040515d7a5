/* Pieces of flattened text, what they are counted as, and what stays of them. */
#include <stdlib.h>

#include "core/simd.h"
#include "filters/boilerplate/rule.h"
#include "filters/boilerplate/seam.h"
#include "filters/extract/cut_off.h"
#include "filters/extract/flat.h"
#include "tests/test.h"

static struct pm_arena arena;
static struct pm_page page;
static struct pm_pieces pieces;

static void cut(const char *text)
{
	pm_arena_reset(&arena);
	pm_page_init(&page, &arena);
	CHECK(pm_flat_text(&page, pm_slice_str(text)));
	CHECK(pm_pieces_cut(&pm_phrases, &page, &pieces));
	CHECK(pm_pieces_repeats(&arena, &pieces));
}

static uint32_t hash(const char *text)
{
	uint32_t words;

	return pm_phrase_hash(pm_slice_str(text), &words);
}

static void hashes(void)
{
	uint32_t words;
	char lower[80], upper[80];

	CHECK(hash("Leave a Comment!") == hash("leave a  comment"));
	CHECK(hash("12 Comments") == hash("7 comments"));
	CHECK(hash("ÜBER ŻÓŁĆ ПРО ΑΒΓ") == hash("über żółć про αβγ"));
	CHECK(hash("a b") != hash("b a"));
	CHECK(hash("ab") != hash("a b"));
	(void)pm_phrase_hash(PM_LIT("图书馆 a"), &words);
	CHECK(words == 4);
	CHECK(pm_phrase_hash(PM_LIT(" -- "), &words) == 0 && words == 0);
	/* Words of every length around the eight bytes of a step, and around the longest. */
	for (size_t n = 1; n < sizeof(lower); n++) {
		memset(lower, 'q', n);
		memset(upper, 'Q', n);
		lower[n] = upper[n] = '\0';
		cut(upper);
		CHECK(pieces.len == 1 && pieces.at[0].words == 1);
		CHECK(pieces.at[0].hash == hash(lower));
	}
}

static void counts(void)
{
	const struct pm_piece *p;

	cut("In 1999, the Mayor said: \"We are READY.\"");
	p = &pieces.at[0];
	CHECK(pieces.len == 1);
	CHECK(p->words == 8);
	CHECK(p->digits == 4);
	CHECK(p->commas == 1);
	CHECK(p->upper == 4);
	CHECK(p->shout == 1);
	CHECK(p->flags & PM_PIECE_TERMINAL);
	CHECK(p->flags & PM_PIECE_UPPER);
	CHECK(p->function >= 3);
	cut("and so it goes on …");
	CHECK(pieces.at[0].flags & PM_PIECE_ELLIPSIS);
	CHECK(pieces.at[0].flags & PM_PIECE_LOWER);
	cut("Leave a Comment");
	CHECK(pieces.at[0].class == PM_FURNITURE_COMMENTS && pieces.at[0].whole);
	cut("Read more: the mayor of Millbrook");
	CHECK(pieces.at[0].class == PM_FURNITURE_RELATED && !pieces.at[0].whole);
}

static unsigned marks_of(const char *line)
{
	cut(line);
	return pieces.at[0].marks;
}

static void marks(void)
{
	CHECK(marks_of("Updated 22 Dec 2023") == PM_MARK_DATE);
	CHECK(marks_of("12. Oktober 2021, 8:15 Uhr") == PM_MARK_DATE);
	CHECK(marks_of("2023-12-22") == PM_MARK_DATE);
	CHECK(marks_of("3/4/2021 10:00") == PM_MARK_DATE);
	CHECK(marks_of("2023年12月22日") == PM_MARK_DATE);
	CHECK(marks_of("Call 0800 123456") == 0);
	CHECK(marks_of("In December 2023 the council met and it was the last time.") == 0);
	CHECK(marks_of("Ann Barlow on the pier. Photograph: Cid Dee") == PM_MARK_CREDIT);
	/* A byline is short and no sentence. */
	cut("By Ann Barlow");
	CHECK(pieces.at[0].class == PM_FURNITURE_BYLINE && !pieces.at[0].whole);
	cut("By then it was late.");
	CHECK(pieces.at[0].class == PM_FURNITURE_NONE);
}

static const struct pm_piece *last(const char *line)
{
	cut(line);
	return &pieces.at[pieces.len - 1];
}

static void breaks(void)
{
	CHECK(pm_breaks_off(last("The boats will be sold and a group of residents …")));
	CHECK(pm_breaks_off(last("U.S.Policy: The U")));
	CHECK(pm_breaks_off(last("The estimate of the cost comes to more than the")));
	CHECK(!pm_breaks_off(last("See what it can do for you")));
	CHECK(!pm_breaks_off(last("Reach the town hall at office@millbrook.example")));
	CHECK(!pm_breaks_off(last("The boats will be sold.")));
	/* In the middle of a sentence, behind others and alone. */
	CHECK(pm_ends_early(last("She was elected in 2019. She was also tak")));
	CHECK(pm_ends_early(last("Die Fähre hält nicht mehr. Der Rat der Stadt will des")));
	CHECK(pm_ends_early(last("渡轮已经停运。镇上的居民对于")));
	CHECK(!pm_ends_early(last("渡轮已经停运。镇上的居民都知道。")));
	CHECK(!pm_ends_early(last("\"We knew it would come,\" he said. DM")));
	CHECK(!pm_ends_early(last("\"We knew it.\" — Ann Barlow, who sells tickets")));
	CHECK(!pm_ends_early(last("What the council said of the ferry")));
	CHECK(!pm_ends_early(last("Photographs by B. Anthony and the others")));
}

static void more(void)
{
	CHECK(pm_ends_cut_off(PM_LIT("the view and the […]")));
	CHECK(pm_ends_cut_off(PM_LIT("the view and the (...)")));
	CHECK(pm_ends_cut_off(PM_LIT("The council voted. Read more »")));
	CHECK(!pm_ends_cut_off(PM_LIT("in winter we read more")));
	CHECK(!pm_ends_cut_off(PM_LIT("...")));
	CHECK(!pm_ends_cut_off(PM_LIT("")));
	CHECK(pm_says_more(PM_LIT("Continue reading →"), true));
	CHECK(pm_says_more(PM_LIT("[Weiterlesen]"), true));
	CHECK(pm_says_more(PM_LIT("Read more"), false));
	CHECK(!pm_says_more(PM_LIT("Read more"), true));
	CHECK(!pm_says_more(PM_LIT("Read more: the mayor"), false));
}

static void lines(void)
{
	cut("One line here\nAnother line\n\nAnother line");
	CHECK(pieces.len == 3);
	CHECK(pieces.at[1].flags & PM_PIECE_REPEATED);
	CHECK(pieces.at[2].flags & PM_PIECE_REPEAT);
	CHECK(pieces.at[2].flags & PM_PIECE_PARAGRAPH);
	/* A sentence parted at a link. */
	cut("The mayor of the town met with\nAnn Barlow\n, who sells tickets.");
	CHECK(pieces.len <= 2);
	CHECK_SLICE(pieces.at[pieces.len - 1].text, pieces.len == 1 ?
		    "The mayor of the town met with\nAnn Barlow\n, who sells tickets." :
		    "Ann Barlow\n, who sells tickets.");
}

static void wrapped(void)
{
	cut("The harbour town of Millbrook will close its last ferry line in October, and\n"
	    "it will end a service that has carried people across the bay for longer than\n"
	    "anybody can say; the boats, of which there are two, were built on a yard not\n"
	    "far from the pier and will be sold to whoever pays most for them in the next\n"
	    "spring, when the season begins and when more people come to see them than in\n"
	    "winter, as the council said on Monday after it had met for the second time.\n"
	    "\n"
	    "Comments");
	CHECK(pieces.len == 2);
	CHECK_SLICE(pieces.at[1].text, "Comments");
}

static void glued(void)
{
	cut("Skip to contentHomeNewsSportThe ferry stops in October, the council said on Monday.The "
	    "boats, which cost 1.5 million in the U.S. market, will be sold.Leave a CommentShare this "
	    "storyPrivacy policyContact us and more words that make this line longer than any line of "
	    "text would be in which a name or two are written as one word.");
	CHECK(pieces.len >= 6);
	CHECK_SLICE(pieces.at[0].text, "Skip to content");
	for (size_t i = 0; i < pieces.len; i++)
		CHECK(pieces.at[i].text.len >= 4);
	/* Names with a capital inside are no glue; long ones are known by their standing there
	 * twice. */
	cut("iPhone and YouTube, McDonald too");
	CHECK(pieces.len == 1);
	cut("The people of the town like the HarbourBell more than the museum and the pier with its clock, the "
	    "council said on Monday after it had met for the second time this year.HomeNewsSportWeather and "
	    "what else stands in the menu of a page, all of it in one line, as some programs leave it. The "
	    "HarbourBell is sold at the pier.");
	CHECK(pieces.len >= 4);
	for (size_t i = 0; i < pieces.len; i++)
		CHECK(strncmp(pieces.at[i].text.ptr, "Bell", 4) != 0);
}

static bool has_piece(const char *text)
{
	for (size_t i = 0; i < pieces.len; i++)
		if (pm_slice_is(pieces.at[i].text, text))
			return true;
	return false;
}

/* A text in one line: its lines are found again, its sentences and dates stay whole. */
static void seams(void)
{
	cut("Home > News The harbour opens in May By Ann Bell 12. M\303\244rz 2024 Share Facebook WhatsApp The old "
	    "harbour of the town opens again in May, the council said on Monday. It had been closed for two "
	    "years. Related articles The ferry stops \302\251 2024 The Bell. All rights reserved.");
	CHECK(has_piece("WhatsApp"));
	CHECK(has_piece("Related articles"));
	CHECK(has_piece("It had been closed for two years."));
	for (size_t i = 0; i < pieces.len; i++) {
		CHECK(strncmp(pieces.at[i].text.ptr, "M\303\244rz", 5) != 0);
		CHECK(strncmp(pieces.at[i].text.ptr, "App", 3) != 0);
	}
	/* Shorter than a line that is looked into, and as long as one. */
	cut("Share this The boats are sold at the pier of the town, and nobody knows who will buy them in the end, says Ann.");
	CHECK(pieces.len == 1);
	cut("The date is 2024.03.12 and 3.5 million, or so they say in the town where the boats are sold and the "
	    "pier is open. Nobody knows when.");
	CHECK(pieces.len == 2);
}

/* More words than are looked at at once: the places at the edges are judged once, in order. */
static void seam_windows(void)
{
	static char text[1 << 16];
	struct pm_seams s;
	const char *last = NULL;
	size_t places = 0, words = 3 * PM_SEAM_WORDS + PM_SEAM_AROUND + 1, n = 0;

	for (size_t i = 0; i < words; i++)
		n += (size_t)sprintf(text + n, "Ab%c ", (char)('a' + i % 26));
	pm_arena_reset(&arena);
	CHECK(pm_seams_open(&s, &pm_phrases, &arena));
	pm_seams_begin(&s, pm_slice(text, n - 1));
	while (pm_seams_read(&s)) {
		for (size_t i = s.first; i < s.last; i++) {
			CHECK(pm_seam_possible(&s, i));
			CHECK(!last || pm_seam_at(&s, i) > last);
			last = pm_seam_at(&s, i);
			places++;
		}
	}
	CHECK(places == words - 1);
	pm_seams_begin(&s, pm_slice(text, 0));
	CHECK(!pm_seams_read(&s));
	pm_seams_begin(&s, pm_slice("--", 2));
	CHECK(!pm_seams_read(&s));
}

static void decisions(void)
{
	enum { N = 4 };
	struct pm_decision d[N] = { 0 };
	int16_t low[N] = { -400, -300, -300, -400 }, mixed[N] = { -400, 200, 180, -400 };

	cut("Menu and more\nSome words here\nMore words there\nLast words of it");
	CHECK(pieces.len == N);
	pm_decide(&pieces, mixed, PM_FAVOUR_BALANCE, d);
	CHECK(d[0].class && !d[1].class && !d[2].class && d[3].class);
	/* A page that looks like no article keeps what is likeliest. */
	memset(d, 0, sizeof(d));
	pm_decide(&pieces, low, PM_FAVOUR_BALANCE, d);
	CHECK(!d[1].class && !d[2].class);
}

static void extremes(void)
{
	enum { SIZE = 1 << 20 };
	char *big = malloc(SIZE + 1);

	if (!big)
		abort();
	/* More lines than are judged one by one. */
	for (size_t i = 0; i < SIZE; i++)
		big[i] = i & 1 ? '\n' : 'a';
	big[SIZE] = '\0';
	cut(big);
	CHECK(pieces.len <= PM_PIECES_MAX);
	/* One line of nothing but sentences' ends and glue. */
	for (size_t i = 0; i < SIZE; i++)
		big[i] = "abcD.Efg! "[i % 10];
	cut(big);
	CHECK(pieces.len > 1 && pieces.len <= PM_PIECES_MAX * 2);
	cut("");
	CHECK(pieces.len == 0);
	free(big);
}

/* Words of every length at every distance from the end, in both cases, read sixteen bytes at
 * once. */
static void reading_twins(void)
{
	char text[64];
	struct pm_piece fast;

	for (size_t n = 1; n < sizeof(text); n++) {
		for (size_t k = 0; k < n; k++)
			text[k] = "abCdEFghijklmno pq\xc3\xa9Rs. T9"[(k * 7 + n) % 26];
		text[n] = '\0';
		cut(text);
		if (!pieces.len)
			continue;
		fast = pieces.at[0];
		pm_portable = true;
		cut(text);
		pm_portable = false;
		CHECK(fast.hash == pieces.at[0].hash && fast.words == pieces.at[0].words);
		CHECK(fast.upper == pieces.at[0].upper && fast.shout == pieces.at[0].shout);
		CHECK(fast.chars == pieces.at[0].chars && fast.topics == pieces.at[0].topics);
	}
}

static void twins(void)
{
	pm_eight f[PM_PIECE_FEATURES];
	int16_t fast[PM_TREES_AT_ONCE], slow[PM_TREES_AT_ONCE];
	uint32_t seed = 1;

	for (int round = 0; round < 200; round++) {
		for (unsigned k = 0; k < PM_PIECE_FEATURES; k++)
			for (unsigned i = 0; i < PM_TREES_AT_ONCE; i++) {
				seed = seed * 1664525 + 1013904223;
				f[k][i] = (int16_t)(seed >> (16 + round % 12));
			}
		pm_portable = false;
		for (int joined = 0; joined < 2; joined++) {
			pm_portable = false;
			pm_piece_judge(f, joined, fast);
			pm_portable = true;
			pm_piece_judge(f, joined, slow);
			CHECK(memcmp(fast, slow, sizeof(fast)) == 0);
		}
	}
	pm_portable = false;
}

int main(void)
{
	if (pm_arena_open(&arena, (size_t)1 << 30) != 0)
		return 1;
	RUN(hashes);
	RUN(counts);
	RUN(marks);
	RUN(breaks);
	RUN(more);
	RUN(lines);
	RUN(wrapped);
	RUN(glued);
	RUN(seams);
	RUN(seam_windows);
	RUN(decisions);
	RUN(extremes);
	RUN(reading_twins);
	RUN(twins);
	pm_arena_close(&arena);
	return DONE();
}
