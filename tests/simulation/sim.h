/* tests/simulation/sim.h -- the simulated things: brokers and their group, another owner, workers,
 * a sink, and the driver between them and the engine. */
#ifndef PM_TESTS_SIMULATION_SIM_H
#define PM_TESTS_SIMULATION_SIM_H

#include "tests/simulation/model.h"

enum { SIM_COOKIES = 1 << 14, SIM_OUTPUTS = 4 };        /* pages in one life; outputs of a page */

struct sim_log {
	int64_t offset[LOG];
	bool done[LOG];         /* finished at least once, by us or by another owner */
	size_t len;
	int64_t committed;      /* what the brokers hold */
	unsigned generation;    /* one more whenever the partition changes hands */
	size_t next;            /* the consumer's */
	bool bound_said;
	bool returning;         /* asked back, not let go yet */
};

/* A page in the driver's hands: between DISPATCH and its end, and what a worker or the sink
 * keeps. */
struct sim_task {
	struct pm_src src;
	bool held;
	unsigned nout;
};

struct sim_output {
	unsigned task, index;
};

struct sim_world {
	uint64_t random;
	int64_t now;
	struct pm_engine *engine;
	struct model model;
	struct pm_engine_conf conf;

	struct sim_log log[PARTITIONS];
	uint32_t partitions;
	unsigned dt, page_bytes, result_bytes, refusals, failures;
	bool wild;              /* events that no good driver would feed */

	struct sim_task task[SIM_COOKIES];
	unsigned ntasks;
	unsigned running[SIM_COOKIES], nrunning;
	struct sim_output outbox[SIM_COOKIES * SIM_OUTPUTS], air[SIM_COOKIES * SIM_OUTPUTS];
	size_t out_head, out_len, nair;
	bool sink_full;

	struct { uint32_t partition; int64_t offset; unsigned generation; } commit[PARTITIONS];
	size_t ncommit;
	bool committing, applied;

	bool left, bounded;
	int status;
	bool kind;              /* nothing fails any more */
};

extern struct sim_world sim;

/* -- chance: all of it comes from the schedule's seed -------------------------------------- */

unsigned sim_below(unsigned n);         /* 0 for 0 */
bool sim_chance(unsigned percent);
int64_t sim_one_of(const int64_t *at, unsigned n);
/* A partition for which `fits`; PARTITIONS: none. */
uint32_t sim_some_partition(bool (*fits)(uint32_t));
bool sim_is_ours(uint32_t p);
bool sim_is_away(uint32_t p);
bool sim_is_readable(uint32_t p);       /* there is a message of it to poll */
bool sim_is_returning(uint32_t p);      /* asked back, not let go yet */

/* -- brokers ------------------------------------------------------------------------------- */

/* The commit under way reaches the brokers, unless it has already. */
void sim_apply_commit(void);
/* Where the consumer begins: the first page not committed. */
size_t sim_position_of(const struct sim_log *log);

/* -- the driver: each of these feeds what it can, or nothing ------------------------------- */

void sim_feed(struct pm_event event);
void sim_feed_partition(enum pm_event_kind kind, uint32_t p);
bool sim_may_poll(void);
void sim_poll_one(void);
void sim_poll_again(void);              /* read before; on its way out; after all is over */
void sim_work(void);                    /* a worker is done with a page */
void sim_send(void);                    /* an output goes into the air */
void sim_answer(void);                  /* ... and ends well or badly */
void sim_answer_commit(void);
void sim_assign(uint32_t p);
void sim_revoke(uint32_t p);
void sim_revoke_some(void);
void sim_lose(uint32_t p);
void sim_say_bound(uint32_t p);

#endif
