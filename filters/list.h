/* filters/list.h -- every built-in filter, one line each; DEFAULT ones form the default chain, in
 * this order. No include guard: the registry includes it for each of its tables. */

/*	name		in the default chain */
PM_FILTER(decode,	DEFAULT)
PM_FILTER(extract,	DEFAULT)
PM_FILTER(boilerplate,	DEFAULT)
PM_FILTER(repair,	DEFAULT)
PM_FILTER(language,	DEFAULT)
