#include "stage/admin.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/metrics.h"
#include "stage/dashboard.h"

enum { CONNECTIONS = 32, CONNECTION_S = 10, CONNECTION_BYTES = 16 * 1024 };
enum { METRICS_WAIT_MS = 2000 };        /* for a fresh text; after that the last one is served */

struct pm_admin {
	struct MHD_Daemon *daemon;
	int wake;
	int64_t stall_ms;
	char *version;

	_Atomic int64_t beat_ms, longest_ms;
	atomic_bool ready;

	pthread_mutex_t lock;
	pthread_cond_t published;
	atomic_bool asked;
	uint64_t edition;               /* of the text; under the lock */
	struct pm_buf metrics;          /* under the lock */
};

/* -- answers --------------------------------------------------------------------------------- */

static enum MHD_Result answer(struct MHD_Connection *to, unsigned status, const char *type,
			      struct pm_slice body)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(body.len, (void *)body.ptr,
								 MHD_RESPMEM_MUST_COPY);
	enum MHD_Result sent;

	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", type);
	MHD_add_response_header(r, "Cache-Control", "no-store");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(r, "Allow", "GET, HEAD");
	sent = MHD_queue_response(to, status, r);
	MHD_destroy_response(r);
	return sent;
}

static enum MHD_Result answer_text(struct MHD_Connection *to, unsigned status, const char *text)
{
	return answer(to, status, "text/plain; charset=utf-8", pm_slice_str(text));
}

/* Asks the control thread for a fresh text; a stuck one is not waited for. */
static enum MHD_Result answer_metrics(struct pm_admin *admin, struct MHD_Connection *to)
{
	const uint64_t one = 1;
	struct timespec until;
	enum MHD_Result sent;
	uint64_t edition;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += METRICS_WAIT_MS / 1000;
	pthread_mutex_lock(&admin->lock);
	edition = admin->edition;
	atomic_store(&admin->asked, true);
	if (write(admin->wake, &one, sizeof(one)) < 0)
		errno = 0;      /* full: then it is awake */
	while (admin->edition == edition &&
	       pthread_cond_timedwait(&admin->published, &admin->lock, &until) == 0)
		;
	sent = answer(to, MHD_HTTP_OK, PM_METRICS_CONTENT_TYPE, pm_buf_get(&admin->metrics));
	pthread_mutex_unlock(&admin->lock);
	return sent;
}

static enum MHD_Result answer_health(struct pm_admin *admin, struct MHD_Connection *to)
{
	int64_t beat = atomic_load(&admin->beat_ms), silent = beat ? pm_clock_ms() - beat : 0;

	if (silent > admin->stall_ms)
		return answer_text(to, MHD_HTTP_SERVICE_UNAVAILABLE, "the control loop is stuck\n");
	if (atomic_load(&admin->longest_ms) > admin->stall_ms)
		return answer_text(to, MHD_HTTP_SERVICE_UNAVAILABLE, "a worker is stuck on a page\n");
	return answer_text(to, MHD_HTTP_OK, "ok\n");
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *to, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	static int begun;
	struct pm_admin *admin = ctx;

	/* The first call comes before a body; nothing here takes one. */
	if (!*state) {
		*state = &begun;
		return MHD_YES;
	}
	*upload_size = 0;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return answer_text(to, MHD_HTTP_METHOD_NOT_ALLOWED, "read-only\n");
	if (strcmp(url, "/metrics") == 0)
		return answer_metrics(admin, to);
	if (strcmp(url, "/health") == 0)
		return answer_health(admin, to);
	if (strcmp(url, "/ready") == 0)
		return atomic_load(&admin->ready) ? answer_text(to, MHD_HTTP_OK, "ready\n") :
			answer_text(to, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready\n");
	if (strcmp(url, "/version") == 0)
		return answer(to, MHD_HTTP_OK, "application/json", pm_slice_str(admin->version));
	if (strcmp(url, "/") == 0)
		return answer(to, MHD_HTTP_OK, "text/html; charset=utf-8", pm_dashboard());
	return answer_text(to, MHD_HTTP_NOT_FOUND, "not here: / /metrics /health /ready /version\n");
}

/* -- starting -------------------------------------------------------------------------------- */

/* ADDRESS:PORT taken apart; -1: it isn't one. */
static int split(const char *listen, char host[256], const char **port)
{
	const char *colon = strrchr(listen, ':'), *from = listen;
	size_t len;

	if (!colon || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strlen(colon + 1) > 5 || atoi(colon + 1) > UINT16_MAX)
		return -1;
	len = (size_t)(colon - listen);
	if (len >= 2 && from[0] == '[' && from[len - 1] == ']') {
		from++;
		len -= 2;
	}
	if (len >= 256)
		return -1;
	memcpy(host, from, len);
	host[len] = 0;
	*port = colon + 1;
	return 0;
}

bool pm_admin_listens(const char *listen)
{
	const char *port;
	char host[256];

	return split(listen, host, &port) == 0;
}

static int bind_to(const char *where, struct pm_err *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE },
			*found = NULL;
	const char *port;
	char host[256];
	int fd, one = 1, e = 0;

	if (split(where, host, &port) != 0)
		return pm_fail(err, "admin.listen: %s: expected ADDRESS:PORT", where);
	if (getaddrinfo(host[0] ? host : NULL, port, &hints, &found) != 0)
		return pm_fail(err, "admin.listen: %s: no such address", where);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 ||
	    listen(fd, CONNECTIONS) != 0)
		e = errno;
	freeaddrinfo(found);
	if (!e)
		return fd;
	if (fd >= 0)
		close(fd);
	return pm_fail(err, "admin.listen: %s: %s", where, strerror(e));
}

static void log_address(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char host[128], port[16], address[160];

	if (getsockname(fd, (struct sockaddr *)&at, &len) != 0 ||
	    getnameinfo((struct sockaddr *)&at, len, host, sizeof(host), port, sizeof(port),
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	if (at.ss_family == AF_INET6)
		snprintf(address, sizeof(address), "[%s]:%s", host, port);
	else
		snprintf(address, sizeof(address), "%s:%s", host, port);
	pm_log(PM_INFO, "admin listening", PM_S("address", address), NULL);
}

struct pm_admin *pm_admin_open(const struct pm_admin_conf *conf, struct pm_err *err)
{
	struct pm_admin *admin = calloc(1, sizeof(*admin));
	int fd;

	if (!admin) {
		pm_fail(err, "out of memory");
		return NULL;
	}
	admin->wake = conf->wake;
	admin->stall_ms = conf->stall_ms;
	admin->metrics.max = 64 << 20;
	pthread_mutex_init(&admin->lock, NULL);
	pthread_cond_init(&admin->published, NULL);
	admin->version = strndup(conf->version.ptr, conf->version.len);
	fd = admin->version ? bind_to(conf->listen, err) : -1;
	if (fd < 0)
		goto fail;
	admin->daemon = MHD_start_daemon(
		MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
		on_request, admin, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
	if (!admin->daemon) {
		close(fd);
		pm_fail(err, "the admin server does not start");
		goto fail;
	}
	log_address(fd);
	return admin;
fail:
	err->status = err->status ? err->status : 69;
	pm_admin_close(admin);
	return NULL;
}

void pm_admin_close(struct pm_admin *admin)
{
	if (!admin)
		return;
	if (admin->daemon)
		MHD_stop_daemon(admin->daemon);
	pthread_mutex_destroy(&admin->lock);
	pthread_cond_destroy(&admin->published);
	pm_buf_free(&admin->metrics);
	free(admin->version);
	free(admin);
}

/* -- the control thread's side ---------------------------------------------------------------- */

void pm_admin_beat(struct pm_admin *admin, int64_t now_ms, bool ready, int64_t longest_ms)
{
	atomic_store(&admin->beat_ms, now_ms);
	atomic_store(&admin->longest_ms, longest_ms);
	atomic_store(&admin->ready, ready);
}

bool pm_admin_asked(const struct pm_admin *admin)
{
	return atomic_load(&admin->asked);
}

void pm_admin_metrics(struct pm_admin *admin, struct pm_slice text)
{
	pthread_mutex_lock(&admin->lock);
	atomic_store(&admin->asked, false);
	pm_buf_reset(&admin->metrics);
	pm_buf_slice(&admin->metrics, text);
	admin->edition++;
	pthread_cond_broadcast(&admin->published);
	pthread_mutex_unlock(&admin->lock);
}
