/* tests/simulation/coverage.h -- which transitions the schedules took, seen from outside.
 *
 * A transition is an event that met a state: the hold of its partition, the phase of the process,
 * the way of its page, the holds of the partitions that a commit's outcome is about; and each kind
 * of end that a revocation, a page or a process can come to. */
#ifndef PM_TESTS_SIMULATION_COVERAGE_H
#define PM_TESTS_SIMULATION_COVERAGE_H

#include "stage/engine.h"

/* As an observer sees them. */
enum hold {
	AWAY,           /* not ours */
	OURS,
	DRAINING,       /* asked back, pages under way */
	PARTING,        /* asked back, nothing under way, not let go yet */
	HOLDS
};

enum phase {
	GOING,
	STOPPING,       /* told to stop, pages under way */
	LEAVING,        /* nothing under way, not left yet */
	LEFT,
	PHASES
};

/* Everything else that can happen to a page, a commit, a revocation or the process. */
#define MOVES(M)                                                                           \
	M(MSG_TAKEN, "page: taken")                                                        \
	M(MSG_TAKEN_IN_PAUSE, "page: taken while paused")                                  \
	M(MSG_AFTER_GAP, "page: taken after a gap of offsets")                             \
	M(MSG_BEFORE, "page: seen before, not taken")                                      \
	M(MSG_REFUSED, "page: partition on its way out or stopping, not taken")            \
	M(DONE_WAITS, "page: running -> ready behind another")                             \
	M(DONE_SENT, "page: running -> sent")                                              \
	M(DONE_NOTHING, "page: running -> finished, nothing to send")                      \
	M(READY_SENT, "page: ready -> sent, since the one before is done")                 \
	M(READY_NOTHING, "page: ready -> finished, nothing to send")                       \
	M(ACK_MORE, "page: sent, one of its outputs ended")                                \
	M(ACK_HEAD, "page: sent -> finished, the prefix grows")                            \
	M(ACK_BEHIND, "page: sent -> finished behind another")                             \
	M(NACK_AGAIN, "page: an output replaced")                                          \
	M(RETURNED_RUNNING, "page: running -> returned")                                   \
	M(RETURNED_READY, "page: ready -> returned")                                       \
	M(RETURNED_SENT, "page: sent -> returned")                                         \
	M(FORGOTTEN, "page: finished behind another that is returned")                     \
	M(LATE_DONE, "page: given up, then done")                                          \
	M(LATE_ACK, "page: given up, then acknowledged")                                   \
	M(LATE_NACK, "page: given up, then refused")                                       \
	M(REVOKED_CLEAN, "revocation: everything committed")                               \
	M(REVOKED_RETURNED, "revocation: pages returned at its deadline")                  \
	M(REVOKED_UNCOMMITTED, "revocation: the last commit took too long")                \
	M(REVOKED_UNKNOWN, "revocation: the last commit's outcome unknown")                \
	M(REVOKED_BY_EXIT, "revocation: ended by the exit")                                \
	M(COMMIT_STEADY, "commit: asked for while going on")                               \
	M(COMMIT_REVOCATION, "commit: asked for within a revocation")                      \
	M(COMMIT_LEAVING, "commit: asked for by the last step")                            \
	M(PAUSED, "flow: paused")                                                          \
	M(RESUMED, "flow: resumed")                                                        \
	M(FULL_BYTES, "flow: no room, bytes")                                              \
	M(FULL_PAGES, "flow: no room, pages")                                              \
	M(EXIT_ENDED, "exit: 0, bounds reached")                                           \
	M(EXIT_DRAINED, "exit: 0, stopped")                                                \
	M(EXIT_UNDRAINED, "exit: 75, pages returned")                                      \
	M(EXIT_UNCOMMITTED, "exit: 75, the last commit took too long")                     \
	M(EXIT_TWICE, "exit: told to stop twice")                                          \
	M(EXIT_FATAL, "exit: a fatal error's status")                                      \
	M(GOING_AGAIN, "bounds reached, then another partition assigned")                  \
	M(CRASHED, "crash: restarted from what was committed")

enum move {
#define M(name, text) name,
	MOVES(M)
#undef M
	MOVED
};

/* What has become of a partition when the outcome of its commit comes. */
enum fate { FATE_OURS, FATE_DRAINING, FATE_PARTING, FATE_AWAY, FATE_ANOTHER_EPOCH, FATES };

void cover_hold(enum hold hold, enum pm_event_kind kind);
void cover_phase(enum phase phase, enum pm_event_kind kind);
void cover_outcome(enum fate fate, enum pm_event_kind kind);
void cover(enum move move);
/* Prints the rarest ones (all: every one); false if one was taken less than `least` times. */
bool coverage_report(uint64_t least, bool all);

#endif
