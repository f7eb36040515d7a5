#include "consumer/source_kafka.h"

#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "tests/test.h"

/* -- brokers and what is in them ------------------------------------------------------------- */

static rd_kafka_t *producer;
static rd_kafka_mock_cluster_t *cluster;

static void start_brokers(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[200];

	rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", why, sizeof(why));
	producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	CHECK(producer != NULL);
	cluster = rd_kafka_handle_mock_cluster(producer);
	CHECK(cluster != NULL);
}

static void produce(const char *topic, int32_t partition, int from, int n)
{
	for (int i = from; i < from + n; i++) {
		char value[32];

		snprintf(value, sizeof(value), "%d", i);
		CHECK(rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic),
					RD_KAFKA_V_PARTITION(partition),
					RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
					RD_KAFKA_V_VALUE(value, strlen(value)),
					RD_KAFKA_V_KEY("key", 3), RD_KAFKA_V_TIMESTAMP(1000 + i),
					RD_KAFKA_V_HEADER("name", "value", 5),
					RD_KAFKA_V_HEADER("name", NULL, 0),
					RD_KAFKA_V_END) == RD_KAFKA_RESP_ERR_NO_ERROR);
	}
	CHECK(rd_kafka_flush(producer, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

static rd_kafka_conf_t *client(const char *group)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	char why[200];

	rd_kafka_conf_set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(cluster), why,
			  sizeof(why));
	rd_kafka_conf_set(conf, "group.id", group, why, sizeof(why));
	rd_kafka_conf_set(conf, "fetch.wait.max.ms", "50", why, sizeof(why));
	rd_kafka_conf_set(conf, "session.timeout.ms", "6000", why, sizeof(why));
	rd_kafka_conf_set(conf, "heartbeat.interval.ms", "200", why, sizeof(why));
	rd_kafka_conf_set(conf, "reconnect.backoff.max.ms", "200", why, sizeof(why));
	return conf;
}

/* What the group has committed, seen by another client; -1: nothing. */
static int64_t committed(const char *group, const char *topic, int32_t partition)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_t *rk;
	char why[200];
	int64_t offset;

	rk = rd_kafka_new(RD_KAFKA_CONSUMER, client(group), why, sizeof(why));
	rd_kafka_topic_partition_list_add(list, topic, partition);
	CHECK(rd_kafka_committed(rk, list, 10000) == RD_KAFKA_RESP_ERR_NO_ERROR);
	offset = list->elems[0].offset >= 0 ? list->elems[0].offset : -1;
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
	return offset;
}

static void commit(const char *group, const char *topic, int32_t partition, int64_t offset)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_t *rk;
	char why[200];

	rk = rd_kafka_new(RD_KAFKA_CONSUMER, client(group), why, sizeof(why));
	rd_kafka_topic_partition_list_add(list, topic, partition)->offset = offset;
	CHECK(rd_kafka_commit(rk, list, 0) == RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
}

/* -- a source, and what it said -------------------------------------------------------------- */

enum { SLOTS = 16 };

struct stage {
	struct pm_source *s;
	bool owned[SLOTS];
	int64_t start[SLOTS];           /* of the latest assignment */
	int64_t next[SLOTS];            /* behind the latest message; -1: none came */
	int64_t confirmed[SLOTS];       /* -1: none */
	int assigns, revokes, losts, ends, messages, refusals;
	bool commit_in_revoke;
	struct pm_err err;
	enum pm_poll last;
};

static void on_assign(void *ctx, const struct pm_position *starts, size_t n)
{
	struct stage *st = ctx;

	st->assigns++;
	for (size_t i = 0; i < n; i++) {
		CHECK(starts[i].slot < SLOTS && !st->owned[starts[i].slot]);
		st->owned[starts[i].slot] = true;
		st->start[starts[i].slot] = starts[i].offset;
	}
}

static void on_committed(void *ctx, const struct pm_position *at, size_t n,
			 const struct pm_err *err)
{
	struct stage *st = ctx;

	for (size_t i = 0; i < n; i++)
		if (err)
			st->refusals++;
		else
			st->confirmed[at[i].slot] = at[i].offset;
}

/* Commits what was read, and waits for the brokers' word, all within the revocation. */
static void on_revoke(void *ctx, const uint32_t *slots, size_t n, bool lost)
{
	struct stage *st = ctx;
	struct pollfd pfd = { st->s->wake, POLLIN, 0 };
	time_t deadline = time(NULL) + 5;
	uint64_t count;

	st->revokes++;
	st->losts += lost;
	for (size_t i = 0; i < n; i++) {
		struct pm_position at = { slots[i], st->next[slots[i]] };
		int before = st->refusals;

		CHECK(st->owned[slots[i]]);
		st->owned[slots[i]] = false;
		if (lost || !st->commit_in_revoke || at.offset < 0)
			continue;
		CHECK(st->s->ops->commit(st->s, &at, 1) == 0);
		while (st->confirmed[at.slot] != at.offset && st->refusals == before &&
		       time(NULL) < deadline) {
			if (poll(&pfd, 1, 100) == 1 && read(st->s->wake, &count, sizeof(count)) < 0)
				break;
			st->s->ops->serve(st->s);
		}
	}
}

static void forget(struct stage *st)
{
	*st = (struct stage){ .s = NULL };
	for (int i = 0; i < SLOTS; i++)
		st->next[i] = st->confirmed[i] = st->start[i] = -1;
}

static bool try_open(struct stage *st, const char *group, const char *topic, enum pm_start start,
		     const struct pm_range *bounds)
{
	static const char *const excluded[] = { "out.enriched", "^out[.]made" };
	struct pm_kafka_source_conf conf = {
		.conf = client(group), .topics = &topic, .ntopics = 1, .excluded = excluded,
		.nexcluded = 2, .start = start, .connect_ms = 3000, .queue_bytes = 1 << 20,
	};
	struct pm_source_events events = { st, on_assign, on_revoke, on_committed };

	forget(st);
	st->s = pm_source_kafka_new(&conf, &st->err);
	CHECK(st->s != NULL);
	if (!st->s)
		return false;
	st->s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return st->s->ops->open(st->s, bounds, &events, &st->err) == 0;
}

static void finish(struct stage *st)
{
	int wake = st->s->wake;

	st->s->ops->close(st->s);
	close(wake);
}

/* One turn of a stage: false when there was nothing. */
static bool turn(struct stage *st)
{
	struct pm_message *msg = NULL;
	uint32_t slot = 0;

	st->last = st->s->ops->poll(st->s, &msg, &slot, &st->err);
	if (st->last == PM_POLL_MSG) {
		CHECK(st->owned[msg->slot]);
		CHECK(st->next[msg->slot] <= msg->offset && msg->offset >= st->start[msg->slot]);
		CHECK_SLICE(msg->key, "key");
		CHECK(msg->nheaders == 2 && msg->headers[1].value.ptr == NULL);
		CHECK(msg->create_time && msg->timestamp >= 1000);
		CHECK(strcmp(msg->topic, pm_source_topic(st->s, msg->slot)) == 0);
		CHECK(msg->partition == pm_source_partition(st->s, msg->slot));
		st->next[msg->slot] = msg->offset + 1;
		st->messages++;
		pm_message_free(msg);
	}
	st->ends += st->last == PM_POLL_END;
	return st->last != PM_POLL_NONE;
}

/* Turns until `cond` holds; waits on the descriptor in between. */
#define UNTIL(st, seconds, cond)                                                           \
	do {                                                                               \
		time_t deadline_ = time(NULL) + (seconds);                                 \
		while (!(cond) && time(NULL) < deadline_ && (st)->last != PM_POLL_FATAL)   \
			if (!turn(st))                                                     \
				rest(st);                                                  \
		CHECK(cond);                                                               \
	} while (0)

static void rest(struct stage *st)
{
	struct pollfd pfd = { st->s->wake, POLLIN, 0 };
	uint64_t count;

	if (poll(&pfd, 1, 100) == 1)
		CHECK(read(st->s->wake, &count, sizeof(count)) == sizeof(count));
}

/* -- cases ----------------------------------------------------------------------------------- */

static void earliest_then_committed(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "early", 2, 1);
	produce("early", 0, 0, 10);
	produce("early", 1, 0, 5);
	CHECK(try_open(&st, "early", "early", PM_START_EARLIEST, NULL));
	CHECK(!st.s->ops->ready(st.s));
	UNTIL(&st, 20, st.messages == 15);
	CHECK(st.assigns == 1 && st.s->ops->ready(st.s));
	CHECK(pm_source_kafka_member(st.s) != NULL);
	st.commit_in_revoke = true;
	finish(&st);
	CHECK(st.revokes == 1 && st.losts == 0);
	CHECK(committed("early", "early", 0) == 10 && committed("early", "early", 1) == 5);
	produce("early", 0, 10, 3);
	/* With positions the start says nothing. */
	CHECK(try_open(&st, "early", "early", PM_START_ERROR, NULL));
	UNTIL(&st, 20, st.messages == 3);
	finish(&st);
}

static void latest_is_committed_at_once(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "late", 1, 1);
	produce("late", 0, 0, 7);
	CHECK(try_open(&st, "late", "late", PM_START_LATEST, NULL));
	UNTIL(&st, 20, st.assigns == 1);
	CHECK(st.start[0] == 7);
	for (int i = 0; i < 20; i++)
		turn(&st), rest(&st);
	CHECK(committed("late", "late", 0) == 7);
	CHECK(st.confirmed[0] == -1);   /* its own affair */
	produce("late", 0, 7, 2);
	UNTIL(&st, 20, st.messages == 2);
	CHECK(st.next[0] == 9);
	finish(&st);
}

static void error_without_position(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "strict", 1, 1);
	produce("strict", 0, 0, 1);
	CHECK(try_open(&st, "strict", "strict", PM_START_ERROR, NULL));
	UNTIL(&st, 20, st.last == PM_POLL_FATAL);
	CHECK(st.err.status == 65 && strstr(st.err.msg, "strict [0]"));
	CHECK(st.assigns == 0 && st.messages == 0);
	finish(&st);
}

static void position_beyond_the_log(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "range", 1, 1);
	produce("range", 0, 0, 5);
	commit("range", "range", 0, 100);
	CHECK(try_open(&st, "range", "range", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.last == PM_POLL_FATAL);
	CHECK(st.err.status == 65);
	CHECK(strstr(st.err.msg, "range [0]") && strstr(st.err.msg, "position 100") &&
	      strstr(st.err.msg, "0 to 5"));
	finish(&st);
	/* The end itself is a position. */
	commit("within", "range", 0, 5);
	CHECK(try_open(&st, "within", "range", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.assigns == 1);
	produce("range", 0, 5, 1);
	UNTIL(&st, 20, st.messages == 1);
	finish(&st);
}

static void commits_are_confirmed(void)
{
	struct pm_position at = { 0, 4 };
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "commits", 1, 1);
	produce("commits", 0, 0, 4);
	CHECK(try_open(&st, "commits", "commits", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.messages == 4);
	CHECK(st.s->ops->commit(st.s, &at, 1) == 0 && st.confirmed[0] == -1);
	UNTIL(&st, 10, st.confirmed[0] == 4);
	CHECK(committed("commits", "commits", 0) == 4);
	rd_kafka_mock_push_request_errors(cluster, 8 /* OffsetCommit */, 1,
					  RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
	CHECK(st.s->ops->commit(st.s, &at, 1) == 0);
	UNTIL(&st, 10, st.refusals == 1);
	finish(&st);
}

/* Two members of one group: the first gives one of its two partitions away while it holds messages
 * of both, and takes it back when the second leaves. */
static void partitions_move(void)
{
	struct stage a, b;
	int a_before;

	rd_kafka_mock_topic_create(cluster, "moves", 2, 1);
	produce("moves", 0, 0, 5);
	produce("moves", 1, 0, 5);
	CHECK(try_open(&a, "moves", "moves", PM_START_EARLIEST, NULL));
	UNTIL(&a, 20, a.messages == 10);
	a.commit_in_revoke = true;
	a_before = a.messages;
	CHECK(try_open(&b, "moves", "moves", PM_START_EARLIEST, NULL));
	b.commit_in_revoke = true;
	for (time_t end = time(NULL) + 40; time(NULL) < end && !(a.revokes && b.assigns);) {
		if (!turn(&a))
			rest(&a);
		while (turn(&b))
			continue;
	}
	CHECK(a.revokes == 1 && a.losts == 0 && b.assigns == 1);
	CHECK(a.owned[0] + a.owned[1] == 1 && b.owned[0] == 1);
	/* The mock refuses commits while a group rebalances, where Kafka takes them: then the
	 * messages come again, and not otherwise. */
	if (a.refusals == 0)
		CHECK(b.start[0] == 5);
	produce("moves", 0, 5, 2);
	produce("moves", 1, 5, 2);
	for (time_t end = time(NULL) + 20;
	     time(NULL) < end && !(a.messages - a_before == 2 && b.next[0] == 7);) {
		if (!turn(&a))
			rest(&a);
		while (turn(&b))
			continue;
	}
	CHECK(a.messages - a_before == 2 && b.next[0] == 7);
	finish(&b);
	UNTIL(&a, 40, a.owned[0] && a.owned[1]);
	finish(&a);
}

static void bounds(void)
{
	struct pm_range_part parts[] = {
		{ "bounds", 0, 2, 6 }, { "bounds", 1, 3, 3 }, { "bounds", 2, 0, 4 },
	};
	struct pm_range range = { parts, 3 };
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "bounds", 4, 1);
	for (int p = 0; p < 4; p++)
		produce("bounds", p, 0, 8);
	CHECK(try_open(&st, "bounds", "bounds", PM_START_ERROR, &range));
	UNTIL(&st, 20, st.ends == 3);
	for (int i = 0; i < 5; i++)
		turn(&st), rest(&st);
	CHECK(st.messages == 8 && st.ends == 3 && st.assigns == 1);
	CHECK(st.start[0] == 2 && st.start[1] == 3 && st.start[2] == 0);
	CHECK(st.next[0] == 6 && st.next[1] == -1 && st.next[2] == 4);
	CHECK(st.s->ops->ready(st.s));
	st.commit_in_revoke = true;
	finish(&st);
	CHECK(st.revokes == 1 && committed("bounds", "bounds", 0) == 6);
}

static void lag_and_pause(void)
{
	struct pm_lag lag[2];
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "lags", 1, 1);
	produce("lags", 0, 0, 3);
	CHECK(try_open(&st, "lags", "lags", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.messages == 3);
	st.s->ops->pause(st.s, true);
	produce("lags", 0, 3, 4);
	UNTIL(&st, 10, st.s->ops->lag(st.s, lag, 2) == 1 && lag[0].end == 7);
	CHECK(st.messages == 3);
	st.s->ops->pause(st.s, false);
	UNTIL(&st, 10, st.messages == 7);
	finish(&st);
}

static void lag_beside_a_lost_partition(void)
{
	struct pm_lag lag[3];
	struct stage st;
	size_t at = 0;

	rd_kafka_mock_topic_create(cluster, "half", 2, 1);
	produce("half", 0, 0, 3);
	produce("half", 1, 0, 3);
	CHECK(try_open(&st, "half", "half", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.messages == 6);
	st.s->ops->pause(st.s, true);
	rd_kafka_mock_partition_set_leader(cluster, "half", 1, -1);
	produce("half", 0, 3, 4);
	CHECK(st.s->ops->lag(st.s, lag, 3) == 2);
	at = pm_source_partition(st.s, lag[0].slot) != 0;
	UNTIL(&st, 20, st.s->ops->lag(st.s, lag, 3) == 2 && lag[at].end == 7);
	/* What was known of it is shown until it is too old. */
	CHECK(lag[!at].end == 3 || lag[!at].end == -1);
	rd_kafka_mock_partition_set_leader(cluster, "half", 1, 1);
	finish(&st);
}

static void regex_without_our_own(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "out.pages", 1, 1);
	rd_kafka_mock_topic_create(cluster, "out.enriched", 1, 1);
	rd_kafka_mock_topic_create(cluster, "out.made.de", 1, 1);
	rd_kafka_mock_topic_create(cluster, "outXenriched", 1, 1);
	produce("out.enriched", 0, 0, 3);
	produce("out.made.de", 0, 0, 3);
	produce("out.pages", 0, 0, 3);
	produce("outXenriched", 0, 0, 3);
	CHECK(try_open(&st, "regex", "^out", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.messages == 6);
	for (int i = 0; i < 5; i++)
		turn(&st), rest(&st);
	CHECK(st.messages == 6);
	finish(&st);
}

static void missing_topic(void)
{
	struct stage st;

	CHECK(!try_open(&st, "missing", "nobody.made.this", PM_START_EARLIEST, NULL));
	CHECK(st.err.status == 69 && strstr(st.err.msg, "nobody.made.this"));
	finish(&st);
}

/* Nobody listens on the discard port. */
static void no_brokers(void)
{
	struct stage st;
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	const char *topic = "t";
	struct pm_kafka_source_conf source = { .conf = conf, .topics = &topic, .ntopics = 1,
					       .connect_ms = 1500, .queue_bytes = 1 << 20 };
	struct pm_source_events events = { &st, on_assign, on_revoke, on_committed };
	struct timespec before, after;
	char why[200];

	rd_kafka_conf_set(conf, "bootstrap.servers", "127.0.0.1:9", why, sizeof(why));
	rd_kafka_conf_set(conf, "group.id", "g", why, sizeof(why));
	forget(&st);
	st.s = pm_source_kafka_new(&source, &st.err);
	st.s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK(st.s->ops->open(st.s, NULL, &events, &st.err) == -1);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK(st.err.status == 69 && strstr(st.err.msg, "127.0.0.1:9"));
	CHECK(after.tv_sec - before.tv_sec <= 4);
	finish(&st);
}

static void brokers_go_and_come(void)
{
	struct stage st;

	rd_kafka_mock_topic_create(cluster, "outage", 1, 1);
	produce("outage", 0, 0, 3);
	CHECK(try_open(&st, "outage", "outage", PM_START_EARLIEST, NULL));
	UNTIL(&st, 20, st.messages == 3);
	rd_kafka_mock_broker_set_down(cluster, 1);
	UNTIL(&st, 20, !st.s->ops->ready(st.s));
	rd_kafka_mock_broker_set_up(cluster, 1);
	UNTIL(&st, 20, st.s->ops->ready(st.s));
	produce("outage", 0, 3, 3);
	UNTIL(&st, 20, st.messages >= 6);
	CHECK(st.next[0] == 6);
	finish(&st);
}

/* Stopped while the positions are still asked for. */
static void leaves_without_positions(void)
{
	enum { N = 200 };
	rd_kafka_resp_err_t errors[N];
	struct stage st;
	time_t before;

	for (int i = 0; i < N; i++)
		errors[i] = RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
	rd_kafka_mock_topic_create(cluster, "unknown", 1, 1);
	CHECK(try_open(&st, "unknown", "unknown", PM_START_EARLIEST, NULL));
	rd_kafka_mock_push_request_errors_array(cluster, 9 /* OffsetFetch */, N, errors);
	before = time(NULL);
	while (time(NULL) - before < 6)
		if (!turn(&st))
			rest(&st);
	CHECK(st.assigns == 0 && !st.s->ops->ready(st.s) && st.last == PM_POLL_NONE);
	before = time(NULL);
	finish(&st);
	CHECK(time(NULL) - before < 12);
	CHECK(st.revokes == 0);
	rd_kafka_mock_clear_request_errors(cluster, 9);
}

static void refused_property(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	struct pm_kafka_source_conf source = { .conf = conf,
					       .queue_bytes = 1 << 20,
					       .nexcluded = 1 };
	const char *excluded = "^([";
	struct pm_err err = { { 0 }, 0 };

	source.excluded = &excluded;
	CHECK(pm_source_kafka_new(&source, &err) == NULL);
	CHECK(err.status == 78 && strstr(err.msg, "topic.blacklist"));
}

int main(void)
{
	pm_log_level = PM_ERROR;
	start_brokers();
	RUN(earliest_then_committed);
	RUN(latest_is_committed_at_once);
	RUN(error_without_position);
	RUN(position_beyond_the_log);
	RUN(commits_are_confirmed);
	RUN(bounds);
	RUN(lag_and_pause);
	RUN(lag_beside_a_lost_partition);
	RUN(regex_without_our_own);
	RUN(missing_topic);
	RUN(no_brokers);
	RUN(refused_property);
	RUN(leaves_without_positions);
	RUN(partitions_move);
	RUN(brokers_go_and_come);
	rd_kafka_destroy(producer);
	return DONE();
}
