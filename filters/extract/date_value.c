/* filters/extract/date_value.c -- dates that stand alone: attributes, URLs, instants. */
#include "filters/extract/date_impl.h"

/* -- values and URLs --------------------------------------------------------------------------- */

static bool of_epoch(uint64_t seconds, const struct pm_date_hints *hints, struct pm_date *d)
{
	unsigned y = 1970, m = 1, day = (unsigned)(seconds / 86400),
		 rest = (unsigned)(seconds % 86400);
	char time[] = "T00:00:00Z";

	for (; day >= 365u + (pm_date_days_in(y, 2) == 29); y++)
		day -= 365u + (pm_date_days_in(y, 2) == 29);
	for (; day >= pm_date_days_in(y, m); m++)
		day -= pm_date_days_in(y, m);
	if (!pm_date_set(y, m, day + 1, hints, d))
		return false;
	for (unsigned i = 0; i < 3; i++) {
		unsigned part = i == 0 ? rest / 3600 : i == 1 ? rest / 60 % 60 : rest % 60;

		time[1 + 3 * i] = (char)('0' + part / 10);
		time[2 + 3 * i] = (char)('0' + part % 10);
	}
	memcpy(d->text + d->len, time, sizeof(time) - 1);
	d->len += sizeof(time) - 1;
	d->timed = true;
	return true;
}

bool pm_date_value(struct pm_slice s, const struct pm_date_hints *hints, struct pm_date *d)
{
	uint64_t n = 0;
	size_t i = 0;

	s = pm_slice_trim(s);
	for (; i < s.len && i < 14 && (unsigned char)(s.ptr[i] - '0') < 10; i++)
		n = n * 10 + (unsigned)(s.ptr[i] - '0');
	if (i == s.len && (i == 10 || i == 13))
		return of_epoch(i == 13 ? n / 1000 : n, hints, d);
	if (i == s.len && i == 14)
		return pm_date_set((unsigned)(n / 10000000000), (unsigned)(n / 100000000 % 100),
			       (unsigned)(n / 1000000 % 100), hints, d);
	if (i == 8 && (i == s.len || s.ptr[i] == 'T' || s.ptr[i] == ' ')) {
		if (pm_date_set((unsigned)(n / 10000), (unsigned)(n / 100 % 100),
				(unsigned)(n % 100), hints, d))
			return true;
	}
	return pm_date_find(s, hints, d, NULL);
}

static bool url_part(struct pm_slice s, size_t *i, size_t least, size_t most, unsigned *value)
{
	size_t from = *i;

	*value = 0;
	while (*i < s.len && *i - from < most && (unsigned char)(s.ptr[*i] - '0') < 10)
		*value = *value * 10 + (unsigned)(s.ptr[(*i)++] - '0');
	return *i - from >= least && (*i == s.len || (unsigned char)(s.ptr[*i] - '0') >= 10);
}

/* The month of a URL's path: a number, or English's or another language's short name. */
static bool url_month(struct pm_slice s, size_t *i, unsigned *month)
{
	size_t from = *i;

	if (url_part(s, i, 1, 2, month))
		return true;
	*i = from;
	while (*i < s.len && (unsigned char)((s.ptr[*i] | 0x20) - 'a') < 26)
		(*i)++;
	*month = pm_date_month(pm_slice(s.ptr + from, *i - from), (struct pm_slice){ 0 });
	return *month != 0;
}

/* Year, month and day from `at`, parted by one and the same mark, or written in one. */
static bool url_date(struct pm_slice s, size_t at, const struct pm_date_hints *hints,
		     struct pm_date *d)
{
	size_t i = at;
	unsigned y, m, day;
	char sep;

	if (url_part(s, &i, 8, 8, &y))
		return pm_date_set(y / 10000, y / 100 % 100, y % 100, hints, d);
	i = at;
	if (!url_part(s, &i, 4, 4, &y) || i == s.len)
		return false;
	sep = s.ptr[i++];
	if (sep != '/' && sep != '-' && sep != '_' && sep != '.')
		return false;
	/* People's Daily and its kin: /2024/0424/ */
	at = i;
	if (url_part(s, &i, 4, 4, &m))
		return pm_date_set(y, m / 100, m % 100, hints, d);
	i = at;
	if (!url_month(s, &i, &m) || i == s.len || s.ptr[i++] != sep ||
	    !url_part(s, &i, 1, 2, &day))
		return false;
	return pm_date_set(y, m, day, hints, d);
}

bool pm_date_in_url(struct pm_slice url, const struct pm_date_hints *hints, struct pm_date *d)
{
	for (size_t i = 8; i + 8 <= url.len && url.ptr[i] != '?' && url.ptr[i] != '#'; i++) {
		char before = url.ptr[i - 1], c = url.ptr[i];

		if ((c == '1' || c == '2') &&
		    (before == '/' || before == '-' || before == '_' || before == '=') &&
		    url_date(url, i, hints, d))
			return true;
	}
	return false;
}

uint32_t pm_date_latest(struct pm_slice fetched_at)
{
	static const struct pm_date_hints none;
	struct pm_date d;
	unsigned y, m, day;

	if (fetched_at.len < 10 || !pm_date_find(pm_slice(fetched_at.ptr, 10), &none, &d, NULL))
		return 0;
	y = d.day / 10000, m = d.day / 100 % 100, day = d.day % 100 + 1;
	if (day > pm_date_days_in(y, m))
		day = 1, m++;
	if (m > 12)
		m = 1, y++;
	return y * 10000 + m * 100 + day;
}

/* -- moments ----------------------------------------------------------------------------------- */

static int number_at(const struct pm_date *d, unsigned i)
{
	return (d->text[i] - '0') * 10 + d->text[i + 1] - '0';
}

/* Days since the first of March of the year 0, in the proleptic calendar. */
static int64_t day_count(uint32_t day)
{
	int64_t y = day / 10000, m = day / 100 % 100;

	y -= m < 3;
	m += m < 3 ? 9 : -3;
	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day % 100 - 1;
}

int64_t pm_date_days(uint32_t a, uint32_t b)
{
	return day_count(b) - day_count(a);
}

/* Minutes that a time's offset, which ends its text, is ahead of UTC. */
static int offset_of(const struct pm_date *d)
{
	unsigned at = d->len - 6u;
	int minutes;

	if (d->text[d->len - 1] == 'Z')
		return 0;
	minutes = number_at(d, at + 1) * 60 + number_at(d, at + 4);
	return d->text[at] == '-' ? -minutes : minutes;
}

static int64_t minute_of(const struct pm_date *d)
{
	return day_count(d->day) * 1440 + number_at(d, 11) * 60 + number_at(d, 14) - offset_of(d);
}

bool pm_date_same_minute(const struct pm_date *a, const struct pm_date *b)
{
	return a->timed && b->timed && minute_of(a) == minute_of(b);
}

bool pm_date_may_be_local(const struct pm_date *utc, uint32_t day)
{
	int minutes;

	if (!utc->timed || offset_of(utc) != 0 || day_count(utc->day) - day_count(day) != 1)
		return false;
	minutes = number_at(utc, 11) * 60 + number_at(utc, 14);
	return minutes > 0 && minutes < 12 * 60;
}
