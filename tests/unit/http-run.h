#ifndef TESTS_HTTP_RUN_H
#define TESTS_HTTP_RUN_H

/*
 * http-run - one request to a server on loopback that follows scripts, both in one process: what
 * the tests of net/http.h share.
 */

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fiber/fiber.h"
#include "net/http.h"
#include "net/net.h"
#include "tests/unit/tap.h"

#define SCRIPT(...) (const char *const[]) { __VA_ARGS__, NULL }
enum { CONNECTIONS = 3 };

/* A script a connection, as tests/unit/peer.h says. */
struct server {
	int				 listener;
	unsigned			 port;
	const char *const		*scripts[CONNECTIONS];
	size_t				 n_scripts;
	size_t				 body;		/* instead of a script: so many bytes */
	gnutls_certificate_credentials_t credentials;
	struct peer			*peers;
	size_t				 accepted;
};

struct run {
	struct server		 server;
	struct net_options	 options;
	struct http_request	 request;
	int64_t			 time_ms;	/* for all tries; 0 = no limit */
	struct arena		*arena;
	struct net		*net;
	void			(*more)(struct run *r);	/* before the request; NULL */
	struct http_answer	 answer;
	bool			 good;
};

/* Makes the server's listener and fills in its port. */
void listen_on(struct server *s);

/*
 * The server, its URL unless there is one, an arena and a net; then r->more. run_end() frees it
 * all, and the answer.
 */
void run_begin(struct run *r);
void run_end(struct run *r);

/* For fiber_run(): serves, asks, and frees the net. arg is a struct run; always 0. */
int conversation(void *arg);

/*
 * The whole of it; the answer is the caller's to look at, and then to run_end(). Here, because
 * tap.h counts per file.
 */
static inline void run(struct run *r)
{
	run_begin(r);
	is_int(fiber_run(conversation, r), 0, "it ends");
}

#endif
