#include "consumer/kafka_in.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "core/log.h"

enum { POISON_MAX = 10 };       /* unreadable answers in a row that can't be chance any more */

/* What an error means for the stage. */
enum fault {
	FAULT_PASSING,          /* a connection or a request broke: librdkafka tries again */
	FAULT_AWAY,             /* no broker can be reached */
	FAULT_WARN,             /* worth a line; librdkafka goes on */
	FAULT_POISON,           /* what was fetched can't be read */
	FAULT_RANGE,            /* the position is not in the log */
	FAULT_FATAL,            /* the brokers refuse us: waiting changes nothing */
};

static enum fault fault_of(rd_kafka_resp_err_t err)
{
	switch (err) {
	case RD_KAFKA_RESP_ERR__TRANSPORT:
	case RD_KAFKA_RESP_ERR__RESOLVE:
	case RD_KAFKA_RESP_ERR__TIMED_OUT:
	case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
	case RD_KAFKA_RESP_ERR__WAIT_COORD:
	/* OpenSSL 3 calls a connection that was cut an SSL error. */
	case RD_KAFKA_RESP_ERR__SSL:
	case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
	case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
	case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
	case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
	case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
	case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
	case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
		return FAULT_PASSING;
	case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
		return FAULT_AWAY;
	case RD_KAFKA_RESP_ERR__BAD_MSG:
	case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
	case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
		return FAULT_POISON;
	case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
	case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
		return FAULT_RANGE;
	case RD_KAFKA_RESP_ERR__FATAL:
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
	case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
	case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
	case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
	case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
	case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
	case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
	case RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED:
		return FAULT_FATAL;
	default:
		return FAULT_WARN;
	}
}

bool pm_kafka_passing(rd_kafka_resp_err_t err)
{
	enum fault fault = fault_of(err);

	return fault == FAULT_PASSING || fault == FAULT_AWAY;
}

void pm_kafka_fatal(struct pm_kafka *k, int status, const char *fmt, ...)
{
	va_list ap;

	if (k->failed)
		return;
	k->failed = true;
	k->fatal.status = status;
	va_start(ap, fmt);
	vsnprintf(k->fatal.msg, sizeof(k->fatal.msg), fmt, ap);
	va_end(ap);
}

void pm_kafka_out_of_range(struct pm_kafka *k, uint32_t slot, int64_t position)
{
	const struct pm_kafka_slot *s = &k->slots.at[slot];
	int64_t low = s->low, end = s->end, fetched_low, fetched_end;

	if (!rd_kafka_get_watermark_offsets(k->rk, s->topic, s->partition, &fetched_low,
					    &fetched_end)) {
		low = fetched_low > low ? fetched_low : low;
		end = fetched_end > end ? fetched_end : end;
	}
	pm_kafka_fatal(k, PM_EXIT_RANGE,
		       "%.100s [%d]: position %lld is out of the log's range, %lld to %lld: "
		       "set the group's position there, or give it up, and start again",
		       s->topic, (int)s->partition, (long long)position, (long long)low,
		       (long long)end);
}

void pm_kafka_away(struct pm_kafka *k, bool away)
{
	if (k->away == away)
		return;
	k->away = away;
	if (away)
		pm_log(PM_WARN, "brokers are away", PM_S("brokers", k->servers),
		       PM_S("cause", k->cause[0] ? k->cause : "no answer"), NULL);
	else
		pm_log(PM_INFO, "brokers are back", PM_S("brokers", k->servers), NULL);
	k->ask_at_ms = 0;
}

static void refuse(struct pm_kafka *k, rd_kafka_resp_err_t err, const char *reason)
{
	char text[200];

	if (err == RD_KAFKA_RESP_ERR__FATAL) {
		err = rd_kafka_fatal_error(k->rk, text, sizeof(text));
		reason = text;
	}
	if (err == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
		pm_kafka_fatal(k, PM_EXIT_BROKERS, "another process of the same instance has taken "
			       "this one's place in the group");
	else
		pm_kafka_fatal(k, PM_EXIT_BROKERS, "the brokers refuse: %.200s", reason);
}

static void act(struct pm_kafka *k, rd_kafka_resp_err_t err, const char *reason)
{
	switch (fault_of(err)) {
	case FAULT_PASSING:
		snprintf(k->cause, sizeof(k->cause), "%.*s", (int)sizeof(k->cause) - 1, reason);
		pm_log(PM_DEBUG, "kafka", PM_S("cause", reason), NULL);
		break;
	case FAULT_AWAY:
		/* While open waits, its own message says so. */
		if (k->ask)
			pm_kafka_away(k, true);
		break;
	case FAULT_FATAL:
		refuse(k, err, reason);
		break;
	case FAULT_WARN:
	case FAULT_POISON:
	case FAULT_RANGE:
		pm_log(PM_WARN, "kafka", PM_S("error", rd_kafka_err2name(err)),
		       PM_S("cause", reason), NULL);
		break;
	}
}

void pm_kafka_error_cb(rd_kafka_t *rk, int err, const char *reason, void *opaque)
{
	act(opaque, (rd_kafka_resp_err_t)err, reason ? reason : "");
}

/* librdkafka answers an unreadable batch with the same request for ever. */
static void poisoned(struct pm_kafka *k, const rd_kafka_message_t *rkm, const char *topic)
{
	if (++k->poison < POISON_MAX)
		return;
	pm_kafka_fatal(k, PM_EXIT_INTERNAL, "%.100s [%d]: what was fetched can't be read: %.100s",
		       topic, (int)rkm->partition, rd_kafka_message_errstr(rkm));
}

void pm_kafka_consumer_error(struct pm_kafka *k, const rd_kafka_message_t *rkm)
{
	const char *topic = rkm->rkt ? rd_kafka_topic_name(rkm->rkt) : "";
	uint32_t slot = rkm->rkt ? pm_kafka_slot_find(&k->slots, topic, rkm->partition)
				 : PM_KAFKA_NO_SLOT;
	enum fault fault = fault_of(rkm->err);

	if (fault == FAULT_RANGE && slot != PM_KAFKA_NO_SLOT) {
		/* A late word on a partition that is another's by now stops nobody. */
		if (k->slots.at[slot].assigned)
			pm_kafka_out_of_range(k, slot, k->slots.at[slot].next);
		return;
	}
	if (fault == FAULT_POISON)
		poisoned(k, rkm, topic);
	act(k, rkm->err, rd_kafka_message_errstr(rkm));
}

/* What these facilities say comes to error_cb as well, which says it once, or is of no use to whom
 * it reaches: that brokers may create topics, for one, which are known to exist. */
static bool said_elsewhere(const char *fac)
{
	static const char *const facilities[] = { "FAIL", "ERROR", "REQTMOUT", "AUTOCREATE" };

	for (size_t i = 0; i < sizeof(facilities) / sizeof(*facilities); i++)
		if (strcmp(fac, facilities[i]) == 0)
			return true;
	return false;
}

/* "Group "news" changed join state steady -> wait-join (state up)": from leaving one generation to
 * being told of the next. */
static void follow_group(struct pm_kafka *k, const char *line)
{
	static const char *const between[] = { "-> init", "-> wait-join", "-> wait-metadata", "-> wait-sync" };
	bool joining = false;

	for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++)
		joining |= strstr(line, between[i]) != NULL;
	atomic_store(&k->joining, joining);
}

/* On any thread. */
void pm_kafka_log_cb(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
	if (rk && strcmp(fac, "CGRPJOINSTATE") == 0)
		follow_group(rd_kafka_opaque(rk), buf);
	if (level >= LOG_INFO || said_elsewhere(fac))
		pm_log(PM_DEBUG, "librdkafka", PM_S("facility", fac), PM_S("line", buf), NULL);
	else if (level == LOG_NOTICE)
		pm_log(PM_INFO, "librdkafka", PM_S("facility", fac), PM_S("line", buf), NULL);
	else
		pm_log(PM_WARN, "librdkafka", PM_S("facility", fac), PM_S("line", buf), NULL);
}
