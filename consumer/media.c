#include "consumer/media.h"

/* HTTP token code points (RFC 9110 section 5.6.2). */
static bool token_char(char c)
{
	if ((unsigned char)(pm_ascii_lower(c) - 'a') < 26 || (unsigned char)(c - '0') < 10)
		return true;
	return c && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool is_token(struct pm_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!token_char(s.ptr[i]))
			return false;
	return s.len > 0;
}

/* HTTP white space: without the form feed that HTML's has. */
static bool http_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct pm_slice http_trim(struct pm_slice s)
{
	while (s.len && http_space(s.ptr[0]))
		s.ptr++, s.len--;
	while (s.len && http_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool pm_mime_parse(struct pm_slice value, struct pm_mime *mime)
{
	struct pm_slice s = http_trim(value);
	const char *slash, *end;

	if (!s.len)
		return false;
	end = memchr(s.ptr, ';', s.len);
	if (end)
		s = http_trim(pm_slice(s.ptr, (size_t)(end - s.ptr)));
	slash = s.len ? memchr(s.ptr, '/', s.len) : NULL;
	if (!slash)
		return false;
	mime->type = pm_slice(s.ptr, (size_t)(slash - s.ptr));
	mime->subtype = pm_slice(slash + 1, s.len - mime->type.len - 1);
	mime->essence = s;
	return is_token(mime->type) && is_token(mime->subtype);
}

/* -- content --------------------------------------------------------------------------------- */

/* Formats that crawlers meet where a page was expected. `at` is where the mark stands. */
static const struct magic { uint8_t at, len; const char *bytes; } magics[] = {
	{ 0, 5, "%PDF-" },
	{ 0, 11, "%!PS-Adobe-" },
	{ 0, 8, "\x89PNG\r\n\x1a\n" },
	{ 0, 3, "\xff\xd8\xff" },               /* JPEG */
	{ 0, 6, "GIF87a" },
	{ 0, 6, "GIF89a" },
	{ 0, 4, "II*\0" },                      /* TIFF */
	{ 0, 4, "MM\0*" },
	{ 8, 4, "WEBP" },
	{ 8, 4, "WAVE" },
	{ 8, 4, "AVI " },
	{ 4, 4, "ftyp" },                       /* MP4, HEIF, AVIF */
	{ 0, 4, "OggS" },
	{ 0, 4, "fLaC" },
	{ 0, 4, "FORM" },
	{ 0, 4, "\x1a\x45\xdf\xa3" },           /* Matroska, WebM */
	{ 0, 4, "PK\3\4" },                     /* ZIP, and what is built on it */
	{ 0, 4, "PK\5\6" },
	{ 0, 3, "\x1f\x8b\x08" },               /* gzip */
	{ 0, 4, "\x28\xb5\x2f\xfd" },           /* zstd */
	{ 0, 6, "\xfd" "7zXZ\0" },
	{ 0, 6, "7z\xbc\xaf\x27\x1c" },
	{ 0, 6, "Rar!\x1a\x07" },
	{ 0, 4, "wOFF" },
	{ 0, 4, "wOF2" },
	{ 0, 4, "\x7f" "ELF" },
	{ 0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },   /* the older Office formats */
	{ 0, 5, "{\\rtf" },
};

/* Marks of letters alone might begin a text: they count together with what stands around them. */
static bool magic_fits(const struct magic *m, struct pm_slice body)
{
	if (body.len < (size_t)m->at + m->len || memcmp(body.ptr + m->at, m->bytes, m->len) != 0)
		return false;
	if (m->at == 8)
		return memcmp(body.ptr, "RIFF", 4) == 0;
	if (m->at == 4)
		return body.ptr[0] == 0;
	if (m->len == 4 && memcmp(m->bytes, "FORM", 4) == 0)
		return body.len >= 12 && memcmp(body.ptr + 8, "AIF", 3) == 0;
	return true;
}

static int utf16_mark(struct pm_slice body)
{
	if (body.len >= 2 && memcmp(body.ptr, "\xff\xfe", 2) == 0)
		return 0;
	if (body.len >= 2 && memcmp(body.ptr, "\xfe\xff", 2) == 0)
		return 1;
	return -1;
}

/* Whether the content is no text: a NUL, or the magic number of a known format. Text in UTF-16 with
 * a byte order mark is text. */
static bool is_binary(struct pm_slice body)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (magic_fits(&magics[i], body))
			return true;
	if (utf16_mark(body) >= 0)
		return false;
	return body.len && memchr(body.ptr, 0, body.len);
}

/* -- the root of an XML document ------------------------------------------------------------- */

/* ASCII as it shows through UTF-8 and, with a byte order mark, through UTF-16; other code units
 * read as DEL, which is no markup. */
struct units {
	struct pm_slice s;
	size_t step, low;       /* bytes of a unit, and which of them holds ASCII */
	size_t at, n;           /* in units */
};

static char unit(const struct units *u, size_t i)
{
	const char *p;

	if (i >= u->n)
		return 0;
	p = u->s.ptr + i * u->step;
	if (u->step == 2 && p[1 - u->low])
		return 0x7f;
	return p[u->low];
}

static bool here(const struct units *u, const char *str)
{
	size_t i = 0;

	while (str[i] && unit(u, u->at + i) == str[i])
		i++;
	return !str[i];
}

/* Moves behind the next `str`; false: there is none. */
static bool skip_past(struct units *u, const char *str)
{
	for (; u->at < u->n; u->at++)
		if (unit(u, u->at) == str[0] && here(u, str)) {
			u->at += strlen(str);
			return true;
		}
	return false;
}

/* Behind <!DOCTYPE ...>, whose internal subset holds quoted strings, comments and declarations. */
static bool skip_doctype(struct units *u)
{
	int subset = 0;

	while (u->at < u->n) {
		char c = unit(u, u->at++);
		const char quote[2] = { c, 0 };

		if ((c == '"' || c == '\'') && !skip_past(u, quote))
			return false;
		if (c == '<' && here(u, "!--") && !skip_past(u, "-->"))
			return false;
		if (c == '[')
			subset = 1;
		if (c == ']')
			subset = 0;
		if (c == '>' && !subset)
			return true;
	}
	return false;
}

static bool doctype_here(const struct units *u)
{
	static const char name[] = "<!doctype";

	for (size_t i = 0; name[i]; i++)
		if (pm_ascii_lower(unit(u, u->at + i)) != name[i])
			return false;
	return true;
}

static bool html_name_here(const struct units *u)
{
	static const char name[] = "html";
	char c;

	for (size_t i = 0; name[i]; i++)
		if (pm_ascii_lower(unit(u, u->at + i)) != name[i])
			return false;
	c = unit(u, u->at + 4);
	return pm_ascii_space(c) || c == '>' || c == '/';
}

bool pm_media_html_root(struct pm_slice body)
{
	int mark = utf16_mark(body);
	struct units u = { .s = body, .step = mark < 0 ? 1 : 2, .low = mark == 1 };

	u.n = body.len / u.step;
	if (mark >= 0)
		u.at = 1;
	else if (body.len >= 3 && memcmp(body.ptr, "\xef\xbb\xbf", 3) == 0)
		u.at = 3;
	for (;;) {
		while (pm_ascii_space(unit(&u, u.at)))
			u.at++;
		if (here(&u, "<?")) {
			if (!skip_past(&u, "?>"))
				return false;
		} else if (here(&u, "<!--")) {
			u.at += 4;
			if (!skip_past(&u, "-->"))
				return false;
		} else if (doctype_here(&u)) {
			if (!skip_doctype(&u))
				return false;
		} else {
			break;
		}
	}
	if (unit(&u, u.at) != '<')
		return false;
	u.at++;
	return html_name_here(&u);
}

/* -- together -------------------------------------------------------------------------------- */

/* WHATWG MIME Sniffing 4.6. */
static bool is_xml(const struct pm_mime *mime)
{
	struct pm_slice s = mime->subtype;

	if (s.len > 4 && pm_slice_is_nocase(pm_slice(s.ptr + s.len - 4, 4), "+xml"))
		return true;
	return pm_slice_is_nocase(mime->essence, "text/xml") ||
	       pm_slice_is_nocase(mime->essence, "application/xml");
}

enum pm_media pm_media_of(struct pm_slice content_type, struct pm_slice body)
{
	struct pm_mime mime;

	if (!content_type.ptr || !pm_mime_parse(content_type, &mime) ||
	    pm_slice_is_nocase(mime.essence, "application/octet-stream"))
		return is_binary(body) ? PM_MEDIA_NONE : PM_MEDIA_GUESS;
	if (pm_slice_is_nocase(mime.essence, "text/html"))
		return PM_MEDIA_HTML;
	if (pm_slice_is_nocase(mime.essence, "text/plain"))
		return PM_MEDIA_TEXT;
	if (pm_slice_is_nocase(mime.essence, "application/xhtml+xml"))
		return PM_MEDIA_GUESS;
	if (is_xml(&mime) && pm_media_html_root(body))
		return PM_MEDIA_GUESS;
	return PM_MEDIA_NONE;
}
