#include "stage/local_args.h"

#include <string.h>

#include "core/sure.h"

static const struct { const char *name; enum pm_local_format format; } formats[] = {
	{ "json", PM_LOCAL_JSON }, { "raw", PM_LOCAL_RAW }, { "html", PM_LOCAL_HTML },
	{ "text", PM_LOCAL_TEXT }, { "warc", PM_LOCAL_WARC },
};

bool pm_local_format(const char *name, enum pm_local_format *format)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		if (strcmp(formats[i].name, name) != 0)
			continue;
		*format = formats[i].format;
		return true;
	}
	return false;
}

static void put(struct pm_buf *room, const struct pm_task *task, FILE *to,
		void write(struct pm_buf *, const struct pm_message *,
			   const struct pm_letter_page *, const struct pm_letter_why *))
{
	struct pm_letter_page page = { task->source_id, task->url };
	struct pm_letter_why why = {
		.stage = task->stage,
		.reason = task->reason,
		.message = pm_slice_str(task->message),
		.chain = task->work->journey.chain,
	};

	if (strcmp(task->stage, "filter") == 0)
		why.filter = task->filter;
	pm_buf_reset(room);
	write(room, task->msg, &page, &why);
	pm_sure(pm_buf_char(room, '\n') ? room : NULL);
	fwrite(room->ptr, 1, room->len, to);
}

void pm_local_failed(struct pm_buf *room, const struct pm_task *task, FILE *to)
{
	put(room, task, to, pm_letter_line);
}

void pm_local_letter(struct pm_buf *room, const struct pm_task *task, FILE *to)
{
	put(room, task, to, pm_letter_json);
}
