/* filters/boilerplate/feature.c -- sums over the page first, so that every question about a piece's
 * surroundings is a subtraction. */
#include "filters/boilerplate/feature.h"

static int16_t cap(int64_t n, int32_t most)
{
	return (int16_t)(n > most ? most : n < -most ? -most : n);
}

static int32_t share(uint64_t part, uint64_t whole, int32_t of)
{
	return whole ? (int32_t)(part * (uint64_t)of / whole) : 0;
}

static int32_t form_value(const struct pm_piece *p)
{
	if (p->flags & PM_PIECE_WORDY || (p->words > 8 && p->function * 5 >= p->words))
		return p->chars;
	return -(30 + (p->chars < 60 ? p->chars : 60));
}

/* The stretch with the greatest sum. */
static void best_run(const struct pm_piece_view *v, size_t run[2])
{
	int64_t sum = 0, best = 0;
	size_t from = 0;

	run[0] = run[1] = 0;
	for (size_t i = 0; i < v->len; i++) {
		if (sum <= 0) {
			sum = 0;
			from = i;
		}
		sum += form_value(&v->at[i]);
		if (sum > best) {
			best = sum;
			run[0] = from;
			run[1] = i + 1;
		}
	}
}

static int32_t ends(unsigned f)
{
	return f & PM_PIECE_TERMINAL ? 4 : f & PM_PIECE_ELLIPSIS ? 3 : f & PM_PIECE_COLON ? 2 :
	       f & PM_PIECE_COMMA ? 1 : 0;
}

/* Counts the words of prose. */
static void read_topic(struct pm_piece_view *v)
{
	for (size_t i = 0; i < v->len; i++) {
		const struct pm_piece *p = &v->at[i];

		for (uint32_t k = 0; p->flags & PM_PIECE_WORDY && k < p->topics; k++) {
			uint8_t *n = &v->about[v->topic[p->topic + k]];

			*n = (uint8_t)(*n + (*n < UINT8_MAX));
		}
	}
}

/* Which share of its words prose elsewhere has, of 100; -1: there are none. */
static int32_t on_topic(const struct pm_piece_view *v, const struct pm_piece *p)
{
	unsigned least = p->flags & PM_PIECE_WORDY ? 2 : 1;
	uint32_t in = 0;

	for (uint32_t k = 0; k < p->topics; k++)
		in += v->about[v->topic[p->topic + k]] >= least;
	return p->topics ? share(in, p->topics, 100) : -1;
}

/* What neighbours look at is worked out once. */
static void see(const struct pm_piece *p, int16_t seen[PM_PIECE_SEEN])
{
	seen[0] = p->words ? cap(p->sum * 4 / p->words, 32000) : -99;
	seen[1] = cap(p->chars, 32000);
	seen[2] = (int16_t)ends(p->flags);
}

bool pm_piece_view_open(struct pm_arena *a, const struct pm_pieces *pieces, struct pm_piece_view *v)
{
	struct pm_piece_place *q = PM_ARENA_NEW(a, struct pm_piece_place, pieces->len + 1);
	uint32_t next = 0;

	*v = (struct pm_piece_view){ .at = pieces->at, .place = q, .len = pieces->len,
				     .topic = pieces->topic };
	v->about = PM_ARENA_NEW(a, uint8_t, (size_t)1 << PM_TOPIC_BITS);
	if (!q || !v->about)
		return false;
	memset(v->about, 0, (size_t)1 << PM_TOPIC_BITS);
	read_topic(v);
	q[0] = (struct pm_piece_place){ 0 };
	for (size_t i = 0; i < v->len; i++) {
		const struct pm_piece *p = &v->at[i];
		bool wordy = p->flags & PM_PIECE_WORDY;

		q[i + 1] = q[i];
		see(p, q[i].seen);
		q[i + 1].chars += p->chars;
		q[i + 1].wordy += wordy ? p->chars : 0;
		q[i + 1].weight += p->sum;
		q[i + 1].words += p->words;
		if (wordy)
			q[i + 1].last_wordy = (uint32_t)i + 1;
		if (p->class) {
			q[i + 1].hits++;
			q[i + 1].last_hit = (uint32_t)i + 1;
		}
		q[i + 1].signs += p->class || p->marks;
	}
	for (size_t i = v->len; i-- > 0; ) {
		q[i].next_wordy = next;
		if (v->at[i].flags & PM_PIECE_WORDY)
			next = (uint32_t)i + 1;
	}
	best_run(v, v->run);
	return true;
}

/* -- a row ------------------------------------------------------------------------------------- */

struct row {
	pm_eight *f;
	unsigned lane, at;
};

static inline void put(struct row *r, int32_t value)
{
	r->f[r->at++][r->lane] = (int16_t)(value > 32000 ? 32000 : value < -32000 ? -32000 : value);
}

static void put_own(struct row *r, const struct pm_piece_view *v, const struct pm_piece *p)
{
	put(r, p->chars);
	put(r, p->words);
	put(r, p->function);
	put(r, share(p->function, p->words, 100));
	put(r, share(p->upper, p->words, 100));
	put(r, share(p->digits, p->chars, 100));
	put(r, p->commas);
	put(r, p->stops);
	put(r, p->signs);
	put(r, p->long_word);
	put(r, share(p->chars, p->words, 10));
	put(r, p->sum);
	put(r, p->words ? p->sum * 4 / p->words : 0);
	put(r, p->least);
	put(r, p->first);
	put(r, p->last);
	put(r, ends(p->flags));
	put(r, p->class ? 1 + p->whole : 0);
	put(r, !!(p->flags & PM_PIECE_REPEAT) + 2 * !!(p->flags & PM_PIECE_REPEATED));
	put(r, !!(p->flags & PM_PIECE_PARAGRAPH) + 2 * !!(p->flags & PM_PIECE_SPLIT));
	put(r, share(p->signs, p->words, 100));
	put(r, p->marks);
	put(r, on_topic(v, p));
}

/* Signed: negative in front of the run's start, positive behind. */
static void put_run(struct row *r, const size_t run[2], size_t i)
{
	bool any = run[1] > run[0];

	put(r, any ? (int32_t)i - (int32_t)run[0] : -999);
	put(r, any ? (int32_t)i - (int32_t)run[1] + 1 : -999);
}

/* Between the end of the last wordy piece and this one, and from this one to the next. */
static void put_distances(struct row *r, const struct pm_piece_view *v, size_t i)
{
	const struct pm_piece_place *q = v->place;
	size_t last = q[i].last_wordy, next = q[i].next_wordy;

	put(r, last ? (int32_t)(i - last) : 500);
	put(r, next ? (int32_t)(next - 2 - i) + 1 : 500);
	put(r, last ? (int32_t)(q[i].chars - q[last].chars) : 30000);
	put(r, next ? (int32_t)(q[next - 1].chars - q[i + 1].chars) : 30000);
	put(r, last ? v->at[last - 1].chars : -1);
	put(r, next ? v->at[next - 1].chars : -1);
}

static void put_place(struct row *r, const struct pm_piece_view *v, size_t i)
{
	const struct pm_piece_place *q = v->place;
	size_t n = v->len;

	put(r, (int32_t)i);
	put(r, (int32_t)(n - 1 - i));
	put(r, share(q[i].chars, q[n].chars, 1000));
	put(r, share(q[i].wordy, q[n].wordy, 1000));
	put(r, (int32_t)(q[i].wordy / 16));
	put(r, (int32_t)((q[n].wordy - q[i].wordy) / 16));
	put(r, (int32_t)n);
	put(r, share(q[n].chars, n, 1));
	put(r, share(q[n].wordy, q[n].chars, 1000));
	put_distances(r, v, i);
	put_run(r, v->run, i);
	put(r, q[i].last_hit ? (int32_t)(i - q[i].last_hit) : 500);
	put(r, q[i].hits);
	put(r, q[n].hits);
	put(r, q[n].signs);
	put(r, share(q[n].signs, n, 1000));
}

/* The first `most` of what is seen of the piece `by` places away. */
static void put_neighbour(struct row *r, const struct pm_piece_view *v, size_t i, int by,
			  unsigned most)
{
	static const int16_t none[PM_PIECE_SEEN] = { -99, -1, -1 };
	bool there = by < 0 ? i >= (size_t)-by : i + (size_t)by < v->len;
	const int16_t *seen =
		there ? v->place[by < 0 ? i - (size_t)-by : i + (size_t)by].seen : none;

	for (unsigned k = 0; k < most; k++)
		r->f[r->at++][r->lane] = seen[k];
}

static void window(const struct pm_piece_view *v, size_t i, size_t by, size_t *from, size_t *to)
{
	*from = i > by ? i - by : 0;
	*to = i + by + 1 < v->len ? i + by + 1 : v->len;
}

static void put_window(struct row *r, const struct pm_piece_view *v, size_t i, size_t by)
{
	const struct pm_piece_place *q = v->place;
	size_t from, to;
	int32_t words;

	window(v, i, by, &from, &to);
	words = (int32_t)(q[to].words - q[from].words);
	put(r, words ? (q[to].weight - q[from].weight) * 4 / words : 0);
	put(r, share(q[to].wordy - q[from].wordy, q[to].chars - q[from].chars, 100));
	put(r, (int32_t)(q[to].chars - q[from].chars));
}

void pm_piece_features(const struct pm_piece_view *v, size_t i, pm_eight *f)
{
	for (unsigned lane = 0; lane < PM_TREES_AT_ONCE; lane++) {
		struct row r = { .f = f, .lane = lane };
		size_t at = i + lane < v->len ? i + lane : v->len - 1;

		put_own(&r, v, &v->at[at]);
		put_place(&r, v, at);
		put_neighbour(&r, v, at, -1, PM_PIECE_SEEN);
		put_neighbour(&r, v, at, 1, PM_PIECE_SEEN);
		put_neighbour(&r, v, at, -2, 1);
		put_neighbour(&r, v, at, 2, 1);
		put_window(&r, v, at, 4);
		put_window(&r, v, at, 12);
		while (r.at < PM_PIECE_FEATURES)
			put(&r, 0);
	}
}
