/* stage/note.h -- the crash note: which pages were being worked on when a process ended.
 *
 * A small mapped file a process. Before a worker touches a page it writes there where the page
 * lies, so that whatever ends the process, SIGKILL included, leaves it behind:
 *
 * 	IDLE --begin--> RUNNING --end--> IDLE
 * 	                   \----fatal signal, limits.page_ms----> NAMED
 *
 * The next process reads it. A NAMED page is condemned: it becomes a dead letter, unprocessed. A
 * RUNNING one may have been there by chance, beside another or when somebody killed the process: it
 * gets a second chance, in which no other page runs, and is condemned when that ends likewise.
 *
 * A page is known by program, chain, position and content, so that it is tried again after an
 * upgrade, and a note that comes from another topic or cluster says nothing. Processes that share a
 * folder and a name (a group) read each other's notes; other machines' they can't. */
#ifndef PM_STAGE_NOTE_H
#define PM_STAGE_NOTE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/message.h"

struct pm_note;

enum pm_note_state { PM_NOTE_IDLE, PM_NOTE_RUNNING, PM_NOTE_NAMED };

/* One page, as it stands in the file: in the byte order of the machine, which nobody else reads. */
struct pm_note_entry {
	_Atomic uint32_t state;         /* enum pm_note_state */
	uint32_t deaths;                /* ends without a word that it was RUNNING at before */
	uint64_t id[2];
	int64_t offset;
	int32_t partition;
	_Atomic int32_t signal;         /* NAMED: what ended it; 0: limits.page_ms */
	uint64_t check;                 /* over the others, but for state and signal */
	char topic[200];                /* or where a local page lies; for people, cut */
};

/* Files that one folder holds for one name, pages that a file keeps from earlier processes, and
 * most workers. */
enum { PM_NOTE_FILES = 64, PM_NOTE_KEPT = 64, PM_NOTE_SLOTS = 1024 };

/* Where notes go: `configured` ("" is nowhere), or, when it is NULL and `unasked`, the first of
 * $STATE_DIRECTORY, /var/lib/pagemill, $XDG_STATE_HOME/pagemill and $HOME/.local/state/pagemill
 * that can be written to; made if it is missing. NULL: nowhere; else `path`. */
const char *pm_note_place(const char *configured, bool unasked, char *path, size_t size);

/* Takes a file of its own in `dir` over from a process that ended, or a new one. `dir` NULL:
 * nothing is kept, but a page is still named on standard error. Logs what it finds, and why nothing
 * can be kept. NULL: out of memory. */
struct pm_note *pm_note_open(const char *dir, const char *name, unsigned workers);
/* An end by our own will: what is RUNNING now is innocent. NULL is fine. */
void pm_note_close(struct pm_note *note);
/* Reads what others in the folder left, as they may have had the partitions that come now. */
void pm_note_refresh(struct pm_note *note);

/* A worker's entry; lives as long as the note. */
struct pm_note_entry *pm_note_entry(struct pm_note *note, unsigned worker);

/* The worker takes up this page, once nothing forbids it to run beside the others'. true: it is
 * condemned, `why` says how it came to that (at most 100 bytes), and nothing is begun. Any thread,
 * for its own worker. */
bool pm_note_begin(struct pm_note *note, unsigned worker, const struct pm_message *msg,
		   const char *chain, struct pm_err *why);
/* The page is over, on the same thread; one that was under suspicion is innocent. */
void pm_note_end(struct pm_note *note, unsigned worker);

/* This page is to blame; only what runs can be named, and once. Safe in a signal handler. */
bool pm_note_name(struct pm_note_entry *entry, int signal);

#endif
