/* filters/extract/removed.h -- what the main text leaves out of a page, by what it is there for. */
#ifndef PM_FILTERS_EXTRACT_REMOVED_H
#define PM_FILTERS_EXTRACT_REMOVED_H

#include "core/page.h"
#include "filters/extract/main_impl.h"
#include "filters/furniture.h"
#include "filters/names.h"

/* What a word of a class, an id or a role says that the element holds; in any case, without its
 * neighbours. PM_FURNITURE_NONE: nothing. */
enum pm_furniture pm_furniture_word(const char *word, size_t len);
/* For who asks for many words: by their first letter, a bit for each second letter that words which
 * say something have. */
void pm_furniture_letters(uint32_t second[26]);
/* Which of two that are said of one element counts. */
enum pm_furniture pm_furniture_join(enum pm_furniture a, enum pm_furniture b);

/* Counts the blocks of `v` that are not kept in page->removed, and shows them to whoever asked why
 * (pm_page_cut). `m` may know of the first ones only. After page->blocks was filled. false: the
 * arena is full. */
bool pm_removed(const struct pm_main *m, const struct pm_visible *v, struct pm_page *page);
/* Every kind that it can count. -1: out of memory. */
int pm_removed_names(struct pm_names *to);

#endif
