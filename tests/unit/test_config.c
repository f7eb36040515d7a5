/* Configuration: positions, every fault in one run, expansion, repeated names, --set. */
#include "core/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/config_pos.h"
#include "tests/test.h"

static char printed[1 << 16];

static const char *faults(struct pm_config *cf)
{
	FILE *to = fmemopen(printed, sizeof(printed) - 1, "w");

	pm_config_print(cf, to);
	printed[ftell(to)] = '\0';
	fclose(to);
	return printed;
}

static struct pm_config *text(const char *str)
{
	struct pm_config *cf = pm_config_text("c.json", pm_slice_str(str));

	CHECK(cf != NULL && json_is_object(pm_config_root(cf)));
	return cf;
}

/* Reads, compares what is printed, frees. */
static void check_faults(const char *str, const char *want)
{
	struct pm_config *cf = text(str);

	CHECK_SLICE(pm_slice_str(faults(cf)), want);
	CHECK((pm_config_faults(cf) == 0) == (*want == '\0'));
	pm_config_free(cf);
}

static const char *string_at(struct pm_config *cf, const char *name)
{
	const char *str = json_string_value(json_object_get(pm_config_root(cf), name));

	return str ? str : "(absent)";
}

static void test_positions(void)
{
	static const char str[] = "{\n"
				  "  \"a\": 1,\n"
				  "\t\"b\": {\"ü\": 0, \"c.d\": [10,\n"
				  "    {\"e\\u0066\": null}]}\r\n"
				  "}\n";
	struct pm_config *cf = text(str);

	/* Added in another order than they stand in. */
	pm_config_fault(cf, "b.c.d[1].ef", "five");
	pm_config_fault(cf, "b.c.d[1].missing", "four, at its parent");
	pm_config_fault(cf, "b.c.d[0]", "three");
	pm_config_fault(cf, "b.c.d", "two, behind a letter of two bytes");
	pm_config_fault(cf, "nowhere.at[7].all", "root");
	pm_config_fault(cf, "a", "one");
	pm_config_fault(cf, "", "root too");
	CHECK_SLICE(pm_slice_str(faults(cf)),
		    "c.json:1:1: nowhere.at[7].all: root\n"
		    "c.json:1:1: root too\n"
		    "c.json:2:3: a: one\n"
		    "c.json:3:16: b.c.d: two, behind a letter of two bytes\n"
		    "c.json:3:24: b.c.d[0]: three\n"
		    "c.json:4:5: b.c.d[1].missing: four, at its parent\n"
		    "c.json:4:6: b.c.d[1].ef: five\n");
	CHECK(pm_config_faults(cf) == 7);
	pm_config_free(cf);
}

static void test_syntax(void)
{
	check_faults("", "c.json:1:1: the file is empty; expected an object\n");
	check_faults(" \n\t\n", "c.json:3:1: the file is empty; expected an object\n");
	check_faults("[]", "c.json:1:1: expected an object: the file begins with {\n");
	check_faults("{", "c.json:1:2: the file ends before this object is closed\n");
	check_faults("{\"a\"", "c.json:1:5: a: expected a colon behind the name\n");
	check_faults("{\"a\":", "c.json:1:6: a: expected a value, but the file ends here\n");
	check_faults("{\"a\":[1", "c.json:1:8: a: the file ends before this array is closed\n");
	check_faults("{\"a\":1,\n}", "c.json:2:1: a comma stands before this closing bracket\n");
	check_faults("{\"a\":[1,]}", "c.json:1:9: a: a comma stands before this closing bracket\n");
	check_faults("{\"a\":1 \"b\":2}", "c.json:1:8: expected a comma or }\n");
	check_faults("{a:1}", "c.json:1:2: expected a name in double quotes\n");
	check_faults("{// x\n}", "c.json:1:2: expected a name; JSON has no comments\n");
	check_faults("{\"a\":'x'}",
		     "c.json:1:6: a: expected a value; strings stand in double quotes\n");
	check_faults("{\"a\":\"x\ny\"}", "c.json:1:8: a: the string is not closed on its line\n");
	check_faults("{\"a\":\"x\x01y\"}", "c.json:1:8: a: a control character inside a string\n");
	check_faults("{\"a\":\"x", "c.json:1:6: a: the string is never closed\n");
	check_faults("{\"a\":\"\\d\"}",
		     "c.json:1:7: a: no such escape; a backslash itself is \\\\\n");
	check_faults("{\"a\":\"\\u12g4\"}", "c.json:1:7: a: \\u takes four hexadecimal digits\n");
	check_faults("{\"a\":\"\\u0000\"}",
		     "c.json:1:7: a: \\u0000 can't stand in a configuration\n");
	check_faults("{\"a\":\"\\ud800x\"}", "c.json:1:7: a: half of a surrogate pair\n");
	check_faults("{\"a\":\"\\udc00\"}", "c.json:1:7: a: half of a surrogate pair\n");
	check_faults("{\"a\":01}",
		     "c.json:1:6: a: not a number: digits, without a zero in front\n");
	check_faults("{\"a\":1.}", "c.json:1:6: a: not a number: digits must follow the point\n");
	check_faults("{\"a\":1e}",
		     "c.json:1:6: a: not a number: digits must follow the exponent's e\n");
	check_faults("{} x", "c.json:1:4: nothing may follow the outermost object\n");
	check_faults("{\"\\ud83d\\ude00\":1}", "");
}

static void test_numbers(void)
{
	check_faults("{\"a\":9223372036854775807,\"b\":-9223372036854775808}", "");
	check_faults("{\"a\":9223372036854775808}",
		     "c.json:1:6: a: the number is beyond 64 bits\n");
	check_faults("{\"a\":-9223372036854775809}",
		     "c.json:1:6: a: the number is beyond 64 bits\n");
	check_faults("{\"a\":1e999}", "c.json:1:10: the number is too large\n");
}

static void test_bytes(void)
{
	struct pm_config *cf;

	check_faults("\xef\xbb\xbf{\"a\": 1, \"a\": 2}",
		     "c.json:1:10: a: given twice; the first is in line 1\n");
	check_faults("\xff\xfe{", "c.json:1:1: the file is UTF-16; it must be UTF-8\n");
	check_faults("{\n\"ü\": \"\xfc\"}", "c.json:2:7: not valid UTF-8\n");
	cf = pm_config_text("c.json", PM_LIT("{\"a\":\0 1}"));
	CHECK_SLICE(pm_slice_str(faults(cf)),
		    "c.json:1:6: a NUL byte; the file must be UTF-8 text\n");
	pm_config_free(cf);
}

/* Names are shown as a terminal may see them. */
static void test_hostile_names(void)
{
	struct pm_config *cf = pm_config_text("a\033[31m\nb", PM_LIT("{\"x\\u001b\\n\": 1}"));

	pm_config_fault(cf, "x\033\n", "no such option");
	CHECK_SLICE(pm_slice_str(faults(cf)), "a\\x1b[31m\\nb:1:2: x\\x1b\\n: no such option\n");
	pm_config_free(cf);
}

static void test_duplicates(void)
{
	check_faults(
	    "{\"a\": {\"b\": 1, \"c\": 2,\n \"\\u0062\": 3},\n\"d\": [{\"e\":1,\"e\":1}],\"a\":0}",
	    "c.json:2:2: a.b: given twice; the first is in line 1\n"
	    "c.json:3:14: d[0].e: given twice; the first is in line 3\n"
	    "c.json:3:22: a: given twice; the first is in line 1\n");
	/* The same name elsewhere, and an element beside a member named like an index, are fine. */
	check_faults("{\"a\": {\"a\": 1}, \"b\": [{\"a\": 1}, {\"a\": 2}], \"0\": 1, \"\": [1]}",
		     "");
	/* Repeats before a fault of syntax are told as well. */
	check_faults("{\"a\":1,\"a\":2,}",
		     "c.json:1:8: a: given twice; the first is in line 1\n"
		     "c.json:1:14: a comma stands before this closing bracket\n");
}

static char *nested(unsigned levels)
{
	char *str = calloc(levels + 1, 2 * 5), *at = str;

	for (unsigned i = 1; i < levels; i++)
		at = stpcpy(at, "{\"a\":");
	at = stpcpy(at, "{}");
	for (unsigned i = 1; i < levels; i++)
		at = stpcpy(at, "}");
	return str;
}

static void test_depth(void)
{
	char *fits = nested(PM_POS_DEPTH), *deep = nested(PM_POS_DEPTH + 1);
	char *abyss = malloc(100001);
	struct pm_config *cf;

	check_faults(fits, "");
	cf = text(deep);
	CHECK(strstr(faults(cf), "a.a: nested deeper than 64 levels\n") != NULL);
	pm_config_free(cf);
	memset(abyss, '[', 100000);
	memcpy(abyss, "{\"a\":", 5);
	abyss[100000] = '\0';
	cf = text(abyss);
	CHECK(pm_config_faults(cf) == 1);
	CHECK(strstr(faults(cf), "nested deeper than 64 levels") != NULL);
	pm_config_free(cf);
	free(fits);
	free(deep);
	free(abyss);
}

/* Behind a syntax error the tree is empty: what its readers miss is no news. */
static void test_broken(void)
{
	struct pm_config *cf = text("{\"a\":}");
	struct pm_err err;

	pm_config_fault(cf, "input", "is missing");
	CHECK(pm_config_set(cf, "a=1", &err) == 0);
	CHECK_SLICE(pm_slice_str(faults(cf)),
		    "c.json:1:6: a: expected a value before the bracket\n");
	CHECK(json_object_size(pm_config_root(cf)) == 0);
	pm_config_free(cf);
}

static void test_many_faults(void)
{
	struct pm_config *cf = text("{}");

	for (int i = 0; i < 1002; i++)
		pm_config_fault(cf, "x", "no");
	CHECK(pm_config_faults(cf) == 1002);
	CHECK(strstr(faults(cf), "c.json: and 2 faults more\n") != NULL);
	pm_config_free(cf);
}

static void test_expand(void)
{
	struct pm_config *cf;

	setenv("PM_T_SET", "value", 1);
	setenv("PM_T_EMPTY", "", 1);
	setenv("PM_T_NEST", "${PM_T_SET}\",\"x\":\"$$", 1);
	unsetenv("PM_T_UNSET");
	cf = text(
	    "{\"a\": \"<${PM_T_SET}>\", \"b\": \"${PM_T_UNSET:-x:y}\", \"c\": \"${PM_T_EMPTY:-e}\","
	    "\"d\": \"[${PM_T_EMPTY}]\", \"e\": \"$$ $${PM_T_SET} ^a$ $x\", \"f\": "
	    "\"${PM_T_NEST}\","
	    "\"g\": \"${PM_T_SET:?no}${PM_T_SET:-no}\", \"${PM_T_SET}\": \"$\", \"h\": "
	    "\"${PM_T_UNSET:-}\"}");
	CHECK_SLICE(pm_slice_str(faults(cf)), "");
	CHECK_SLICE(pm_slice_str(string_at(cf, "a")), "<value>");
	CHECK_SLICE(pm_slice_str(string_at(cf, "b")), "x:y");
	CHECK_SLICE(pm_slice_str(string_at(cf, "c")), "e");
	CHECK_SLICE(pm_slice_str(string_at(cf, "d")), "[]");
	CHECK_SLICE(pm_slice_str(string_at(cf, "e")), "$ ${PM_T_SET} ^a$ $x");
	CHECK_SLICE(pm_slice_str(string_at(cf, "f")), "${PM_T_SET}\",\"x\":\"$$");
	CHECK_SLICE(pm_slice_str(string_at(cf, "g")), "valuevalue");
	CHECK_SLICE(pm_slice_str(string_at(cf, "h")), "");
	/* Names are not expanded. */
	CHECK_SLICE(pm_slice_str(string_at(cf, "${PM_T_SET}")), "$");
	pm_config_free(cf);
}

static void test_expand_faults(void)
{
	setenv("PM_T_BAD", "\xff", 1);
	check_faults(
	    "{\"a\": \"${PM_T_UNSET} ${PM_T_UNSET:?brokers, as host:port}\",\n"
	    " \"b\": [\"x\", \"${PM_T_EMPTY:?}\"], \"c\": \"${1}\",\n"
	    " \"d\": \"${PM_T_SET\", \"e\": \"${PM_T_SET:=x}\", \"f\": \"${}\",\n"
	    " \"g\": \"${PM_T_BAD}\", \"h\": \"${file:}\", \"i\": \"${file:/nowhere/at-all}\"}",
	    "c.json:1:2: a: the environment variable PM_T_UNSET is not set\n"
	    "c.json:1:2: a: PM_T_UNSET: brokers, as host:port\n"
	    "c.json:2:13: b[1]: the environment variable PM_T_EMPTY is empty\n"
	    "c.json:2:33: c: expected ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH};"
	    " a dollar sign itself is $$\n"
	    "c.json:3:2: d: ${ without its }; a dollar sign itself is $$\n"
	    "c.json:3:21: e: expected ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH};"
	    " a dollar sign itself is $$\n"
	    "c.json:3:44: f: expected ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:PATH};"
	    " a dollar sign itself is $$\n"
	    "c.json:4:2: g: the environment variable PM_T_BAD is not valid UTF-8\n"
	    "c.json:4:22: h: ${file:} names no file\n"
	    "c.json:4:39: i: the file /nowhere/at-all: can't be opened: "
	    "No such file or directory\n");
}

static void write_file(char *path, const char *bytes, size_t len)
{
	int fd;

	strcpy(path, "/tmp/pm-test-XXXXXX");
	fd = mkstemp(path);
	CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static struct pm_config *with_file(const char *path)
{
	char str[128];

	snprintf(str, sizeof(str), "{\"a\": \"<${file:%s}>\"}", path);
	return text(str);
}

static void check_file(const char *bytes, size_t len, const char *want)
{
	char path[64];
	struct pm_config *cf;

	write_file(path, bytes, len);
	cf = with_file(path);
	if (want)
		CHECK_SLICE(pm_slice_str(string_at(cf, "a")), want);
	CHECK(pm_config_faults(cf) == (want ? 0 : 1));
	unlink(path);
	pm_config_free(cf);
}

static void test_files(void)
{
	char *large = malloc((1 << 20) + 3), path[64];
	struct pm_config *cf;

	check_file("secret\n", 7, "<secret>");
	check_file("secret\n\n", 8, "<secret\n>");
	check_file("", 0, "<>");
	check_file("\n", 1, "<>");
	check_file("a\0b", 3, NULL);
	check_file("\xc3", 1, NULL);
	memset(large, 'x', (1 << 20) + 3);
	check_file(large, (1 << 20) + 1, NULL);
	large[0] = '<';
	large[(1 << 20) + 1] = '>';
	large[(1 << 20) + 2] = '\0';
	write_file(path, large + 1, 1 << 20);
	cf = with_file(path);
	CHECK_SLICE(pm_slice_str(string_at(cf, "a")), large);
	unlink(path);
	pm_config_free(cf);
	free(large);
}

/* Whoever quotes a value in a fault does not give the secret away. */
static void test_secrets(void)
{
	char path[64];
	struct pm_config *cf;

	write_file(path, "hunter2\n", 8);
	setenv("PM_T_PASSWORD", "correct horse", 1);
	cf = with_file(path);
	CHECK(pm_config_set(cf, "b=${PM_T_PASSWORD}", &(struct pm_err){0}) == 0);
	pm_config_fault(cf, "a", "no topic \"%s\", \"%s\"", string_at(cf, "a"), string_at(cf, "b"));
	CHECK_SLICE(pm_slice_str(faults(cf)), "c.json:1:2: a: no topic \"<***>\", \"***\"\n");
	unlink(path);
	pm_config_free(cf);
}

static void test_read(void)
{
	struct pm_err err = {0};
	char path[64];
	struct pm_config *cf;
	char *large = malloc((16 << 20) + 1);

	CHECK(pm_config_read("/nowhere/c.json", &err) == NULL && err.status == 66);
	CHECK(strcmp(err.msg, "/nowhere/c.json: can't be opened: No such file or directory") == 0);
	CHECK(pm_config_read("/tmp", &err) == NULL && err.status == 66);
	write_file(path, "{\"a\": \"b\"}\n", 11);
	cf = pm_config_read(path, &err);
	CHECK(cf && pm_config_faults(cf) == 0);
	CHECK_SLICE(pm_slice_str(string_at(cf, "a")), "b");
	pm_config_free(cf);
	unlink(path);
	memset(large, ' ', (16 << 20) + 1);
	memcpy(large, "{}", 2);
	write_file(path, large, 16 << 20);
	cf = pm_config_read(path, &err);
	CHECK(cf && pm_config_faults(cf) == 0);
	pm_config_free(cf);
	unlink(path);
	write_file(path, large, (16 << 20) + 1);
	cf = pm_config_read(path, &err);
	CHECK(cf && pm_config_faults(cf) == 1 && strstr(faults(cf), ":1:1: larger than 16 MiB\n"));
	pm_config_free(cf);
	unlink(path);
	free(large);
}

static void check_set(const char *assignment, const char *want)
{
	struct pm_config *cf = text("{\"n\": {\"x.y\": 1, \"s\": \"t\"}, \"l\": [1, {\"m\": 2}],"
				    " \"kafka\": {\"k\": 1}}");
	struct pm_err err = {0};
	char *got = NULL;

	if (pm_config_set(cf, assignment, &err) == 0)
		got = json_dumps(pm_config_root(cf), JSON_COMPACT);
	CHECK_SLICE(pm_slice_str(got ? got : err.msg), want);
	CHECK(got || err.status == (strchr(assignment, '=') ? 78 : 64));
	free(got);
	pm_config_free(cf);
}

static void test_set(void)
{
#define REST "\"l\":[1,{\"m\":2}],\"kafka\":{\"k\":1}}"
	check_set("n=1", "{\"n\":1," REST);
	check_set("n=one", "{\"n\":\"one\"," REST);
	check_set("n=", "{\"n\":\"\"," REST);
	check_set("n=\"1\"", "{\"n\":\"1\"," REST);
	check_set("n={\"a\":[true]}", "{\"n\":{\"a\":[true]}," REST);
	check_set("n=a=b", "{\"n\":\"a=b\"," REST);
	check_set("n.x.y=2", "{\"n\":{\"x.y\":2,\"s\":\"t\"}," REST);
	check_set("n.new.at=2", "{\"n\":{\"x.y\":1,\"s\":\"t\",\"new\":{\"at\":2}}," REST);
	check_set("n[\"a.b\"].c=2", "{\"n\":{\"x.y\":1,\"s\":\"t\",\"a.b\":{\"c\":2}}," REST);
#undef REST
#define REST "{\"n\":{\"x.y\":1,\"s\":\"t\"},\"l\":"
	check_set("l[0]=x", REST "[\"x\",{\"m\":2}],\"kafka\":{\"k\":1}}");
	check_set("l[1].m=3", REST "[1,{\"m\":3}],\"kafka\":{\"k\":1}}");
	check_set("kafka.client.id=c",
		  REST "[1,{\"m\":2}],\"kafka\":{\"k\":1,\"client.id\":\"c\"}}");
#undef REST
	check_set("l[2]=x", "l: the array has no such element");
	check_set("l[99999999999999999999999]=x", "l: the array has no such element");
	check_set("l[x]=x", "l: expected [n] or [\"name\"] in the path");
	check_set("l.m=x", "l: not an object");
	check_set("n[0]=x", "n: not an array");
	check_set("n.s.t=x", "n.s: not an object");
	check_set("n.=x", "n: the path ends with a dot");
	check_set(".n=x", "a name in the path is empty or too long");
	check_set("n", "expected path.to.key=value");
	check_set("n=\xff", "n: the value is not valid UTF-8");
}

/* A fault of a value that was set has no place in the file; what it replaced is forgotten. */
static void test_set_faults(void)
{
	struct pm_err err = {0};
	struct pm_config *cf =
	    text("{\"a\": {\"b\": \"${PM_T_UNSET}\"}, \"c\": \"${PM_T_UNSET}\"}");

	CHECK(pm_config_faults(cf) == 2);
	CHECK(pm_config_set(cf, "a.b=7", &err) == 0);
	CHECK(pm_config_faults(cf) == 1);
	pm_config_fault(cf, "a.b", "expected a string");
	pm_config_fault(cf, "a", "something else");
	CHECK(pm_config_set(cf, "c=${PM_T_SET}", &err) == 0);
	CHECK_SLICE(pm_slice_str(string_at(cf, "c")), "value");
	CHECK(pm_config_set(cf, "d.e=${PM_T_UNSET}", &err) == 0);
	CHECK_SLICE(pm_slice_str(faults(cf)),
		    "c.json:1:2: a: something else\n"
		    "--set: a.b: expected a string\n"
		    "--set: d.e: the environment variable PM_T_UNSET is not set\n");
	pm_config_free(cf);
}

static void test_keep(void)
{
	struct pm_config *cf = text("{}");

	CHECK(pm_config_keep(cf, 0) != NULL);
	CHECK(pm_config_keep(cf, SIZE_MAX) == NULL);
	memset(pm_config_keep(cf, 1000), 1, 1000);
	pm_config_free(cf);
	pm_config_free(NULL);
}

int main(void)
{
	RUN(test_positions);
	RUN(test_syntax);
	RUN(test_numbers);
	RUN(test_bytes);
	RUN(test_hostile_names);
	RUN(test_duplicates);
	RUN(test_depth);
	RUN(test_broken);
	RUN(test_many_faults);
	RUN(test_expand);
	RUN(test_expand_faults);
	RUN(test_files);
	RUN(test_secrets);
	RUN(test_read);
	RUN(test_set);
	RUN(test_set_faults);
	RUN(test_keep);
	return DONE();
}
