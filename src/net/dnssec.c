/*
 * dnssec - validation by libunbound, loaded through dlopen(). A thread of its own does the work; we
 * wait for its pipe on our loop.
 */
#include "net/dnssec.h"

#include <dlfcn.h>
#include <errno.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "fiber/gate.h"
#include "net/dns-inside.h"
#include "net/inside.h"

/*
 * What libunbound(3) documents and we use: its header is not needed to build. The answer's layout
 * is that of libunbound.so.8 since 1.8 (was_ratelimited and ttl, behind it, are not read).
 */
struct ub_ctx;
struct ub_result {
	char	 *qname;
	int	  qtype, qclass;
	char	**data;
	int	 *len;
	char	 *canonname;
	int	  rcode;
	void	 *answer_packet;
	int	  answer_len;
	int	  havedata, nxdomain, secure, bogus;
	char	 *why_bogus;
};

typedef void ub_answered(void *arg, int err, struct ub_result *result);

static struct library {
	struct ub_ctx	*(*ub_ctx_create)(void);
	void		 (*ub_ctx_delete)(struct ub_ctx *c);
	int		 (*ub_ctx_set_option)(struct ub_ctx *c, const char *name,
					      const char *value);
	int		 (*ub_ctx_set_fwd)(struct ub_ctx *c, const char *address);
	int		 (*ub_ctx_add_ta)(struct ub_ctx *c, const char *anchor);
	int		 (*ub_ctx_add_ta_file)(struct ub_ctx *c, const char *file);
	int		 (*ub_ctx_async)(struct ub_ctx *c, int thread);
	int		 (*ub_fd)(struct ub_ctx *c);
	int		 (*ub_process)(struct ub_ctx *c);
	int		 (*ub_resolve_async)(struct ub_ctx *c, const char *name, int type,
					     int class, void *arg, ub_answered *fn, int *ret_id);
	int		 (*ub_cancel)(struct ub_ctx *c, int id);
	void		 (*ub_resolve_free)(struct ub_result *result);
	const char	*(*ub_strerror)(int err);
} lib;

static bool library_tried, library_good;

static bool library_load(void)
{
	void *so;

	if (library_tried)
		return library_good;
	library_tried = true;
	so = dlopen("libunbound.so.8", RTLD_NOW | RTLD_LOCAL);
	if (!so)
		return false;
#define LOOK_UP(name) \
	do { \
		*(void **)&lib.name = dlsym(so, #name); \
		if (!lib.name) \
			return false; \
	} while (0)
	LOOK_UP(ub_ctx_create);
	LOOK_UP(ub_ctx_delete);
	LOOK_UP(ub_ctx_set_option);
	LOOK_UP(ub_ctx_set_fwd);
	LOOK_UP(ub_ctx_add_ta);
	LOOK_UP(ub_ctx_add_ta_file);
	LOOK_UP(ub_ctx_async);
	LOOK_UP(ub_fd);
	LOOK_UP(ub_process);
	LOOK_UP(ub_resolve_async);
	LOOK_UP(ub_cancel);
	LOOK_UP(ub_resolve_free);
	LOOK_UP(ub_strerror);
	library_good = true;
	return true;
}

/* The root's keys of 2017 and 2024: https://data.iana.org/root-anchors/root-anchors.xml */
static const char *const root_anchors[] = {
	". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
	". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

struct dnssec {
	struct ub_ctx	*ctx;
	const char	*missing;	/* why nothing can be validated, or NULL */
	struct gate	*gate;		/* one question at a time: its pipe has one reader */
};

const char *dnssec_state_name(enum dnssec_state s)
{
	static const char *const names[] = { "unknown", "secure", "insecure", "bogus" };

	return names[s];
}

struct opening { struct net *n; struct dnssec *d; };

static const char *add_anchors(const struct net *n, struct ub_ctx *c)
{
	const char *file = n->options.trust_anchor;

	if (file && lib.ub_ctx_add_ta_file(c, file))
		return arena_printf(n->arena, "the trust anchors in '%s' cannot be read", file);
	for (size_t i = 0; i < ARRAY_LEN(root_anchors) && !file; i++)
		if (lib.ub_ctx_add_ta(c, root_anchors[i]))
			return "libunbound refuses the root's keys";
	return NULL;
}

static const char *set_up(const struct net *n, struct ub_ctx *c)
{
	const struct strv servers = dns_servers(n->dns);

	if (!servers.n)
		return "no resolver is configured on this machine";
	/* A resolver on this machine is as good as another. Nothing is logged, and no file is read:
	 * neither the hosts file nor a configuration. */
	(void)lib.ub_ctx_set_option(c, "do-not-query-localhost:", "no");
	(void)lib.ub_ctx_set_option(c, "use-syslog:", "no");
	(void)lib.ub_ctx_set_option(c, "verbosity:", "0");
	(void)lib.ub_ctx_set_option(c, "logfile:", "/dev/null");
	/* The resolver answers for names below test, as for any other. */
	(void)lib.ub_ctx_set_option(c, "local-zone:", "test. transparent");
	for (size_t i = 0; i < servers.n; i++)
		if (lib.ub_ctx_set_fwd(c, servers.v[i]))
			return "libunbound refuses the resolver's address";
	return add_anchors(n, c);
}

/* On the hub's stack: it reads files and starts a thread. */
static void open_library(void *arg)
{
	struct opening *o = arg;
	struct dnssec *d = o->d;

	if (!library_load()) {
		d->missing = "libunbound is not installed, and only it validates DNSSEC here "
			     "(Debian: libunbound8)";
		return;
	}
	d->ctx = lib.ub_ctx_create();
	d->missing = d->ctx ? set_up(o->n, d->ctx) : "libunbound cannot be started";
	if (!d->missing && lib.ub_ctx_async(d->ctx, 1))
		d->missing = "libunbound's thread cannot be started";
}

static void delete_context(void *arg)
{
	lib.ub_ctx_delete(arg);
}

void dnssec_free(struct dnssec *d)
{
	if (!d)
		return;
	if (d->ctx && fiber_self())
		fiber_on_hub(delete_context, d->ctx);
	else if (d->ctx)
		delete_context(d->ctx);
	gate_free(d->gate);
	free(d);
}

struct question {
	struct arena		*arena;
	bool			 done;
	struct dnssec_answer	 answer;
};

static void answered(void *arg, int err, struct ub_result *result)
{
	struct question *q = arg;

	q->done = true;
	q->answer.why = "";
	if (err || !result) {
		q->answer.why = arena_printf(q->arena, "the look-up for DNSSEC fails: %s",
					     lib.ub_strerror(err));
		return;
	}
	if (result->bogus) {
		const char *why = result->why_bogus ? result->why_bogus : "no reason is known";

		q->answer.state = DNSSEC_BOGUS;
		q->answer.why = str_escaped(q->arena, why, strlen(why));
	} else if (result->secure) {
		q->answer.state = DNSSEC_SECURE;
	} else if (result->havedata || result->nxdomain || !result->rcode) {
		q->answer.state = DNSSEC_INSECURE;
	} else {
		q->answer.why = "the resolver does not answer, with or without DNSSEC";
	}
	lib.ub_resolve_free(result);
}

/* Sends it and waits. What did not come in time stays unknown. */
_waits_ static struct dnssec_answer ask(struct net *n, struct dnssec *d, struct arena *a,
					const char *name, enum dns_type type)
{
	struct question q = { .arena = a, .answer = { DNSSEC_UNKNOWN, "no answer in time" } };
	_cleanup_(deadline_end) struct deadline limit = deadline_in(net_timeout(n));
	int id = 0, err = lib.ub_resolve_async(d->ctx, name, (int)type, 1, &q, answered, &id);

	if (err) {
		q.answer.why = arena_printf(a, "libunbound: %s", lib.ub_strerror(err));
		return q.answer;
	}
	while (!q.done) {
		if (fiber_wait_fd(lib.ub_fd(d->ctx), FIBER_READ, NULL) < 0 ||
		    lib.ub_process(d->ctx))
			break;
	}
	if (q.done)
		return q.answer;
	(void)lib.ub_cancel(d->ctx, id);
	/* One such wait is enough: others would wait as long for the same. */
	d->missing = "no answer in time";
	return q.answer;
}

/*
 * With the root's own keys, the root must validate: where it does not, the way to the resolver
 * loses the signatures, and everything would look bogus.
 */
_waits_ static void test_way(struct net *n, struct dnssec *d)
{
	struct dnssec_answer root;

	if (d->missing || n->options.trust_anchor)
		return;
	root = ask(n, d, n->arena, ".", DNS_NS);
	if (root.state != DNSSEC_SECURE)
		d->missing = root.state == DNSSEC_UNKNOWN ? root.why :
			     "the resolver does not pass on what DNSSEC needs";
}

struct dnssec_answer dnssec_validate(struct net *n, struct arena *a, const char *name,
				     enum dns_type type)
{
	struct dnssec_answer r = { DNSSEC_UNKNOWN, "" };
	struct dnssec *d;

	n = net_root(n);
	d = n->dnssec;
	if (n->options.no_dnssec)
		return (struct dnssec_answer) { DNSSEC_UNKNOWN, "DNSSEC is not validated here" };
	if (!d) {
		d = xcalloc(1, sizeof(*d));
		d->gate = gate_new(1);
		n->dnssec = d;
	}
	if (gate_enter(d->gate, "") < 0)
		return (struct dnssec_answer) { DNSSEC_UNKNOWN, "interrupted" };
	if (!d->ctx && !d->missing) {
		struct opening o = { n, d };

		fiber_on_hub(open_library, &o);
		test_way(n, d);
	}
	if (d->missing)
		r.why = d->missing;
	else
		r = ask(n, d, a, name, type);
	gate_leave(d->gate, "");
	trace(TRACE_DNS, "DNSSEC of %s %s: %s %s", name, dns_type_name(type),
	      dnssec_state_name(r.state), r.why);
	return r;
}
