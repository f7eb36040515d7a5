/* filters/decode/prescan.h -- the charset label that an HTML page or its headers declare. */
#ifndef PM_FILTERS_DECODE_PRESCAN_H
#define PM_FILTERS_DECODE_PRESCAN_H

#include "core/slice.h"

/* How far into a page a declaration counts. The standard asks for 1,024 bytes; browsers begin again
 * when a later meta says otherwise, and heads with long scripts before it are common. */
enum { PM_PRESCAN_BYTES = 16384 };

/* The label in a Content-Type or in meta's content attribute ("text/html; charset=koi8-r"), found
 * by HTML's "extracting a character encoding from a meta element". Absent without one. */
struct pm_slice pm_prescan_type(struct pm_slice content_type);

/* The label of the first meta that declares one which `known` accepts; absent without one. */
struct pm_slice pm_prescan_meta(struct pm_slice body, bool (*known)(struct pm_slice label));

/* The label of an XML declaration at the start of the page; absent without one. */
struct pm_slice pm_prescan_xml(struct pm_slice body);

#endif
