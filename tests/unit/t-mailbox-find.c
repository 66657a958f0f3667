/*
 * t-mailbox-find - what a server for reading mail answers about folders and messages.
 */
#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "proto/mailbox-find.h"
#include "tests/unit/tap.h"

static const struct {
	const char		*line, *name;	/* NULL = no folder */
	enum folder_role	 role;
	bool			 closed;
} folders[] = {
	{ "LIST (\\HasNoChildren) \"/\" INBOX", "INBOX", FOLDER_INBOX, false },
	{ "LIST () \"/\" inbox", "inbox", FOLDER_INBOX, false },
	/* The attribute counts, whatever the name (RFC 6154). */
	{ "LIST (\\HasNoChildren \\Junk) \"/\" \"Unwanted\"", "Unwanted", FOLDER_JUNK, false },
	{ "list (\\Junk) \"/\" \"[Gmail]/Spam\"", "[Gmail]/Spam", FOLDER_JUNK, false },
	/* Without one, the name: its last part, in the language of the mailbox. */
	{ "LIST (\\Marked \\HasNoChildren) \"/\" \"Junk Email\"", "Junk Email", FOLDER_JUNK,
	  false },
	{ "LIST () \".\" INBOX.Spam", "INBOX.Spam", FOLDER_JUNK, false },
	{ "LIST () \"/\" \"Courrier ind&AOk-sirable\"", "Courrier ind&AOk-sirable", FOLDER_JUNK,
	  false },
	{ "LIST () \"/\" \"Junkyard\"", "Junkyard", FOLDER_OTHER, false },
	{ "LIST () NIL Archive", "Archive", FOLDER_OTHER, false },
	{ "LIST (\\Sent) \"/\" \"Gesendet\"", "Gesendet", FOLDER_OWN, false },
	{ "LIST () \"/\" \"Sent Items\"", "Sent Items", FOLDER_OWN, false },
	{ "LIST (\\Noselect) \"/\" \"[Gmail]\"", "[Gmail]", FOLDER_OTHER, true },
	{ "LIST () \"/\" \"a \\\"b\\\" \\\\c\"", "a \"b\" \\c", FOLDER_OTHER, false },
	{ "LIST () \"\\\\\" \"a\\\\Junk\"", "a\\Junk", FOLDER_JUNK, false },
	{ "LIST () \"/\" {4}\r\nSpam", "Spam", FOLDER_JUNK, false },
	{ "LIST () \"/\" {9}\r\nSpam", NULL, 0, false },
	{ "LIST () \"/\" {4}Spam", NULL, 0, false },
	{ "LIST () \"/\" \"Spam", NULL, 0, false },
	{ "LIST () \"/\" ", NULL, 0, false },
	{ "LIST (\\Junk", NULL, 0, false },
	{ "SEARCH 1", NULL, 0, false },
	{ "", NULL, 0, false },
};

static const struct { const char *line; unsigned long last; } searches[] = {
	{ "SEARCH", 0 }, { "SEARCH 4", 4 }, { "SEARCH 4 7 12", 12 },
	{ "search 4294967295", 4294967295 },
	{ "SEARCH 4294967296", 0 }, { "SEARCH x", 0 }, { "SEARCH 4 x", 4 }, { "STATUS 4", 0 },
	{ "SEARCH 3 ", 3 },
};

static const struct { const char *line, *header; } fetches[] = {
	{ "1 FETCH (UID 4 BODY[HEADER]<0> {9}\r\nA: b\r\n\r\n)", "A: b\r\n\r\n)" },
	{ "1 FETCH (BODY[HEADER] {4}\r\nA: b)", "A: b" },
	{ "1 FETCH (body[header] {0}\r\n)", "" },
	/* Less came than was said: what is there. */
	{ "1 FETCH (BODY[HEADER] {400}\r\nA: b", "A: b" },
	{ "1 FETCH (BODY[HEADER] {99999999}\r\nA: b", NULL },
	{ "1 FETCH (BODY[HEADER] NIL)", NULL },
	{ "1 FETCH (FLAGS ())", NULL },
	{ "BODY[HEADER] 1 FETCH ({4}\r\nA: b", NULL },
	{ "", NULL },
};

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct mailbox_folder f = { .name = NULL };
		bool good = mailbox_read_folder(a, folders[i].line, &f);

		is_str(good ? f.name : NULL, folders[i].name, folders[i].line);
		if (good)
			ok(f.role == folders[i].role && f.closed == folders[i].closed,
			   arena_printf(a, "... is %s", folder_role_name(folders[i].role)));
	}
	for (size_t i = 0; i < ARRAY_LEN(searches); i++)
		is_int((intmax_t)mailbox_read_search(searches[i].line), (intmax_t)searches[i].last,
		       searches[i].line);
	for (size_t i = 0; i < ARRAY_LEN(fetches); i++)
		is_str(mailbox_read_header(a, fetches[i].line), fetches[i].header,
		       arena_printf(a, "header %zu", i));
	return tap_done();
}
