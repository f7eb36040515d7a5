/* stage/feed_page.h -- one local page as the message that a crawler would have sent. */
#ifndef PM_STAGE_FEED_PAGE_H
#define PM_STAGE_FEED_PAGE_H

#include "stage/task.h"

enum pm_feed_format { PM_FEED_JSON, PM_FEED_RAW, PM_FEED_WARC };

/* The work of feeding: what task.h's `make` finds where the driver sees a pm_work. */
struct pm_feed_work {
	struct pm_work work;            /* first; without a chain, output and journey */
	enum pm_feed_format format;
	const struct pm_output *output; /* whose key the messages take */
	const char *topic;
};

/* pm_work's `make`. */
enum pm_reason pm_feed_page(const struct pm_task *task, const struct pm_page *page,
			    struct pm_hand *hand, struct pm_outs **outs, struct pm_err *err);

#endif
