#include "core/message.h"

#include <stdalign.h>
#include <stdlib.h>

static struct pm_slice put(char **at, struct pm_slice s)
{
	char *to = *at;

	if (!s.ptr)
		return s;
	if (s.len)
		memcpy(to, s.ptr, s.len);
	*at += s.len;
	return (struct pm_slice){ to, s.len };
}

struct pm_message *pm_message_copy(const struct pm_message *from)
{
	size_t size = sizeof(*from) + from->nheaders * sizeof(struct pm_header);
	struct pm_message *msg;
	struct pm_header *headers;
	char *at;

	size += from->key.len + from->value.len + from->position.len + from->fault_text.len;
	for (size_t i = 0; i < from->nheaders; i++)
		size += from->headers[i].name.len + from->headers[i].value.len;
	msg = malloc(size);
	if (!msg)
		return NULL;
	*msg = *from;
	msg->bytes = size;
	headers = (struct pm_header *)(msg + 1);
	at = (char *)(headers + from->nheaders);
	msg->headers = headers;
	msg->key = put(&at, from->key);
	msg->value = put(&at, from->value);
	msg->position = put(&at, from->position);
	msg->fault_text = put(&at, from->fault_text);
	for (size_t i = 0; i < from->nheaders; i++) {
		headers[i].name = put(&at, from->headers[i].name);
		headers[i].value = put(&at, from->headers[i].value);
	}
	return msg;
}

void pm_message_free(struct pm_message *msg)
{
	free(msg);
}
