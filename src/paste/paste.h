#ifndef PASTE_PASTE_H
#define PASTE_PASTE_H

/*
 * paste - a pasted text cut into what explain looks at: lines without their wrapping, and the
 * replies in them. Pure functions.
 *
 *	text  ->  paste_lines()  ->  paste_replies()  ->  explain.c judges
 */

#include "base/arena.h"
#include "base/reply.h"
#include "base/str.h"
#include "paste/explain.h"

/* One line as it was meant: escaped line ends cut, folded lines joined, quoted-printable undone. */
struct paste_line {
	const char	*text;		/* NULs and escapes gone; in the arena */
	size_t		 len;
	int		 number;	/* of the source line it began on, from 1 */
};

struct paste_lines {
	struct paste_line	*v;
	size_t			 n, cap;
};

enum { LIMIT_PASTE_LINES = 400000, LIMIT_PASTE_REPLIES = 256 };

struct paste_lines paste_lines(struct arena *a, const char *text, size_t n);

/* The text without the ">" of a mail that quotes it; itself where it is none. Lines keep their
 * numbers. */
struct span paste_unquoted(struct arena *a, struct span text);

/* A reply that was found, and what is known from where it was found. */
struct found_reply {
	struct reply	*reply;
	size_t		 line;		/* index into paste_lines */
	/* from a host name on its line or just above; NULL unknown */
	const char	*provider;
};

struct found_replies {
	struct found_reply	*v;
	size_t			 n;
};

/*
 * All refusals (code 400 and above, or an enhanced code alone) in order of appearance,
 * each wording once.
 */
struct found_replies paste_replies(struct arena *a, const struct know *k,
				   const struct paste_lines *lines);

/*
 * A reply whose code is spelt in words: *ret_code (0 = not known), and the server's own words
 * behind it, which may be none.
 */
bool paste_spelt(struct span line, int *ret_code, struct span *ret_words);

/* Is "The server response was:" wrapped between these two lines? */
bool paste_spelt_cut(struct span before, struct span line);

/* Where a server's reply begins in the line; NULL when there is none, or when it tells of its own
 * connections (x.4.x, RFC 3463, 3.5: "441 4.4.1 Failed to connect"). */
const char *paste_reply_at(struct span line);
/* What a server can have said in the line: without the sentence that a library puts before every
 * reply of a code ("Mailbox unavailable. The server response was:"). */
struct span paste_server_words(struct span line);

/*
 * What may be a server's words in a line without a code: without the sentences in which a program
 * tells its reader what to do ("Please verify the mail server configuration"), or what may be the
 * case, and without settings that say no ("Account disabled: false").
 */
char *paste_without_advice(struct arena *a, struct span line);

/*
 * The text with the rest of the table's sentence that its last words begin; NULL where they begin
 * none, or it does not end in a word.
 */
char *paste_completed(struct arena *a, const struct know *k, const char *text);

/* Does a server note that the name and address of one of its own clients don't fit? No failure, and
 * none of ours. */
bool paste_about_client(struct span line);

/*
 * Does a line begin something of its own: a reply, a command, a frame of a stack, a record of a
 * log, a header?
 */
bool paste_begins_anew(struct span line);
/*
 * Whose mail a line of a mail server's log is about: a number, from 1, for each recipient of each
 * message, and the address ("" = the line names none). 0 = the line does not say.
 */
struct paste_outcome {
	size_t		 message;
	const char	*recipient;
};
/* Of each line. */
struct paste_outcome *paste_outcomes(struct arena *a, const struct paste_lines *lines);

/* How many of the lines after line i go on with it: wrapped by a mail program or a terminal. */
size_t paste_goes_on(const struct paste_lines *lines, size_t i);
/* Line i and the n after it as one. */
char *paste_joined(struct arena *a, const struct paste_lines *lines, size_t i, size_t n);

/*
 * Does the text speak of mail? And of something that isn't (a database, ssh, a web page), and
 * nowhere of mail?
 */
bool paste_of_mail(const struct paste_lines *lines);
bool paste_of_others(const struct paste_lines *lines);

/*
 * What the text names of the server and who uses it; "" and 0 when nothing, or more than one. Clean
 * names only: they go into commands.
 */
struct paste_names {
	const char	*host, *user, *from;
	unsigned	 port;
	bool		 here;		/* it was this very machine that was dialled */
};
struct paste_names paste_names(struct arena *a, const struct paste_lines *lines);

/* Does a line about connecting name this very machine: "127.0.0.1:25", "localhost", "[::1]"? */
bool paste_names_here(struct span line);
/* The number behind a host that ends at `end`: "smtp.example.com:587",
 * "smtp.example.com[192.0.2.1]:587", "smtp.example.com, 587", "smtp.example.com 25"; 0 = none. */
unsigned paste_port_after(struct span line, const char *end);

/*
 * The step that the words of one line speak of: "(in reply to MAIL FROM command)",
 * SMTPAuthenticationError, command: 'AUTH PLAIN'.
 */
enum stage paste_stage(struct span line);
/* The step that the reply's own code speaks of, as far as it does. */
enum stage paste_stage_of_code(const struct reply *r);
/* When the line is a command sent by the client: its stage. */
enum stage paste_command(struct span line);

/* The JSON of an OAuth challenge in base64 on the line, or NULL. */
char *paste_challenge(struct arena *a, struct span line);

/* Does the text speak of Microsoft Entra ID? */
bool paste_of_entra(const struct paste_lines *lines);
/*
 * The numbers of Entra ID that line i (of such a text) names, each once; a list may go on in the
 * lines below. How many, at most max.
 */
size_t paste_aadsts(const struct paste_lines *lines, size_t i, unsigned long *ret, size_t max);

enum paste_kind paste_kind_of(const struct paste_lines *lines, size_t n_replies);

/* The provider whose host is named in the line; NULL when none is. */
const char *paste_provider(const struct know *k, struct span line);

#endif
