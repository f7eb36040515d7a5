/* core/config.h -- one configuration file: its tree, where each value stands, and all its faults.
 *
 * ${VAR}, ${VAR:-default}, ${VAR:?message}, ${file:PATH} and $$ are expanded inside string values
 * after parsing, so that no value can change the structure. Every fault of a file is collected;
 * printed as file:line:column: path.to.key: what is wrong. The place is where a member's name or an
 * element begins; of a value that --set gave, "--set" stands for it. Expanded values (of files, and
 * of variables from eight bytes on) are blotted out of every fault. */
#ifndef PM_CORE_CONFIG_H
#define PM_CORE_CONFIG_H

#include <jansson.h>
#include <stdio.h>

#include "core/err.h"
#include "core/slice.h"

struct pm_config;

/* Reads and parses. NULL only when the file can't be opened (err, status 66) or memory is out; a
 * syntax error is a fault of the config, with an empty tree. */
struct pm_config *pm_config_read(const char *path, struct pm_err *err);
/* The same over text in memory; `name` stands for the file in faults. */
struct pm_config *pm_config_text(const char *name, struct pm_slice text);
void pm_config_free(struct pm_config *cf);

/* --set path.to.key=value: the value is JSON if it parses as such, else a string, and is expanded;
 * missing objects on the way are made. Array elements by [n], odd names by ["a.b"]; names that
 * exist may hold dots, and below a member called "kafka" the rest of the path is one name. Faults
 * of expanding what it replaces are forgotten. -1: the path does not fit the tree (err with a
 * status). */
int pm_config_set(struct pm_config *cf, const char *assignment, struct pm_err *err);

/* The tree, expanded; borrowed. Always an object. */
json_t *pm_config_root(struct pm_config *cf);

/* Adds a fault at a path like "filters[2].length.min_chars" (the nearest known parent's position
 * if the path itself has none). Behind a syntax error nothing is added: the tree is empty then, and
 * what follows from that is no news. */
__attribute__((format(printf, 3, 4)))
void pm_config_fault(struct pm_config *cf, const char *path, const char *fmt, ...);
size_t pm_config_faults(const struct pm_config *cf);
/* All of them (the first thousand), in the order of the file, one a line. */
void pm_config_print(const struct pm_config *cf, FILE *to);

/* Keeps memory until the config is freed (for pm_strings and the like). NULL: out of memory. */
void *pm_config_keep(struct pm_config *cf, size_t size);
/* The same for a tree: takes over the reference and gives the value back, borrowed. */
json_t *pm_config_own(struct pm_config *cf, json_t *value);

#endif
