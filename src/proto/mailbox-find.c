/*
 * mailbox-find - the folders of a mailbox, and one message in them.
 */
#include "proto/mailbox-find.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/scan.h"
#include "base/str.h"

enum { HEADER_MOST = 128 * 1024, DAY_S = 24 * 60 * 60 };

const char *folder_role_name(enum folder_role r)
{
	static const char *const names[] = { "inbox", "junk", "other", "own" };

	return names[r];
}

/*
 * What folders for junk are called where no attribute says it: by the last part of the name, in
 * modified UTF-7 (RFC 3501, 5.1.3). Exchange Online has no SPECIAL-USE, and names the folder in
 * the language of the mailbox.
 */
static const char *const junk_names[] = {
	"junk", "junk email", "junk e-mail", "junk-e-mail", "spam", "spambox", "bulk", "bulk mail",
	"courrier ind&aok-sirable", "ind&aok-sirables", "correo no deseado", "posta indesiderata",
	"ongewenste e-mail", "lixo eletr&apq-nico", "lixo eletr&ap0-nico", "skr&apq-ppost",
	"u&apg-nsket e-post", "u&apg-nsket mail", "wiadomo&awe-ci-&awm-mieci",
};

static const char *const own_names[] = {
	"sent", "sent items", "sent mail", "sent messages", "drafts", "outbox",
};

static bool is_called(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(name, names[i]))
			return true;
	return false;
}

/* --- lines of answers --- */

/* An atom, a quoted string, or a literal with its bytes behind it (RFC 9051, 9: astring). */
static bool read_string(struct arena *a, struct scan *s, const char **ret)
{
	struct buf b = BUF_INIT(1024);
	unsigned long n;

	if (scan_accept(s, '{')) {
		n = scan_number(s, 1024);
		if (!scan_accept(s, '}') || !scan_accept_str(s, "\r\n") || scan_left(s) < n)
			return false;
		*ret = span_dup(a, scan_take(s, n));
		return !scan_failed(s);
	}
	if (!scan_accept(s, '"')) {
		struct span word = scan_until(s, " \r\n");

		*ret = span_dup(a, word);
		return word.len > 0;
	}
	while (!scan_done(s) && scan_peek(s) != '"') {
		(void)scan_accept(s, '\\');
		if (!scan_done(s))
			buf_addc(&b, (char)scan_u8(s));
	}
	*ret = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return scan_accept(s, '"');
}

/* The part after the last delimiter. */
static const char *last_part(const char *name, const char *delimiter)
{
	const char *last = strlen(delimiter) == 1 ? strrchr(name, *delimiter) : NULL;

	return last && last[1] ? last + 1 : name;
}

static enum folder_role role_of(const char *name, const char *last, const struct strv *flags)
{
	if (str_eq_nocase(name, "INBOX"))
		return FOLDER_INBOX;
	if (strv_has_nocase(flags, "\\Junk") || strv_has_nocase(flags, "\\Spam"))
		return FOLDER_JUNK;
	if (strv_has_nocase(flags, "\\Sent") || strv_has_nocase(flags, "\\Drafts"))
		return FOLDER_OWN;
	if (is_called(last, junk_names, ARRAY_LEN(junk_names)))
		return FOLDER_JUNK;
	return is_called(last, own_names, ARRAY_LEN(own_names)) ? FOLDER_OWN : FOLDER_OTHER;
}

bool mailbox_read_folder(struct arena *a, const char *line, struct mailbox_folder *ret)
{
	struct scan s = scan_span(span_of(line));
	struct strv flags = { NULL, 0, 0 };
	const char *delimiter, *name;
	struct span words;

	if (!scan_accept_str(&s, "LIST (") && !scan_accept_str(&s, "XLIST ("))
		return false;
	words = scan_until(&s, ")");
	strv_split(&flags, a, span_dup(a, words), ' ');
	if (!scan_accept_str(&s, ") ") || !read_string(a, &s, &delimiter) ||
	    !scan_accept(&s, ' ') || !read_string(a, &s, &name))
		return false;
	*ret = (struct mailbox_folder) {
		.name = name, .role = role_of(name, last_part(name, delimiter), &flags),
		.closed = strv_has_nocase(&flags, "\\Noselect") ||
			  strv_has_nocase(&flags, "\\NonExistent"),
	};
	return true;
}

unsigned long mailbox_read_search(const char *line)
{
	struct scan s = scan_span(span_of(line));
	unsigned long last = 0;

	if (!scan_accept_str(&s, "SEARCH"))
		return 0;
	while (scan_accept(&s, ' ') && ascii_is_digit((char)scan_peek(&s)))
		last = scan_number(&s, 0xffffffff);
	return scan_failed(&s) ? 0 : last;
}

const char *mailbox_read_header(struct arena *a, const char *line)
{
	const char *item = str_find_nocase(line, "BODY[HEADER]");
	const char *open = item ? strchr(item, '{') : NULL;
	unsigned long n;
	struct scan s;

	if (!open || !str_find_nocase(line, " FETCH (") || str_find_nocase(line, " FETCH (") > item)
		return NULL;
	s = scan_span(span_of(open + 1));
	n = scan_number(&s, HEADER_MOST);
	if (!scan_accept(&s, '}') || !scan_accept_str(&s, "\r\n") || scan_failed(&s))
		return NULL;
	/* A NUL in it ends the line for us, too. */
	return span_dup(a, scan_take(&s, n < scan_left(&s) ? n : scan_left(&s)));
}

/* --- asking --- */

/* A quoted string (RFC 9051, 9). A name comes from the server, and may hold anything. */
static const char *quoted(struct mailbox *m, const char *name)
{
	struct buf b = BUF_INIT(4096);
	const char *copy;

	buf_addc(&b, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			buf_addc(&b, '\\');
		buf_addc(&b, *name);
	}
	buf_addc(&b, '"');
	copy = arena_strdup(mailbox_arena(m), buf_str(&b));
	buf_release(&b);
	return copy;
}

static void add_folders(struct mailbox_folders *all, const struct mailbox_folder *v, size_t n,
			enum folder_role role)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].role == role)
			all->v[all->n++] = v[i];
}

bool mailbox_folders(struct mailbox *m, struct mailbox_folders *ret)
{
	/* RFC 6154, 2: the attributes are asked for; a server may tell them unasked. */
	bool special = mailbox_offered(m, "SPECIAL-USE") && mailbox_offered(m, "LIST-EXTENDED");
	struct arena *a = mailbox_arena(m);
	struct mailbox_folders all = { .n = 0 };
	struct strv lines = { NULL, 0, 0 };
	struct mailbox_folder *v;
	size_t n = 0;

	if (!mailbox_ask(m, false, &lines, "LIST \"\" \"*\"%s", special ?
			 " RETURN (SPECIAL-USE)" : ""))
		return false;
	v = arena_alloc(a, MAILBOX_FOLDERS_MOST * sizeof(*v));
	for (size_t i = 0; i < lines.n && n < MAILBOX_FOLDERS_MOST; i++)
		if (mailbox_read_folder(a, lines.v[i], &v[n]) && !v[n].closed)
			n++;
	all.v = arena_alloc(a, (n + 1) * sizeof(*all.v));
	for (enum folder_role r = FOLDER_INBOX; r <= FOLDER_OWN; r++)
		add_folders(&all, v, n, r);
	/* It is always there (RFC 9051, 5.1). */
	if (!all.n || all.v[0].role != FOLDER_INBOX) {
		memmove(all.v + 1, all.v, all.n * sizeof(*all.v));
		all.v[0] = (struct mailbox_folder) { .name = "INBOX", .role = FOLDER_INBOX };
		all.n++;
	}
	*ret = all;
	return true;
}

/* "30-Nov-2026" (RFC 9051, 9: date), out of "2026-11-30T...". */
static const char *day(struct arena *a, time_t when)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *utc = clock_utc(a, when);
	int month = (utc[5] - '0') * 10 + utc[6] - '0' - 1;

	return arena_printf(a, "%.2s-%.3s-%.4s", utc + 8, months + 3 * month, utc);
}

bool mailbox_find(struct mailbox *m, const struct mailbox_folder *folder, const char *mark,
		  time_t since, struct mailbox_found *ret)
{
	struct arena *a = mailbox_arena(m);
	struct strv lines = { NULL, 0, 0 };
	unsigned long uid = 0;

	*ret = (struct mailbox_found) { .header = NULL };
	if (!mailbox_ask(m, false, NULL, "EXAMINE %s", quoted(m, folder->name)))
		return mailbox_forgive(m);
	/* Some services write a Message-ID of their own; then the text tells. */
	if (!mailbox_ask(m, false, &lines, "UID SEARCH SINCE %s OR HEADER Message-ID \"%s\" "
			 "BODY \"%s\"", day(a, since - DAY_S), mark, mark))
		return false;
	for (size_t i = 0; i < lines.n && !uid; i++)
		uid = mailbox_read_search(lines.v[i]);
	if (!uid)
		return true;
	lines = (struct strv) { .n = 0 };
	if (!mailbox_ask(m, false, &lines, "UID FETCH %lu (BODY.PEEK[HEADER]<0.%d>)", uid,
			 HEADER_MOST))
		return false;
	for (size_t i = 0; i < lines.n && !ret->header; i++)
		ret->header = mailbox_read_header(a, lines.v[i]);
	return true;
}
