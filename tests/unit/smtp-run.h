#ifndef TESTS_SMTP_RUN_H
#define TESTS_SMTP_RUN_H

/*
 * smtp-run - one dialogue of proto/smtp.h with a scripted peer, and what must come of it: what the
 * tests of it share.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/failure.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "proto/smtp.h"
#include "tests/unit/peer.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }
#define NO_FAILURE (-1)

struct dialogue {
	const char		*title;
	const char *const	*script;
	int			 class;		/* of the failure, NO_FAILURE */
	enum stage		 stage;
	/* of the reply the failure quotes, or of the last one */
	int			 code;
	const char		*text;		/* within the failure's text */
};

struct run {
	const struct dialogue	*d;
	struct peer		 peer;
	int			 client_fd;
	struct arena		*arena;
	struct net		*net;
	const struct failure	*failure;
	const struct transcript	*transcript;
	int			 code;
	void			(*client)(struct smtp *s, struct run *r);
};

/* Greeting, EHLO, MAIL FROM:<>: what r->client is until a test sets another. */
void usual_client(struct smtp *s, struct run *r);

/* Everything made here is freed by run_end(). timeout_ms is for one step. */
struct run *run_begin(const struct dialogue *d, int64_t timeout_ms);
void run_end(struct run *r);

/*
 * For fiber_run(): the client talks with the peer; fills in failure, transcript and code. arg is a
 * struct run; always 0.
 */
int conversation(void *arg);

/*
 * Test results: is the outcome what the dialogue says? Here, like the next one, because tap.h
 * counts per file.
 */
static inline void check_outcome(struct run *r, const char *how)
{
	const struct dialogue *d = r->d;
	const struct failure *f = r->failure;
	int code = r->code;
	char what[256];

	if (f)
		code = f->reply ? f->reply->code : 0;
	snprintf(what, sizeof(what), "%s%s: failure class", d->title, how);
	is_str(f ? failure_class_name(f->class) : "none",
	       d->class == NO_FAILURE ? "none" : failure_class_name((enum failure_class)d->class),
	       what);
	snprintf(what, sizeof(what), "%s%s: code", d->title, how);
	is_int(code, d->code, what);
	snprintf(what, sizeof(what), "%s%s: the peer heard what it should", d->title, how);
	is_str(r->peer.wrong, "", what);
	if (!f || d->class == NO_FAILURE)
		return;
	snprintf(what, sizeof(what), "%s%s: stage", d->title, how);
	is_str(stage_name(f->stage), stage_name(d->stage), what);
	snprintf(what, sizeof(what), "%s%s: text", d->title, how);
	if (!ok(strstr(f->text, d->text) != NULL, what))
		printf("#   got   %s\n#   want  ...%s...\n", f->text, d->text);
	snprintf(what, sizeof(what), "%s%s: peer", d->title, how);
	is_str(f->peer, "mx.example[192.0.2.25]:25", what);
}

/*
 * One dialogue with a client of its own; heard_last is what the peer must have heard at the end,
 * NULL = anything.
 */
static inline void alone(const struct dialogue *d, void (*client)(struct smtp *s, struct run *r),
			 const char *heard_last)
{
	struct run *r;

	r = run_begin(d, 5000);
	r->client = client;
	fiber_run(conversation, r);
	check_outcome(r, "");
	if (heard_last)
		ok(str_has_suffix_nocase(r->peer.heard, heard_last),
		   "the peer heard the last word");
	run_end(r);
}

#endif
