#ifndef SINK_SINK_H
#define SINK_SINK_H

/*
 * sink - a receiving sandbox: an SMTP server that accepts every message, delivers none, and tells
 * what receivers would make of each. The server is the lab's, with an inbox.
 *
 *	struct sink_options o = { .address = &loopback, .tell = tell, .know = know, .net = &net };
 *	const char *error;
 *
 *	if (sink_run(arena, &o, &summary, &error) < 0)
 *		complain(error);
 *
 * Bounds: SINK_SESSIONS at once, SINK_MESSAGE bytes of a message, SINK_HELD bytes of all that are
 * not judged yet; lab/inbox.h has those of a session.
 */

#include "net/net.h"
#include "sink/receipt.h"

enum {
	SINK_SESSIONS	= 256,
	SINK_MESSAGE	= 25 * 1024 * 1024,
	SINK_HELD	= 128 * 1024 * 1024,
	SINK_GRACE_MS	= 2000,		/* for clients to say QUIT behind the last message */
};

struct sink_place {
	const char	*address;	/* where it listens */
	unsigned	 port;
	bool		 everybody;	/* not on loopback: others can send to it */
	const char	*ca_file;	/* whom to trust for STARTTLS */
	const char	*store;		/* ""; NULL = nothing is stored */
};

struct sink_summary {
	unsigned long	 n, wanted;	/* messages; 0 = any number */
	unsigned long	 problems, warnings;
	const char	*trouble;	/* of ours, one sentence; "" */
};

struct sink_options {
	const struct net_address *address;
	unsigned	 port;		/* 0 = any */
	const char	*store;		/* folder; NULL = none */
	const char	*as;		/* judged in place of the client's address; NULL */
	const char	*user, *password;	/* the only login; NULL = whatever is sent */
	unsigned long	 count;		/* ends after so many; 0 = goes on */
	int64_t		 max_time_ms;	/* 0 = no limit */
	bool		 no_dns;
	const struct net_options *net;	/* how DNS is asked */
	const struct know *know;
	void		*arg;
	void		(*tell_place)(void *arg, const struct sink_place *p);
	void		(*tell_receipt)(void *arg, const struct receipt *l);
};

/*
 * Until there were `count` messages, the time is over, or the fiber is cancelled; each message that
 * was accepted is told before it returns, in their order. 0, or -1 and *ret_error when it could
 * not begin.
 */
_waits_ int sink_run(struct arena *a, const struct sink_options *o, struct sink_summary *ret,
		     const char **ret_error);

#endif
