#include "stage/fatal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Beyond what the system asks for: a sanitizer's own report may be next on this stack. */
enum { STACK = 128 << 10 };

static const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGABRT };
enum { NUMBERS = sizeof(numbers) / sizeof(*numbers) };

static struct sigaction before[NUMBERS];
static bool opened;
static _Thread_local struct pm_note_entry *mine;

struct pm_fatal_stack {
	stack_t before;
	char bytes[STACK];
};

/* -- the line, by hand: nothing here may allocate or lock -------------------------------------- */

struct line {
	char bytes[512];
	size_t len;
};

static void put(struct line *line, const char *s)
{
	for (; *s && line->len < sizeof(line->bytes); s++)
		line->bytes[line->len++] = *s;
}

static void put_text(struct line *line, const char *s)
{
	for (; *s && line->len < sizeof(line->bytes) - 128; s++)
		line->bytes[line->len++] =
			*s < ' ' || *s > '~' || *s == '"' || *s == '\\' ? '?' : *s;
}

static void put_number(struct line *line, int64_t number)
{
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	char digits[24];
	size_t at = sizeof(digits);

	digits[--at] = 0;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		digits[--at] = '-';
	put(line, digits + at);
}

static void say(const struct pm_note_entry *entry, int number)
{
	struct line line = { .len = 0 };

	put(&line, "{\"level\":\"error\",\"msg\":\"a page ends the process\",\"topic\":\"");
	put_text(&line, entry->topic);
	put(&line, "\",\"partition\":");
	put_number(&line, entry->partition);
	put(&line, ",\"offset\":");
	put_number(&line, entry->offset);
	put(&line, ",\"signal\":");
	put_number(&line, number);
	put(&line, "}\n");
	if (write(STDERR_FILENO, line.bytes, line.len) < 0)
		return;
}

/* -- the handler ------------------------------------------------------------------------------- */

/* By the processor, or by abort() on this thread. */
static bool by_own_code(const siginfo_t *info)
{
	return info->si_code > 0 || (info->si_code == SI_TKILL && info->si_pid == getpid());
}

static void on_fatal(int number, siginfo_t *info, void *context)
{
	if (mine && by_own_code(info) && pm_note_name(mine, number))
		say(mine, number);
	for (size_t i = 0; i < NUMBERS; i++)
		if (numbers[i] == number)
			sigaction(number, &before[i], NULL);
	/* What a processor raised comes again by itself, with the registers that a core dump should
	 * hold. */
	if (info->si_code <= 0 || number == SIGSYS)
		raise(number);
}

void pm_fatal_open(void)
{
	struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	if (opened)
		return;
	opened = true;
	for (size_t i = 0; i < NUMBERS; i++)
		sigaction(numbers[i], &action, &before[i]);
}

struct pm_fatal_stack *pm_fatal_begin(struct pm_note_entry *entry)
{
	struct pm_fatal_stack *stack = malloc(sizeof(*stack));
	stack_t own = { .ss_size = STACK };

	mine = entry;
	if (!stack)
		return NULL;
	own.ss_sp = stack->bytes;
	if (sigaltstack(&own, &stack->before) == 0)
		return stack;
	free(stack);
	return NULL;
}

void pm_fatal_end(struct pm_fatal_stack *stack)
{
	mine = NULL;
	if (!stack)
		return;
	sigaltstack(&stack->before, NULL);
	free(stack);
}
