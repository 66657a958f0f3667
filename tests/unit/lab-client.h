#ifndef TESTS_LAB_CLIENT_H
#define TESTS_LAB_CLIENT_H

/*
 * lab-client - a lab for a test, and a small client for it: sockets and GnuTLS, none of the
 * program's SMTP. Everything waits, within 5 s.
 */

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/str.h"
#include "tests/unit/tap.h"

struct lab;
struct lab_port;

/* Strings that are handed out live here; the test makes and frees it. */
extern struct arena *client_arena;

/* What a test does with a lab; NULL and why when it did not start. */
typedef void lab_user(struct lab *l, const char *error, const void *arg);

/* Starts the scenario (its text) for the time of one function. False: it did not start. */
bool with_lab(const char *scenario, lab_user *user, const void *arg);
/* The same once, then cancelled at the first wait, at the second ...: how many waits there are. 0 =
 * one of them did not end well, or left a fiber behind. */
uint64_t cancel_everywhere(const char *scenario, lab_user *user);

struct peer {
	int					 fd;
	gnutls_session_t			 tls;
	gnutls_certificate_credentials_t	 credentials;
};

const struct lab_port *port_of(struct lab *l, const char *host, unsigned port);	/* NULL = none */

/* Connects: 0 or a negative errno; -ENOENT = the lab has no such port. */
int dial_real(struct peer *p, unsigned real_port);
int dial(struct peer *p, struct lab *l, const char *host, unsigned port);
void hang_up(struct peer *p);

/* Bytes read, 0 at the end, or a negative errno. */
ssize_t read_some(struct peer *p, char *to, size_t size);
/*
 * Says a line (NULL = nothing) and gives the whole reply, or what came before the end; "(timeout)"
 * and so on at its end.
 */
const char *ask(struct peer *p, const char *line);
/* Reads until the server closes: how many bytes. */
size_t drain(struct peer *p);

/* A handshake; what verification says is *ret_status. 0 or GnuTLS's code. */
int secure(struct peer *p, struct lab *l, const char *name, const char *priority,
	   unsigned *ret_status);

/*
 * One HTTP request, and all of the answer: status line, fields, body; "(why)" when there is none.
 */
const char *http(struct lab *l, const char *host, unsigned port, const char *request);
/* The same over TLS, at port 443. */
const char *https(struct lab *l, const char *host, const char *request);
/* "GET path", and "POST path" with a form. The whole answer. */
const char *https_get(struct lab *l, const char *host, const char *path, const char *fields);
const char *https_post(struct lab *l, const char *host, const char *path, const char *type,
		       const char *body, const char *fields);
/* A string member of the JSON in an answer's body; "" = none. */
const char *member(const char *answer, const char *name);

/* "MECHANISM BASE64" of a literal, NULs and all. */
const char *auth_line(const char *mechanism, const char *bytes, size_t n);
#define AUTH(mechanism, literal) auth_line(mechanism, literal, sizeof(literal) - 1)

/* A test result: did the lab start? Here, like the next ones, because tap.h counts per file. */
static inline bool started(const struct lab *l, const char *error)
{
	if (ok(l != NULL, "the lab starts"))
		return true;
	printf("#   %s\n", error);
	return false;
}

/* A test result: is `want` in the answer? */
static inline void has(const char *got, const char *want, const char *what)
{
	if (!ok(str_find_nocase(got, want) != NULL, what))
		printf("#   got   %s\n", str_escaped(client_arena, got, strlen(got)));
}

/* As ask(), and a test result: is `want` in the answer? */
static inline void says(struct peer *p, const char *line, const char *want)
{
	const char *got = ask(p, line);

	const char *what = arena_printf(client_arena, "%s: %s", line ? line : "(greeting)", want);

	if (!ok(str_find_nocase(got, want) != NULL, str_escaped(client_arena, what, strlen(what))))
		printf("#   got   %s\n", str_escaped(client_arena, got, strlen(got)));
}

#endif
