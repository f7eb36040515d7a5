/* tests/guard/guard.c -- what each filter makes of pages, as digests: one line a page.
 *
 *	guard FILE...
 *
 * prints the filters with their versions, then for each page its place, the digest of what came in,
 * and for each filter of the default chain the digest of all that the chain up to it has found. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "consumer/envelope.h"
#include "consumer/source_local.h"
#include "core/hash.h"
#include "filters/chain.h"
#include "filters/registry.h"
#include "producer/record.h"

enum { FILTERS_MAX = 32, PAGE_BYTES = 10 << 20, ARENA = 256 << 20, SHOWN = 6 /* bytes */ };

static struct pm_chain *chains[FILTERS_MAX];
static size_t nchains;
static struct pm_envelope *envelope;
static struct pm_unpacker *unpacker;
static struct pm_worker worker;

static void die(const char *what)
{
	fprintf(stderr, "guard: %s\n", what);
	exit(1);
}

/* The chains of one, two, three … filters of the default one. */
static void open_chains(struct pm_config *cf)
{
	json_t *steps = json_array();

	for (; pm_filters_default[nchains]; nchains++) {
		const struct pm_filter *f = pm_filters_default[nchains];

		if (nchains == FILTERS_MAX)
			die("too many filters");
		json_array_append_new(steps, json_pack("{s:{}}", f->name));
		chains[nchains] = pm_chain_new(steps, NULL, cf);
		if (!chains[nchains])
			die("a chain that can't be built");
		printf("\t%s=%" PRIu32, f->name, f->version);
	}
	json_decref(steps);
}

static void add(struct pm_sha256 *sum, struct pm_slice s)
{
	char len[24] = "absent ";

	if (s.ptr)
		snprintf(len, sizeof(len), "%zu ", s.len);
	pm_sha256_update(sum, pm_slice_str(len));
	if (s.ptr)
		pm_sha256_update(sum, s);
}

static void print_digest(struct pm_sha256 *sum)
{
	uint8_t digest[PM_SHA256_SIZE];
	char hex[2 * SHOWN];

	pm_sha256_final(sum, digest);
	pm_hex(hex, digest, SHOWN);
	printf("\t%.*s", 2 * SHOWN, hex);
}

static void run_chain(const struct pm_chain *chain, const struct pm_message *msg)
{
	struct pm_provenance from = { PM_LIT("guard"), PM_LIT("[]") };
	struct pm_result r = PM_PASSED;
	struct pm_err err = { 0 };
	enum pm_reason reason;
	struct pm_sha256 sum;
	struct pm_page page;
	size_t at = 0;

	pm_worker_reset(&worker, 0);
	pm_page_init(&page, &worker.arena);
	pm_sha256_init(&sum);
	reason = pm_envelope_decode(envelope, unpacker, msg, &page, &err);
	if (reason == PM_REASON_NONE)
		r = pm_chain_run(chain, &page, &worker, NULL, &at);
	add(&sum, pm_slice_str(pm_reason_name(reason)));
	add(&sum, pm_slice_str(r.verdict == PM_PASS ? "" : pm_chain_reason(chain, at, r)));
	if (r.verdict == PM_PASS && reason == PM_REASON_NONE) {
		page.show_blocks = true;
		add(&sum, page.content);
		add(&sum, pm_slice_str(page.charset ? page.charset : ""));
		if (!pm_record_write(&worker.out, &page, &from))
			die("a record that is too large");
		add(&sum, pm_buf_get(&worker.out));
	}
	print_digest(&sum);
}

static void run_page(const struct pm_message *msg)
{
	struct pm_sha256 sum;

	printf("\n%.*s", PM_FMT(msg->position));
	pm_sha256_init(&sum);
	add(&sum, msg->value);
	print_digest(&sum);
	for (size_t i = 0; i < nchains; i++)
		run_chain(chains[i], msg);
}

static void no_assign(void *ctx, const struct pm_position *starts, size_t n)
{
}

static void no_revoke(void *ctx, const uint32_t *slots, size_t n, bool lost)
{
}

int main(int argc, char **argv)
{
	struct pm_local_conf local = {
		.paths = (const char *const *)argv + 1,
		.npaths = (size_t)argc - 1,
		.page_bytes = PAGE_BYTES,
	};
	struct pm_source_events events = { .assign = no_assign, .revoke = no_revoke };
	struct pm_config *cf = pm_config_text("guard", PM_LIT("{}"));
	struct pm_source *source = pm_source_local_new(&local);
	enum pm_poll got = PM_POLL_NONE;
	struct pm_err err = { 0 };
	struct pm_message *msg;
	uint32_t slot;

	if (!cf || !source || pm_worker_open(&worker, ARENA, PAGE_BYTES * 4, &err) != 0)
		die("out of memory");
	source->wake = -1;
	unpacker = pm_unpacker_new();
	envelope = pm_envelope_new(NULL, cf, PAGE_BYTES, false);
	printf("page\tinput");
	open_chains(cf);
	if (!envelope || !unpacker || source->ops->open(source, NULL, &events, &err) != 0)
		die(err.msg);
	while (got != PM_POLL_END) {
		got = source->ops->poll(source, &msg, &slot, &err);
		if (got == PM_POLL_BAD || got == PM_POLL_FATAL)
			die(err.msg);
		if (got != PM_POLL_MSG)
			continue;
		run_page(msg);
		pm_message_free(msg);
	}
	putchar('\n');
	source->ops->close(source);
	for (size_t i = 0; i < nchains; i++)
		pm_chain_free(chains[i]);
	pm_unpacker_free(unpacker);
	pm_envelope_free(envelope);
	pm_worker_close(&worker);
	pm_config_free(cf);
	return 0;
}
