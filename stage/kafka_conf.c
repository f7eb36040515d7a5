#include "stage/kafka_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/option.h"
#include "producer/sink_kafka.h"

/* Properties whose wrong value would break a promise of the engine, or run somebody's code. */
static const struct refusal { const char *name, *why; } refused[] = {
	{ "enable.auto.commit", "positions are committed when the brokers have acknowledged what came of them" },
	{ "enable.auto.offset.store", "positions are committed when the brokers have acknowledged what came of them" },
	{ "auto.commit.interval.ms", "positions are committed when the brokers have acknowledged what came of them" },
	{ "auto.offset.reset", "input.start says where a partition without a committed position begins" },
	{ "partition.assignment.strategy", "the engine's revocations are written for cooperative-sticky" },
	{ "isolation.level", "the consumer reads read_committed, always" },
	{ "enable.partition.eof", "the source sets it where a run has bounds" },
	{ "group.instance.id", "\"instance\" sets it" },
	{ "transactional.id", "\"instance\" sets it for exactly_once" },
	{ "queued.max.messages.kbytes", "it follows from limits.memory_bytes" },
	{ "fetch.max.bytes", "it follows from limits.memory_bytes" },
	{ "fetch.message.max.bytes", "it follows from limits.memory_bytes" },
	{ "max.partition.fetch.bytes", "it follows from limits.memory_bytes" },
	{ "receive.message.max.bytes", "it follows from limits" },
	{ "message.max.bytes", "the brokers decide what is too large; sizes follow from limits" },
	{ "message.copy.max.bytes", "the engine owns the memory of records" },
	{ "queue.buffering.max.messages", "it follows from limits.memory_bytes" },
	{ "queue.buffering.max.kbytes", "it follows from limits.memory_bytes" },
	{ "enable.idempotence", "the producer is idempotent, always" },
	{ "enable.gapless.guarantee", "a refused record becomes a dead letter and never ends the producer" },
	{ "acks", "an acknowledgement means all in-sync replicas" },
	{ "request.required.acks", "an acknowledgement means all in-sync replicas" },
	{ "message.timeout.ms", "a record is never given up while the brokers are away" },
	{ "delivery.timeout.ms", "a record is never given up while the brokers are away" },
	{ "message.send.max.retries", "a record is never given up while the brokers are away" },
	{ "retries", "a record is never given up while the brokers are away" },
	{ "partitioner", "it is Java's, murmur2_random, so that keys meet" },
	{ "plugin.library.paths", "it would load code into the process" },
	{ "ssl.engine.location", "it would load code into the process" },
	{ "sasl.kerberos.kinit.cmd", "it is a shell command" },
	{ "test.mock.num.brokers", "it would replace the brokers by a mock" },
	{ "test.mock.broker.rtt", "it belongs to a mock" },
	{ "enable.sasl.oauthbearer.unsecure.jwt", "it would accept unsigned tokens" },
};

/* What input.kafka and output.kafka have in common: where the brokers are, and who we are to
 * them. */
static const char *const shared[] = {
	"bootstrap.servers", "metadata.broker.list", "security.protocol", "ssl.", "sasl.", "socket.",
	"broker.address.", "enable.ssl.certificate.verification", "client.id", "client.rack",
	"reconnect.backoff.", NULL
};

static bool is_shared(const char *name)
{
	for (size_t i = 0; shared[i]; i++) {
		size_t n = strlen(shared[i]);

		if (shared[i][n - 1] == '.' ? strncmp(name, shared[i], n) == 0
					    : strcmp(name, shared[i]) == 0)
			return true;
	}
	return false;
}

/* -- librdkafka's own table of properties ------------------------------------------------- */

struct properties {
	char *text;             /* what librdkafka prints of its properties */
	const char **names;
	char *scopes;           /* '*', 'C' or 'P' */
	size_t len;
};

static void properties_free(struct properties *p)
{
	free(p->text);
	free(p->names);
	free(p->scopes);
}

/* Lines of the table read "name | C/P | range | default | …". */
static int properties_read(struct properties *p)
{
	size_t size = 0, cap = 512;
	FILE *f = open_memstream(&p->text, &size);

	if (!f)
		return -1;
	rd_kafka_conf_properties_show(f);
	fclose(f);
	p->names = calloc(cap, sizeof(*p->names));
	p->scopes = calloc(cap, 1);
	if (!p->text || !p->names || !p->scopes)
		return -1;
	for (char *line = p->text, *end; line && *line && p->len < cap;
	     line = end ? end + 1 : NULL) {
		size_t name = strcspn(line, " |\n");
		size_t scope = strspn(line + name, " |");

		end = strchr(line, '\n');
		/* Not a row of the table: a heading, a rule. */
		if (name == 0 || !memchr(line + name, '|', scope) || !line[name + scope] ||
		    !strchr("*CP", line[name + scope]) || line[name + scope + 1] != ' ')
			continue;
		p->scopes[p->len] = line[name + scope];
		line[name] = 0;
		p->names[p->len++] = line;
	}
	return p->len ? 0 : -1;
}

static char property_scope(const struct properties *p, const char *name)
{
	for (size_t i = 0; i < p->len; i++)
		if (strcmp(p->names[i], name) == 0)
			return p->scopes[i];
	return 0;
}

/* -- one property ---------------------------------------------------------------------------- */

static const char *refusal_of(const char *name)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (strcmp(refused[i].name, name) == 0)
			return refused[i].why;
	return NULL;
}

/* Strings, numbers and booleans, as librdkafka reads them. NULL: another type. */
static const char *text_of(const json_t *value, char *room, size_t size)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_integer(value))
		snprintf(room, size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_boolean(value))
		snprintf(room, size, "%s", json_is_true(value) ? "true" : "false");
	else
		return NULL;
	return room;
}

static void set_property(rd_kafka_conf_t *conf, const struct properties *all, char scope,
			 const char *name, const json_t *value, struct pm_config *cf,
			 const char *where)
{
	const char *why = refusal_of(name), *text;
	char room[32], err[256], has = property_scope(all, name);

	if (why) {
		pm_config_fault(cf, where, "is not yours to set: %s", why);
		return;
	}
	if (!has) {
		const char *near = pm_suggest(name, all->names, all->len);

		pm_config_fault(cf, where, "no such Kafka property%s%s%s", near ? "; did you mean \"" : "",
				near ? near : "", near ? "\"?" : "");
		return;
	}
	if (has != '*' && has != scope) {
		pm_config_fault(cf, where, "is a %s property", has == 'C' ? "consumer" : "producer");
		return;
	}
	text = text_of(value, room, sizeof(room));
	if (!text) {
		pm_config_fault(cf, where, "expected a string, a whole number, true or false");
		return;
	}
	/* librdkafka's words may quote the value, which may be a secret: only its kind is
	 * repeated. */
	if (rd_kafka_conf_set(conf, name, text, err, sizeof(err)) != RD_KAFKA_CONF_OK)
		pm_config_fault(cf, where, "librdkafka does not accept this value");
}

static void set_all(rd_kafka_conf_t *conf, const struct properties *all, char scope,
		    const json_t *object, struct pm_config *cf, const char *path)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value) {
		char where[192];

		snprintf(where, sizeof(where), "%s.%.120s", path, name);
		set_property(conf, all, scope, name, value, cf, where);
	}
}

/* The shared ones of the input that the output doesn't set itself. Their faults are the input's. */
static void inherit(rd_kafka_conf_t *conf, const json_t *base, const json_t *object)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)base, name, value) {
		char room[32];
		const char *text = text_of(value, room, sizeof(room));

		if (text && is_shared(name) && !refusal_of(name) && !json_object_get(object, name))
			rd_kafka_conf_set(conf, name, text, NULL, 0);
	}
}

rd_kafka_conf_t *pm_kafka_conf(enum pm_kafka_role role, const json_t *object, const json_t *base,
			       const char *instance, struct pm_config *cf, const char *path)
{
	struct properties all = { 0 };
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	size_t before = pm_config_faults(cf);
	struct pm_err err = { 0 };

	if (object && !json_is_object(object)) {
		pm_config_fault(cf, path, "expected an object of Kafka properties");
	} else if (properties_read(&all) != 0) {
		pm_config_fault(cf, path, "librdkafka does not list its properties");
	} else {
		rd_kafka_conf_set(conf, "client.id", "pagemill", NULL, 0);
		if (role == PM_KAFKA_PRODUCER && pm_sink_kafka_defaults(conf, &err) != 0)
			pm_config_fault(cf, path, "%s", err.msg);
		if (base)
			inherit(conf, base, object);
		set_all(conf, &all, role == PM_KAFKA_CONSUMER ? 'C' : 'P', object, cf, path);
		if (instance)
			rd_kafka_conf_set(conf, "client.id", instance, NULL, 0);
		if (instance && role == PM_KAFKA_CONSUMER)
			rd_kafka_conf_set(conf, "group.instance.id", instance, NULL, 0);
	}
	properties_free(&all);
	if (pm_config_faults(cf) == before)
		return conf;
	rd_kafka_conf_destroy(conf);
	return NULL;
}
