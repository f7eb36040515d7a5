/* filters/extract/main_features.h -- the features of a block, in the order of the models' numbers.
 *
 * Shares are in 1/100, lengths in bytes or blocks up to 32,767, "log" is four times the binary
 * logarithm. A changed list or meaning needs new models (tests/train/train.py). */
#ifndef PM_FILTERS_EXTRACT_MAIN_FEATURES_H
#define PM_FILTERS_EXTRACT_MAIN_FEATURES_H

/* What the first model sees: the block's own text ... */
#define PM_FEATURES_OWN(X) \
	X(kind) X(level) X(chars) X(words) X(word_length) X(link_share) X(links) X(commas) \
	X(stops) \
	X(digit_share) X(capital_share) X(shout_share) X(short_share) X(symbols) X(first) X(last) \
	X(bold_share) X(italic_share) X(small_share) X(broken) X(repeats) \
	X(word_first) X(word_mean) X(word_lo) X(word_hi) X(inside_mean) X(inside_lo) X(inside_hi) \
	X(line) X(line_inside) X(title_cover) X(title_share) X(prices) X(pair_share) X(pair_cover) \
	X(body_share)
/* ... its place ... */
#define PM_FEATURES_PLACE(X) \
	X(tag) X(depth) X(in_nav) X(in_aside) X(in_header) X(in_footer) X(in_article) X(in_main) \
	X(in_form) X(in_button) X(in_figure) X(in_caption) X(in_list) X(in_table) X(in_quote) \
	X(in_p) \
	X(in_time) X(in_details) X(in_section) X(unseen) X(in_noscript) X(in_select) X(in_dl) \
	X(in_dialog) \
	X(near_lo) X(near_hi) X(next_lo) X(next_hi) X(least) X(least_inside) X(greatest) \
	X(greatest_inside) X(name_sum) \
	X(index) X(index_share) X(before) X(before_share) X(after_share) \
	X(heading_distance) X(heading_level) X(heading_inside) X(headline_distance) \
	X(headline_seen) \
	X(box_log) X(box_link_share) X(box_blocks) X(box_mean) X(box_share) X(box_pictures) \
	X(box_inputs) \
	X(box_index) X(box_commas) \
	X(box2_log) X(box2_link_share) X(box2_blocks) X(box2_share) X(box2_mean) \
	X(box3_log) X(box3_link_share) X(box3_share) \
	X(best_inside) X(best_share) X(best_link_share) X(best_up) X(best_order) \
	X(build_count) X(build_mean) X(build_link_share) X(parent_links)
/* ... what stands next to it ... */
#define PM_FEATURES_NEAR(X) \
	X(prev_chars) X(prev_link_share) X(prev_kind) X(prev_last) X(prev2_chars) \
	X(prev2_link_share) \
	X(next_chars) X(next_link_share) X(next_kind) X(next_last) X(next2_chars) \
	X(next2_link_share) \
	X(prev_same_build) X(next_same_build) X(prev_inside) X(next_inside) X(prev_near_lo) \
	X(next_near_lo) \
	X(body_before) X(body_after)
/* ... and the page. */
#define PM_FEATURES_PAGE(X) \
	X(page_log) X(page_blocks) X(page_link_share) X(page_long_blocks) X(page_long_share) \
	X(page_headings) \
	X(page_items) X(page_tables) X(page_code) X(page_inputs) X(page_h1) X(page_articles) \
	X(url_segments) X(url_words) X(url_digits) X(url_query) X(url_length) X(title_words) \
	X(page_prices) X(page_type) X(page_dated) X(page_pairs) X(body_log) X(body_seen)

#define PM_FEATURES_FIRST(X) \
	PM_FEATURES_OWN(X) PM_FEATURES_PLACE(X) PM_FEATURES_NEAR(X) PM_FEATURES_PAGE(X)

/* What the second sees besides: the first's view of what is around. */
#define PM_FEATURES_SECOND(X) \
	X(s0) X(s_prev) X(s_next) X(s_prev2) X(s_next2) X(s_prev3) X(s_next3) \
	X(p_box) X(p_box2) X(p_box3) X(p_box4) X(p_build) X(p_parent) \
	X(p_heading) X(p_section) X(p_next_section) \
	X(mass_before) X(mass_after) X(mass_log) X(mass_share) \
	X(good_before) X(good_after) X(p_before_near) X(p_after_near) \
	X(top_inside) X(top_share) X(top_order) X(top_up) X(top_p) X(run_log)

enum pm_main_feature {
#define PM_FEATURE_ENUM(name) PM_F_##name,
	PM_FEATURES_FIRST(PM_FEATURE_ENUM)
	PM_FEATURES_FIRST_END,
	PM_FEATURES_SECOND_BEGIN = PM_FEATURES_FIRST_END - 1,
	PM_FEATURES_SECOND(PM_FEATURE_ENUM)
	PM_FEATURES_END
#undef PM_FEATURE_ENUM
};

#endif
