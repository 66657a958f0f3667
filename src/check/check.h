#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

/*
 * check - one question about a target. The only header of diag that checks/ may include (it brings
 * facts.h and ask.h).
 *
 * A check is a function and a descriptor. Talkers hold a conversation and leave facts; judges are
 * pure functions from facts to a status. Which runs when is decided by needs and gives, not by the
 * list. A check that has `ports` runs once for each port asked ("endpoint"); in its needs and gives
 * `$` stands for the port: "tcp.$.open".
 *
 * Talkers of one endpoint share one connection: the check that opens it hands it over with
 * probe_keep(), later ones get it from probe_session(). They run one after the other in the order
 * of checks/list.h; everything else runs side by side.
 *
 * The status goes back as the answer of exactly one probe_pass/warn/fail/unknown/skip call. A
 * failure of class FAILURE_LOCAL or FAILURE_CANCELLED can't become a fail: probe_fail_step() makes
 * it unknown, in one place.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/failure.h"
#include "base/reply.h"
#include "base/status.h"
#include "base/str.h"
#include "base/transcript.h"
#include "check/ask.h"
#include "judge/facts.h"


struct path_judgement;
struct probe;

/* What an answer to it is worth for the whole. */
enum check_part {
	CHECK_SIDE,	/* a side question, unless somebody picked it (--only) */
	/*
	 * what is asked for is asked by it: nothing is good before one of these is answered, and
	 * none left open
	 */
	CHECK_MAIN,
	/*
	 * proves nothing of the other side: what was known before, or helps to read what went wrong
	 */
	CHECK_REMARK,
};

enum check_tls { TLS_ANYHOW, TLS_BY_STARTTLS, TLS_IMPLICIT };

struct check {
	/* "smtp.starttls"; for tcp the port is put in place of `$`: "tcp.$" */
	const char		*id;
	const char		*title;		/* "STARTTLS is offered and works" */
	const char		*label;		/* what the text report calls it: "STARTTLS" */
	/* the step of the dialogue it is about; unknown = no one step */
	enum stage		 stage;
	/* facts that must be there; NULL-terminated; NULL = none */
	const char *const	*needs;
	const char *const	*gives;		/* facts it may leave that others need */
	/* ids of checks it waits for without needing their facts */
	const char *const	*after;
	enum check_part		 part;
	bool			 ports;		/* once per endpoint */
	/* ... and only where TLS begins so; elsewhere the check does not exist */
	enum check_tls		 tls;
	bool			 talks;		/* on the endpoint's shared connection */
	/* one endpoint after the other, in the order asked, all checks in turn together: logins */
	bool			 in_turn;
	/* not run unless asked for by an option; then absent, not skipped: see wanted */
	bool			 optional;
	/* told to people only when it does not pass, or when everything is wanted */
	bool			 quiet;
	/* a side question whose unknown leaves open what was asked */
	bool			 unknown_counts;
	bool			(*wanted)(const struct ask *ask);	/* NULL = always */
	enum status		(*run)(struct probe *p);
};

#define FACTS(...) ((const char *const[]) { __VA_ARGS__, NULL })
#define CHECKS(...) FACTS(__VA_ARGS__)

/* --- what is asked --- */

const struct ask *probe_ask(const struct probe *p);
/* the target's: lives until the result is freed */
struct arena *probe_arena(const struct probe *p);
struct net *probe_net(const struct probe *p);
/* the host that is dialled, found by MX or given; "" when unknown */
const char *probe_host(const struct probe *p);
enum host_from probe_host_from(const struct probe *p);	/* who named it */
unsigned probe_port(const struct probe *p);		/* 0 when the check has no ports */
bool probe_implicit_tls(const struct probe *p);
const char *probe_endpoint(const struct probe *p);	/* "host:587", or the host, or the domain */
bool probe_cancelled(const struct probe *p);

/* --- facts: `$` in a name becomes the port --- */

struct facts *probe_facts(const struct probe *p);
const char *probe_name(struct probe *p, const char *name);	/* the name with the port put in */
void probe_fact(struct probe *p, const char *name, const char *fmt, ...) _printf_(3, 4);
void probe_fact_number(struct probe *p, const char *name, int64_t value);
void probe_fact_bool(struct probe *p, const char *name, bool value);
const char *probe_get(struct probe *p, const char *name);	/* "" when not known */
bool probe_has(struct probe *p, const char *name);
bool probe_true(struct probe *p, const char *name);
int64_t probe_number(struct probe *p, const char *name, int64_t otherwise);

/* --- the endpoint's shared connection --- */

/* Hands it over; done frees it when the last talker of the endpoint has ended. */
void probe_keep(struct probe *p, void *session, void (*done)(void *session));
void *probe_session(const struct probe *p);		/* NULL when there is none */
/* A transcript that goes into the result (owned by the target's arena). */
void probe_transcript(struct probe *p, const struct transcript *t);
/*
 * The time of a stage, microseconds, for -v: "dns", "connect", "greeting", "ehlo", "starttls",
 * "handshake", "auth".
 */
void probe_time(struct probe *p, const char *stage, int64_t us);

/* What was judged of the way of sending (sending/path.h): it goes into the result. */
void probe_path_fit(struct probe *p, const struct path_judgement *j);
/* Whom the login may send as, for the report (sending/senders.h; owned by the target's arena). */
struct senders;
void probe_senders(struct probe *p, const struct senders *s);
/* What the MX does with mail in its own name (sending/direct-send.h; the same). */
struct direct_send;
void probe_direct_send(struct probe *p, const struct direct_send *d);

/* --- the verdict --- */

/*
 * A finding is a row of findings.tsv that names this check, said no graver than the row allows; for
 * path.fit a row of path-findings.tsv. Anything else is a bug of ours.
 */

/* The reply that belongs to the verdict: shown beside it and matched against the table. */
void probe_reply(struct probe *p, const struct reply *r);
/* The same of another host than the endpoint's. */
void probe_reply_of(struct probe *p, const char *host, const struct reply *r);

/* A line of how it came to its verdict: shown below it with -v, and in JSON. */
void probe_detail(struct probe *p, const char *fmt, ...) _printf_(2, 3);

enum status probe_pass(struct probe *p, const char *fmt, ...) _printf_(2, 3);
enum status probe_warn(struct probe *p, const char *finding, const char *fmt, ...) _printf_(3, 4);
enum status probe_fail(struct probe *p, const char *finding, const char *fmt, ...) _printf_(3, 4);
enum status probe_unknown(struct probe *p, const char *finding, const char *fmt, ...)
	_printf_(3, 4);
/* it could not be asked */
enum status probe_skip(struct probe *p, const char *fmt, ...) _printf_(2, 3);
/* skip, and nobody misses it: there is nothing to ask */
enum status probe_idle(struct probe *p, const char *fmt, ...) _printf_(2, 3);
/*
 * The verdict from a failed step: fail with its words and its reply, or unknown
 * when it is about us.
 */
enum status probe_fail_step(struct probe *p, const char *finding, const struct failure *f);

#endif
