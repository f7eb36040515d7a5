/* filters/extract/main_context.c -- what the first model said of all blocks, as the second sees
 * it. */
#include "filters/extract/main_impl.h"

enum {
	GOOD_P = 168, GOOD_BYTES = 80,          /* main for sure, and long enough to say so */
	GAIN_P = 96,                            /* an element is worth what
						 * its blocks have above this */
	WINDOW = 6,                             /* blocks */
	FAR = 999,
};

/* 255 / (1 + e^-x) for x = 0, 1/2, ... 8. */
static const uint8_t sigmoid[17] = {
	128, 159, 186, 208, 225, 236, 243, 248, 250, 252, 253, 254, 254, 255, 255, 255, 255,
};

uint8_t pm_main_chance(int score)
{
	int x = score < 0 ? -score : score, at = x >> 5, p;

	p = at >= 16 ? 255 : sigmoid[at] + (((sigmoid[at + 1] - sigmoid[at]) * (x & 31)) >> 5);
	return (uint8_t)(score < 0 ? 255 - p : p);
}

static uint32_t mass_of(const struct pm_main *m, uint32_t i)
{
	return (uint32_t)(((uint64_t)m->p[i] * m->piece[i].bytes) >> 8);
}

static void sum_up(struct pm_main *m)
{
	for (uint32_t i = 0; i < m->n; i++) {
		struct pm_piece *b = &m->piece[i];
		struct pm_place *pl = &m->place[b->at];
		uint32_t mass = mass_of(m, i);

		b->mass_before = m->mass;
		m->mass += mass;
		m->build[b->build].mass += mass;
		pl->mass += (int32_t)mass;
		pl->gain += (int32_t)(((int64_t)m->p[i] - GAIN_P) * b->bytes / 256);
	}
	for (uint32_t i = m->doc->nnodes - 1; i > 0; i--) {
		struct pm_place *pl = &m->place[i], *up = &m->place[m->doc->nodes[i].parent];

		up->mass += pl->mass;
		up->gain += pl->gain;
	}
	m->top = 0;
	for (uint32_t i = 1; i < m->doc->nnodes; i++)
		if (m->place[i].gain > 0 && m->place[i].gain >= m->place[m->top].gain)
			m->top = i;
}

static bool is_good(const struct pm_main *m, uint32_t i)
{
	return m->p[i] >= GOOD_P && m->piece[i].bytes >= GOOD_BYTES;
}

static void find_good(struct pm_main *m)
{
	unsigned far = FAR;

	for (uint32_t i = 0; i < m->n; i++) {
		m->piece[i].good_before = (uint16_t)far;
		far = is_good(m, i) ? 1 : far < FAR ? far + 1 : FAR;
	}
	far = FAR;
	for (uint32_t i = m->n; i-- > 0;) {
		m->piece[i].good_after = (uint16_t)far;
		far = is_good(m, i) ? 1 : far < FAR ? far + 1 : FAR;
	}
}

static void find_runs(struct pm_main *m)
{
	for (uint32_t from = 0, to; from < m->n; from = to) {
		bool main = m->p[from] >= 128;
		uint32_t bytes = 0;

		for (to = from; to < m->n && (m->p[to] >= 128) == main; to++)
			bytes += m->piece[to].bytes;
		for (uint32_t i = from; i < to; i++)
			m->piece[i].run = bytes;
	}
}

static void sum_sections(struct pm_main *m)
{
	uint32_t heading = m->n;

	for (uint32_t i = 0; i < m->n; i++) {
		if (m->visible->blocks[i].kind == PM_BLOCK_HEADING) {
			if (heading < m->n)
				m->section[heading].next = i;
			m->section[i].mass = m->section[i].bytes = 0;
			m->section[i].next = m->n;
			heading = i;
		} else if (heading < m->n) {
			m->section[heading].mass += mass_of(m, i);
			m->section[heading].bytes += m->piece[i].bytes;
		}
	}
}

bool pm_main_context(struct pm_main *m)
{
	m->section = pm_arena_alloc_n(m->arena, m->n, sizeof(*m->section));
	if (!m->section)
		return false;
	for (uint32_t i = 0; i < m->n; i++)
		m->p[i] = pm_main_chance(m->score[i]);
	sum_up(m);
	find_good(m);
	find_runs(m);
	sum_sections(m);
	return true;
}

/* -- one block --------------------------------------------------------------------------------- */

static int16_t clip(int64_t v)
{
	return (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
}

/* A mean chance in 1/255; -1 over nothing. */
static int16_t mean(uint64_t mass, uint64_t bytes)
{
	return bytes ? clip((int64_t)(mass * 256 / bytes)) : -1;
}

static int16_t log4(uint32_t v)
{
	int top = 31 - __builtin_clz(v + 1);
	uint32_t rest = top >= 2 ? ((v + 1) >> (top - 2)) & 3 : 0;

	return (int16_t)(top * 4 + (int)rest);
}

static void neighbours(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	enum { NONE = -9 * 64 };

	f[PM_F_s0][k] = m->score[i];
	f[PM_F_s_prev][k] = i > 0 ? m->score[i - 1] : NONE;
	f[PM_F_s_prev2][k] = i > 1 ? m->score[i - 2] : NONE;
	f[PM_F_s_prev3][k] = i > 2 ? m->score[i - 3] : NONE;
	f[PM_F_s_next][k] = i + 1 < m->n ? m->score[i + 1] : NONE;
	f[PM_F_s_next2][k] = i + 2 < m->n ? m->score[i + 2] : NONE;
	f[PM_F_s_next3][k] = i + 3 < m->n ? m->score[i + 3] : NONE;
}

static void containers(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_html *doc = m->doc;
	const struct pm_piece *b = &m->piece[i];
	uint32_t box = m->place[b->at].box;
	static const uint8_t feature[] = { PM_F_p_box, PM_F_p_box2, PM_F_p_box3, PM_F_p_box4 };

	for (int level = 0; level < 4; level++) {
		const struct pm_place *pl = &m->place[box];

		f[feature[level]][k] = mean((uint64_t)(pl->mass > 0 ? pl->mass : 0), pl->bytes);
		box = m->place[doc->nodes[box].parent].box;
	}
	f[PM_F_p_build][k] = mean(m->build[b->build].mass, m->build[b->build].bytes);
	f[PM_F_p_parent][k] = mean((uint64_t)m->place[b->at].mass, m->place[b->at].bytes);
}

static void sections(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	uint32_t heading = i ? m->heading[i - 1] : 0, next;
	bool self = m->visible->blocks[i].kind == PM_BLOCK_HEADING;

	f[PM_F_p_heading][k] = heading ? m->p[heading - 1] : -1;
	if (self)
		heading = i + 1;
	f[PM_F_p_section][k] = -1;
	f[PM_F_p_next_section][k] = -1;
	if (!heading)
		return;
	f[PM_F_p_section][k] = mean(m->section[heading - 1].mass, m->section[heading - 1].bytes);
	next = m->section[heading - 1].next;
	if (next < m->n)
		f[PM_F_p_next_section][k] = mean(m->section[next].mass, m->section[next].bytes);
}

static uint32_t bytes_before(const struct pm_main *m, uint32_t i)
{
	return i < m->n ? m->piece[i].before : m->bytes;
}

static uint32_t mass_before(const struct pm_main *m, uint32_t i)
{
	return i < m->n ? m->piece[i].mass_before : m->mass;
}

static void masses(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	uint32_t own = mass_of(m, i), from = i > WINDOW ? i - WINDOW : 0, to = i + WINDOW + 1;

	if (to > m->n)
		to = m->n;
	f[PM_F_mass_before][k] = clip(m->mass ? (int64_t)b->mass_before * 100 / m->mass : 0);
	f[PM_F_mass_after][k] =
		clip(m->mass ? (int64_t)(m->mass - b->mass_before - own) * 100 / m->mass : 0);
	f[PM_F_mass_log][k] = log4(m->mass);
	f[PM_F_mass_share][k] = mean(m->mass, m->bytes);
	f[PM_F_good_before][k] = (int16_t)b->good_before;
	f[PM_F_good_after][k] = (int16_t)b->good_after;
	f[PM_F_p_before_near][k] =
		mean(b->mass_before - mass_before(m, from), b->before - bytes_before(m, from));
	f[PM_F_p_after_near][k] = mean(mass_before(m, to) - mass_before(m, i + 1),
				    bytes_before(m, to) - bytes_before(m, i + 1));
	f[PM_F_run_log][k] = log4(b->run);
}

static void top(const struct pm_main *m, uint32_t i, pm_eight *f, unsigned k)
{
	const struct pm_piece *b = &m->piece[i];
	const struct pm_place *pl = &m->place[m->top];
	uint32_t last = m->doc->nodes[m->top].last;

	f[PM_F_top_inside][k] = b->node > m->top && b->node <= last;
	f[PM_F_top_share][k] = mean(pl->bytes, m->bytes);
	f[PM_F_top_p][k] = mean((uint64_t)(pl->mass > 0 ? pl->mass : 0), pl->bytes);
	f[PM_F_top_up][k] = (int16_t)(m->place[b->at].depth - pl->depth);
	f[PM_F_top_order][k] = b->node < m->top ? clip((int64_t)i - pl->index) :
			    b->node > last ? clip((int64_t)i - pl->index - pl->blocks + 1) : 0;
}

void pm_main_second(const struct pm_main *m, uint32_t block, pm_eight *f, unsigned k)
{
	neighbours(m, block, f, k);
	containers(m, block, f, k);
	sections(m, block, f, k);
	masses(m, block, f, k);
	top(m, block, f, k);
}
