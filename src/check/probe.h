#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

/*
 * probe - one check at one endpoint while it runs: what check.c (the checks' side) and graph*.c
 * (the order) share. Nobody else includes it.
 */

#include "check/check.h"
#include "check/result.h"
#include "fiber/fiber.h"

/* A port that is asked, and the connection its talkers share. */
struct endpoint {
	unsigned	 port;
	bool		 implicit_tls;
	void		*session;
	void		(*done)(void *session);
};

enum probe_state { PROBE_WAITING, PROBE_RUNNING, PROBE_ENDED };

struct probe {
	struct run		*run;
	const struct check	*check;
	struct endpoint		*endpoint;	/* NULL = of the whole target */
	const char		*id;		/* the port put in */
	const char		**needs;	/* with the port put in; NULL-terminated */
	const char		**gives;
	struct probe		**waits_for;	/* these have to end first */
	size_t			 n_waits_for;
	enum probe_state	 state;
	/* by --only, --skip-check and wanted(); else it serves others, or is left out */
	bool			 asked;
	bool			 left_out;	/* never runs */
	const char		*left_out_why;
	bool			 judged;	/* a verdict was given */
	int64_t			 started_us;
	struct outcome		 out;
	/* whose verdict is the reason why this one was skipped */
	struct probe		*root;
};

/* All that belongs to one target while its checks run. */
struct run {
	struct arena		*arena;
	const struct ask	*ask;
	struct facts		*facts;
	struct result		*result;
	struct endpoint		*endpoints;
	size_t			 n_endpoints;
	struct probe		*probes;	/* in the list's order, endpoints inside */
	size_t			 n_probes;
	struct event		 changed;	/* some check ended */
	size_t			 running;
	bool			 out_of_time;
	/* when the time given is over (clock_ms()); 0 = never */
	int64_t			 ends_ms;
};

/* "host:587", "[2001:db8::1]:25", the host, or the domain. */
char *run_endpoint(const struct run *r, const struct endpoint *e);
/* The host that is dialled: given, or found. */
const char *run_host(const struct run *r);

/* graph-plan.c: which checks run at which endpoints, and who waits for whom. */
void plan(struct run *r, const struct check *const *checks);
/* A circle in who waits for whom: "a waits for b, b waits for a"; NULL when there is none. */
char *plan_circle(struct arena *a, const struct run *r);
/* Is the need met by the facts as they are? `$` left in it stands for any port. */
bool need_met(const struct facts *f, const char *need);
/* Can this fact name come from that `gives` entry? */
bool need_given_by(const char *need, const char *gives);

/* graph-words.c: why a check can't run, in words. */
void explain_skip(struct probe *p, const char *need);

#endif
