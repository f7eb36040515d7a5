/* tests/train/pieces.c -- what the trainer knows of flattened text, by the library's own code.
 *
 * 	pieces text < LIST              a JSON array of its pieces for each page
 * 	pieces matrix TABLE < LIST      features as int16, host order
 *
 * LIST has a path a line. TABLE is what filters/gen/boilerplate.c prints. A page's matrix begins
 * with its number of pieces, int32. */
#include <stdio.h>
#include <stdlib.h>

#include "filters/boilerplate/feature.h"
#include "filters/extract/flat.h"
#include "tests/train/read_file.h"

static struct pm_phrase *slots;
static struct pm_phrases phrases;

static void read_table(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t n = 0;
	unsigned key;
	int weight, class, function;

	slots = calloc(1 << 20, sizeof(*slots));
	if (!f || !slots)
		exit(1);
	while (fscanf(f, " {%uu,%d,%d,%d,0},", &key, &weight, &class, &function) == 4)
		slots[n++] = (struct pm_phrase){ key, (int8_t)weight, (uint8_t)class,
						 (uint8_t)function, 0 };
	fclose(f);
	phrases = (struct pm_phrases){ slots, (uint32_t)n - 1 };
}

static void print_piece(struct pm_slice s)
{
	putchar('"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			putchar(' ');
		else
			putchar(c);
	}
	putchar('"');
}

static void print_matrix(struct pm_arena *a, const struct pm_pieces *pieces)
{
	struct pm_piece_view v;
	int32_t n = (int32_t)pieces->len;
	pm_eight f[PM_PIECE_FEATURES];
	int16_t row[PM_PIECE_FEATURES];

	fwrite(&n, sizeof(n), 1, stdout);
	if (!n || !pm_piece_view_open(a, pieces, &v))
		return;
	for (size_t i = 0; i < v.len; i++) {
		if (i % PM_TREES_AT_ONCE == 0)
			pm_piece_features(&v, i, f);
		for (unsigned k = 0; k < PM_PIECE_FEATURES; k++)
			row[k] = f[k][i % PM_TREES_AT_ONCE];
		fwrite(row, sizeof(*row), PM_PIECE_FEATURES, stdout);
	}
}

int main(int argc, char **argv)
{
	static struct pm_arena a;
	char path[4096];
	bool text = argc > 1 && strcmp(argv[1], "text") == 0;

	if (argc < 2 || pm_arena_open(&a, (size_t)1 << 30) != 0)
		return 1;
	if (argc > 2)
		read_table(argv[2]);
	while (fgets(path, sizeof(path), stdin)) {
		struct pm_page page;
		struct pm_pieces pieces;
		struct pm_slice in;

		path[strcspn(path, "\n")] = '\0';
		in = read_file(path);
		pm_arena_reset(&a);
		pm_page_init(&page, &a);
		if (!pm_flat_text(&page, in) ||
		    !pm_pieces_cut(text ? &pm_phrases : &phrases, &page, &pieces) ||
		    !pm_pieces_repeats(&a, &pieces))
			return 1;
		free((char *)in.ptr);
		if (!text) {
			print_matrix(&a, &pieces);
			continue;
		}
		putchar('[');
		for (size_t i = 0; i < pieces.len; i++) {
			if (i)
				putchar(',');
			print_piece(pieces.at[i].text);
		}
		puts("]");
	}
	return 0;
}
