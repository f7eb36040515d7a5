#include "stage/note.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/log.h"

/* Pages that all files together may tell of; more have never been seen at once. */
enum { KNOWN_MAX = 1024 };
/* What of a page's content makes it known: its length, and this much of either end. */
enum { SAMPLE = 4096 };

struct head {
	char magic[16];
	uint32_t slots, kept;
	uint64_t spare[5];
};

static const char magic[16] = "pagemill crash1";

struct file {
	struct head head;
	struct pm_note_entry entry[];   /* `kept` of earlier processes, then
					 * `slots` of this one's workers */
};

struct known {
	uint64_t id[2];
	uint32_t deaths;
	bool named;
	int signal;
};

struct pm_note {
	struct file *file;
	size_t size;
	int fd;                         /* locked as long as we live; -1: memory alone */
	int number;                     /* which of the folder's files it is */
	char path[4096];                /* up to the number */
	uint64_t program;
	pthread_mutex_t lock;           /* over what is known */
	_Atomic size_t nknown;
	struct known known[KNOWN_MAX];
	/* Held by every page that runs; alone, by one under suspicion: another that ends the
	 * process beside it would condemn it. */
	pthread_rwlock_t beside;
	_Atomic bool holds[PM_NOTE_SLOTS];      /* each worker's own */
};

static size_t size_of(uint32_t slots)
{
	return sizeof(struct file) + (PM_NOTE_KEPT + (size_t)slots) * sizeof(struct pm_note_entry);
}

static uint64_t check_of(const struct pm_note_entry *e)
{
	uint64_t h = pm_hash64(pm_slice((const char *)e->id, sizeof(e->id)), e->deaths);

	h = pm_hash64(pm_slice(e->topic, sizeof(e->topic)), h);
	return h ^ (uint64_t)e->offset ^ ((uint64_t)(uint32_t)e->partition << 32);
}

/* -- who a page is ----------------------------------------------------------------------------- */

/* A new build may be the one that can read the page. */
static uint64_t this_program(void)
{
	uint64_t h = pm_hash64(PM_LIT(PM_VERSION), 0);
	struct stat st;

	if (stat("/proc/self/exe", &st) == 0)
		h ^= (uint64_t)st.st_size * 31 + (uint64_t)st.st_mtim.tv_sec;
	return h;
}

static uint64_t mix(uint64_t h, struct pm_slice s)
{
	return pm_hash64(s, h + s.len);
}

static void identify(const struct pm_note *note, const struct pm_message *msg, const char *chain,
		     uint64_t id[2])
{
	struct pm_slice value = msg->value;
	size_t end = value.len > SAMPLE ? SAMPLE : value.len;

	for (unsigned i = 0; i < 2; i++) {
		uint64_t h = note->program + i;

		h = mix(h, pm_slice_str(chain ? chain : ""));
		h = mix(h, pm_slice_str(msg->topic));
		h = mix(h, msg->position);
		h = mix(h ^ (uint64_t)msg->offset, msg->key) ^ (uint64_t)msg->partition << 40;
		h = mix(h ^ value.len, pm_slice(value.ptr, end));
		id[i] = mix(h, pm_slice(value.ptr + (value.len - end), end));
	}
}

static struct known *find(struct pm_note *note, const uint64_t id[2])
{
	for (size_t i = 0; i < note->nknown; i++)
		if (note->known[i].id[0] == id[0] && note->known[i].id[1] == id[1])
			return &note->known[i];
	return NULL;
}

/* -- reading what was left --------------------------------------------------------------------- */

static void tell(const struct pm_note_entry *e, bool named, bool again)
{
	const char *signal = e->signal ? sigabbrev_np(e->signal) : NULL;

	pm_log(again ? PM_WARN : PM_INFO,
	       !again ? "a page was being worked on when the process was ended" :
	       named ? "a page ended the process: it becomes a dead letter" :
	       "a page was there at two ends of the process: it becomes a dead letter",
	       PM_S("topic", e->topic), PM_I("partition", e->partition), PM_I("offset", e->offset),
	       PM_S("signal", named && e->signal ? signal ? signal : "unknown" : NULL), NULL);
}

/* What an entry says of its page becomes known, unless it already is. */
static bool learn(struct pm_note *note, const struct pm_note_entry *e, bool named, uint32_t deaths)
{
	struct known *k = find(note, e->id);

	if (k && (k->named || (!named && deaths <= k->deaths)))
		return false;
	if (!k) {
		if (note->nknown == KNOWN_MAX)
			return false;
		k = &note->known[note->nknown];
		memcpy(k->id, e->id, sizeof(k->id));
		note->nknown++;
	}
	k->named = named;
	k->deaths = deaths;
	k->signal = e->signal;
	return true;
}

/* A file's bytes, if they are a whole note; its owner frees them. */
static struct file *read_file(int fd)
{
	struct file *file;
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)size_of(1) ||
	    st.st_size > (off_t)size_of(PM_NOTE_SLOTS))
		return NULL;
	file = malloc((size_t)st.st_size);
	if (file && pread(fd, file, (size_t)st.st_size, 0) == st.st_size &&
	    memcmp(file->head.magic, magic, sizeof(magic)) == 0 &&
	    file->head.kept == PM_NOTE_KEPT && file->head.slots <= PM_NOTE_SLOTS &&
	    st.st_size == (off_t)size_of(file->head.slots))
		return file;
	free(file);
	return NULL;
}

/* Whether it is known what ended its process: then the pages beside it are innocent. */
static bool explained(const struct file *file)
{
	for (uint32_t i = 0; i < file->head.slots; i++)
		if (file->entry[PM_NOTE_KEPT + i].state == PM_NOTE_NAMED)
			return true;
	return false;
}

/* `alive`: its process still runs, and what that works on is no one's business. Entries that tell
 * something go to `keep` (at most PM_NOTE_KEPT, the latest) when it isn't NULL. */
static void read_entries(struct pm_note *note, const struct file *file, bool alive,
			 struct pm_note_entry *keep)
{
	size_t slots = alive ? 0 : file->head.slots, kept = 0;
	bool clear = explained(file);

	/* The workers' first: they are the latest. */
	for (size_t i = 0; i < slots + PM_NOTE_KEPT; i++) {
		const struct pm_note_entry *e =
			&file->entry[i < slots ? PM_NOTE_KEPT + i : i - slots];
		bool named = e->state == PM_NOTE_NAMED, was_kept = i >= slots;
		uint32_t deaths = e->deaths + (named || was_kept ? 0 : 1);

		if (e->state == PM_NOTE_IDLE || e->check != check_of(e) ||
		    (clear && !named && !was_kept))
			continue;
		if (!learn(note, e, named, deaths))
			continue;
		/* What was kept was told by an earlier process. */
		if (!was_kept)
			tell(e, named, named || deaths > 1);
		if (!keep || kept == PM_NOTE_KEPT)
			continue;
		memcpy(&keep[kept], e, sizeof(*e));
		keep[kept].deaths = deaths;
		keep[kept].check = check_of(&keep[kept]);
		kept++;
	}
}

static int open_number(struct pm_note *note, int number, int flags)
{
	char path[sizeof(note->path) + 16];

	snprintf(path, sizeof(path), "%s.%d.crash", note->path, number);
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
}

void pm_note_refresh(struct pm_note *note)
{
	if (!note || note->fd < 0)
		return;
	pthread_mutex_lock(&note->lock);
	for (int i = 0; i < PM_NOTE_FILES; i++) {
		int fd = i == note->number ? -1 : open_number(note, i, O_RDONLY);
		struct file *file;

		if (fd < 0)
			continue;
		/* Whose file nobody has locked isn't there any more. */
		file = read_file(fd);
		if (file)
			read_entries(note, file, flock(fd, LOCK_SH | LOCK_NB) != 0, NULL);
		free(file);
		close(fd);
	}
	pthread_mutex_unlock(&note->lock);
}

/* -- opening ----------------------------------------------------------------------------------- */

/* The first file that no living process has. */
static int claim(struct pm_note *note, struct pm_err *err)
{
	for (int i = 0; i < PM_NOTE_FILES; i++) {
		struct stat st;

		note->fd = open_number(note, i, O_RDWR | O_CREAT);
		if (note->fd < 0)
			return pm_fail(err, "%s.%d.crash: %s", note->path, i, strerror(errno));
		note->number = i;
		if (fstat(note->fd, &st) == 0 && S_ISREG(st.st_mode) &&
		    flock(note->fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		close(note->fd);
		note->fd = -1;
		if (errno != EWOULDBLOCK)
			return pm_fail(err, "%s.%d.crash: %s", note->path, i, strerror(errno));
	}
	return pm_fail(err, "%s: taken by %d processes", note->path, PM_NOTE_FILES);
}

static struct file *fresh(unsigned workers)
{
	struct file *file = calloc(1, size_of(workers));

	if (!file)
		return NULL;
	memcpy(file->head.magic, magic, sizeof(magic));
	file->head.kept = PM_NOTE_KEPT;
	file->head.slots = workers;
	return file;
}

/* Reads the file that was taken over, and makes it this process's own. All of its room is had now:
 * a full disk must not be met by a write through the mapping. */
static int take_over(struct pm_note *note, struct file *image, struct pm_err *err)
{
	struct file *old = read_file(note->fd);
	struct stat st;
	int refused;

	if (old)
		read_entries(note, old, false, image->entry);
	else if (fstat(note->fd, &st) == 0 && st.st_size)
		pm_log(PM_WARN, "a damaged crash note is ignored", PM_S("path", note->path),
		       PM_I("number", note->number), NULL);
	free(old);
	refused = ftruncate(note->fd, (off_t)note->size) ? errno :
		  posix_fallocate(note->fd, 0, (off_t)note->size);
	if (refused)
		return pm_fail(err, "%s.%d.crash: %s", note->path, note->number, strerror(refused));
	note->file = mmap(NULL, note->size, PROT_READ | PROT_WRITE, MAP_SHARED, note->fd, 0);
	if (note->file == MAP_FAILED)
		return pm_fail(err, "%s.%d.crash: %s", note->path, note->number, strerror(errno));
	memcpy(note->file, image, note->size);
	return 0;
}

static int open_in(struct pm_note *note, const char *dir, const char *name, struct file *image,
		   struct pm_err *err)
{
	int n = snprintf(note->path, sizeof(note->path), "%s/", dir);

	if (n < 0 || (size_t)n + 101 > sizeof(note->path))
		return pm_fail(err, "%.100s...: too long", dir);
	for (int i = 0; name[i] && i < 100; i++, n++)
		note->path[n] = (name[i] >= 'a' && name[i] <= 'z') ||
						(name[i] >= 'A' && name[i] <= 'Z') ||
						(name[i] >= '0' && name[i] <= '9') ||
						name[i] == '-' || (name[i] == '.' && i > 0)
					? name[i]
					: '_';
	note->path[n] = 0;
	if (claim(note, err) == 0 && take_over(note, image, err) == 0)
		return 0;
	if (note->fd >= 0)
		close(note->fd);
	note->fd = -1;
	return -1;
}

struct pm_note *pm_note_open(const char *dir, const char *name, unsigned workers)
{
	unsigned slots = workers < PM_NOTE_SLOTS ? workers : PM_NOTE_SLOTS;
	struct pm_note *note = calloc(1, sizeof(*note));
	struct file *image = fresh(slots);
	pthread_rwlockattr_t attr;
	struct pm_err err = { 0 };

	if (!note || !image) {
		free(note);
		free(image);
		return NULL;
	}
	note->fd = -1;
	note->size = size_of(slots);
	note->program = this_program();
	pthread_mutex_init(&note->lock, NULL);
	pthread_rwlockattr_init(&attr);
	/* Else it would wait for ever: there are always others. */
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&note->beside, &attr);
	pthread_rwlockattr_destroy(&attr);
	if (dir && open_in(note, dir, name, image, &err) == 0) {
		free(image);
		pm_note_refresh(note);
		return note;
	}
	if (dir)
		pm_log(PM_WARN, "no crash note: a page that ends the process is met again after a restart",
		       PM_S("error", err.msg), NULL);
	note->file = image;
	return note;
}

void pm_note_close(struct pm_note *note)
{
	bool held = false;

	if (!note)
		return;
	for (uint32_t i = 0; i < note->file->head.slots; i++) {
		struct pm_note_entry *e = &note->file->entry[PM_NOTE_KEPT + i];
		uint32_t running = PM_NOTE_RUNNING;

		atomic_compare_exchange_strong(&e->state, &running, PM_NOTE_IDLE);
		held |= note->holds[i];
	}
	if (note->fd >= 0)
		close(note->fd);
	/* A worker that is still on its page may come back to it before the process is gone. */
	if (held)
		return;
	if (note->fd < 0)
		free(note->file);
	else
		munmap(note->file, note->size);
	pthread_mutex_destroy(&note->lock);
	pthread_rwlock_destroy(&note->beside);
	free(note);
}

/* -- a page ------------------------------------------------------------------------------------ */

struct pm_note_entry *pm_note_entry(struct pm_note *note, unsigned worker)
{
	/* More workers than a note has room for go without one. */
	return note && worker < note->file->head.slots ? &note->file->entry[PM_NOTE_KEPT + worker]
						       : NULL;
}

static void say_why(const struct known *k, struct pm_err *why)
{
	const char *name = k->signal ? sigabbrev_np(k->signal) : NULL;

	if (!k->named)
		pm_fail(why, "the process was ended twice while it worked on this page");
	else if (k->signal)
		pm_fail(why, "this page ended the process (SIG%s)", name ? name : "unknown");
	else
		pm_fail(why, "this page took longer than limits.page_ms");
}

/* How often the page was there when a process was ended; -1: it is condemned. */
static int suspicion(struct pm_note *note, const uint64_t id[2], struct pm_err *why)
{
	const struct known *k;
	int deaths = 0;

	if (atomic_load_explicit(&note->nknown, memory_order_relaxed) == 0)
		return 0;
	pthread_mutex_lock(&note->lock);
	k = find(note, id);
	if (k) {
		deaths = k->named || k->deaths > 1 ? -1 : (int)k->deaths;
		if (deaths < 0)
			say_why(k, why);
	}
	pthread_mutex_unlock(&note->lock);
	return deaths;
}

bool pm_note_begin(struct pm_note *note, unsigned worker, const struct pm_message *msg,
		   const char *chain, struct pm_err *why)
{
	struct pm_note_entry *e = pm_note_entry(note, worker);
	uint64_t id[2];
	int deaths;

	if (!e)
		return false;
	identify(note, msg, chain, id);
	deaths = suspicion(note, id, why);
	if (deaths < 0)
		return true;
	if (deaths)
		pthread_rwlock_wrlock(&note->beside);
	else
		pthread_rwlock_rdlock(&note->beside);
	note->holds[worker] = true;
	memcpy(e->id, id, sizeof(e->id));
	e->deaths = (uint32_t)deaths;
	e->offset = msg->offset;
	e->partition = msg->partition;
	e->signal = 0;
	memset(e->topic, 0, sizeof(e->topic));
	if (msg->position.len)
		snprintf(e->topic, sizeof(e->topic), "%.*s", (int)msg->position.len,
			 msg->position.ptr);
	else
		snprintf(e->topic, sizeof(e->topic), "%s", msg->topic ? msg->topic : "");
	e->check = check_of(e);
	atomic_store_explicit(&e->state, PM_NOTE_RUNNING, memory_order_release);
	return false;
}

/* A second chance that was taken: forgotten here and in the file. */
static void acquit(struct pm_note *note, const uint64_t id[2])
{
	struct known *k;

	pthread_mutex_lock(&note->lock);
	k = find(note, id);
	if (k) {
		size_t last = note->nknown - 1;

		*k = note->known[last];
		note->nknown = last;
	}
	for (size_t i = 0; i < PM_NOTE_KEPT; i++) {
		struct pm_note_entry *e = &note->file->entry[i];

		if (e->id[0] == id[0] && e->id[1] == id[1])
			e->state = PM_NOTE_IDLE;
	}
	pthread_mutex_unlock(&note->lock);
}

void pm_note_end(struct pm_note *note, unsigned worker)
{
	struct pm_note_entry *e = pm_note_entry(note, worker);
	uint32_t running = PM_NOTE_RUNNING;

	if (!e || !note->holds[worker])
		return;
	if (atomic_compare_exchange_strong(&e->state, &running, PM_NOTE_IDLE) && e->deaths)
		acquit(note, e->id);
	note->holds[worker] = false;
	pthread_rwlock_unlock(&note->beside);
}

bool pm_note_name(struct pm_note_entry *entry, int signal)
{
	uint32_t running = PM_NOTE_RUNNING;

	entry->signal = signal;
	return atomic_compare_exchange_strong(&entry->state, &running, PM_NOTE_NAMED);
}
