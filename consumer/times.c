#include "consumer/times.h"

#include <stdio.h>

/* The digits s[at .. at + n); -1: not digits. */
static int digits(struct pm_slice s, size_t at, size_t n)
{
	int value = 0;

	if (at + n > s.len)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if ((unsigned char)(s.ptr[i] - '0') > 9)
			return -1;
		value = value * 10 + (s.ptr[i] - '0');
	}
	return value;
}

static bool is_char(struct pm_slice s, size_t at, char c)
{
	return at < s.len && s.ptr[at] == c;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* "2025-07-12" */
static bool valid_date(struct pm_slice s)
{
	int year = digits(s, 0, 4), month = digits(s, 5, 2), day = digits(s, 8, 2);

	if (year < 0 || !is_char(s, 4, '-') || !is_char(s, 7, '-'))
		return false;
	return month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

/* "Z" or "+05:30" to the end, as minutes east of UTC. */
static bool valid_offset(struct pm_slice s, size_t at, int *minutes)
{
	int hour, minute;

	*minutes = 0;
	if (at + 1 == s.len)
		return s.ptr[at] == 'Z' || s.ptr[at] == 'z';
	hour = digits(s, at + 1, 2);
	minute = digits(s, at + 4, 2);
	if (at + 6 != s.len || (s.ptr[at] != '+' && s.ptr[at] != '-') || s.ptr[at + 3] != ':')
		return false;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return false;
	*minutes = (hour * 60 + minute) * (s.ptr[at] == '+' ? 1 : -1);
	return true;
}

bool pm_time_valid(struct pm_slice s, size_t *keep)
{
	int hour = digits(s, 11, 2), minute = digits(s, 14, 2), second = digits(s, 17, 2);
	int east = 0;
	size_t at = 19;

	if (!valid_date(s))
		return false;
	*keep = 10;
	if (s.len == 10)
		return true;
	if (!is_char(s, 10, 'T') && !is_char(s, 10, 't'))
		return false;
	if (!is_char(s, 13, ':') || !is_char(s, 16, ':'))
		return false;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return false;
	if (is_char(s, at, '.')) {
		size_t first = ++at;

		while (at < s.len && (unsigned char)(s.ptr[at] - '0') <= 9)
			at++;
		if (at == first)
			return false;
	}
	if (at == s.len)
		return second < 60;
	if (!valid_offset(s, at, &east))
		return false;
	*keep = s.len;
	return second < 60 || (hour * 60 + minute - east + 2 * 1440) % 1440 == 1439;
}

bool pm_time_of_ms(int64_t ms, char out[PM_TIME_SIZE])
{
	int64_t days = ms / 86400000, left = ms % 86400000;
	int year = 1970, month = 1;

	/* 253402300799999 is the last millisecond of the year 9999. */
	if (ms < 0 || ms > 253402300799999)
		return false;
	year += (int)(days / 146097) * 400;
	days %= 146097;
	for (;;) {
		int n = 337 + month_days(year, 2);

		if (days < n)
			break;
		days -= n;
		year++;
	}
	while (days >= month_days(year, month))
		days -= month_days(year, month++);
	snprintf(out, PM_TIME_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)year % 10000,
		 (unsigned)month % 100, (unsigned)(days + 1) % 100,
		 (unsigned)(left / 3600000) % 100, (unsigned)(left / 60000 % 60),
		 (unsigned)(left / 1000 % 60), (unsigned)(left % 1000));
	return true;
}
