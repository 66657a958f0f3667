#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

/*
 * admin - what an administrator's read of the tenant settles: settings of Exchange Online, policies
 * and sign-ins of Entra ID. Pure functions from JSON to facts, and from facts to causes; the same
 * for `check --exo`, `check --graph` and the report of the PowerShell script, pasted back.
 *
 *	admin_find()	the script's report in a paste
 *	admin_read()	all of it, or admin_take() one answer	->  facts exo.* and entra.*, one for
 *								    one
 *	admin_join()	who sends, from where, with which token	->  facts that are answers:
 *								    exo.smtp-auth, exo.send-as,
 *								    entra.signin.code
 *	rules.tsv, candidates_of_sign_in()			->  causes
 *
 * Everything read is of unknown origin: at most LIMIT_ADMIN_ROWS rows of an answer,
 * LIMIT_ADMIN_TEXT bytes of a value; unknown members are passed over. What is not there is not
 * known, and nothing is concluded from it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/str.h"
#include "base/strv.h"

struct arena;
struct facts;

enum { LIMIT_ADMIN_ROWS = 200, LIMIT_ADMIN_TEXT = 4096, LIMIT_ADMIN_DEPTH = 24,
       LIMIT_ADMIN_JSON = 1024 * 1024 };

/* --- the report in a paste --- */

struct admin_found {
	/*
	 * line ends that a terminal put into its strings are out; "" = it is there, and no object
	 */
	const char	*json;
	size_t		 len;
	struct span	 rest;		/* the text without it */
	bool		 cut;		/* its end is missing */
};

/*
 * False when there is no report in the text. It is found by "smtpwhy.admin/1", with or without the
 * lines around it.
 */
bool admin_find(struct arena *a, struct span text, struct admin_found *ret);

/*
 * A file as PowerShell 5 writes it with `>`: UTF-16 with a byte order mark, as UTF-8. Other text is
 * answered as it is, without the mark of UTF-8. Lives in the arena when it is another.
 */
struct span admin_plain(struct arena *a, struct span text);

/* --- facts, one for one --- */

struct admin_report {
	const char	*user, *from;	/* that the script was asked about; "" */
	time_t		 made;		/* 0 = not said */
	size_t		 reads;		/* answers in it */
	/* "Get-CASMailbox: ...": what could not be read, and what was said */
	struct strv	 unread;
};

/* The whole report. NULL, or one line that says what is wrong with it. */
const char *admin_read(struct arena *a, const char *json, size_t n, struct facts *f,
		       struct admin_report *ret);

/*
 * One answer: what is the cmdlet ("Get-TransportConfig"), or "signIns", "securityDefaults",
 * "policies", "user" of Graph; json an object, a list, or {"value": ...}. False when it is no JSON,
 * or nobody reads such.
 */
bool admin_take(struct arena *a, struct facts *f, const char *what, const char *json, size_t n);
/*
 * It could not be read: why, in the words of the service that refused. Leaves exo.unread.NAME or
 * entra.unread.NAME.
 */
void admin_unread(struct arena *a, struct facts *f, const char *what, const char *why);

/* --- facts that are answers --- */

/* What it is joined with. "" and 0 = not known. */
struct admin_case {
	const char	*user, *from;
	const char	*ip;		/* the address the server sees */
	const char	*appid, *oid;	/* of an application's token */
	time_t		 at;		/* of the login that failed */
};

/*
 * Which answers are made: each once, when all that belongs to it has been read;
 * Exchange's before Entra's.
 */
enum admin_part { ADMIN_EXCHANGE = 1, ADMIN_POLICIES = 2, ADMIN_SIGN_INS = 4, ADMIN_ALL = 7 };
void admin_join(struct arena *a, struct facts *f, const struct admin_case *c, unsigned parts);

/* What was read, for people: "SMTP AUTH is on for scan@contoso.com (its own setting)". */
struct strv admin_words(struct arena *a, const struct facts *f);
/* What one of these facts says; "" when it is not there. */
const char *admin_word(struct arena *a, const struct facts *f, const char *fact);

#endif
