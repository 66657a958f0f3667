/*
 * sink - takes connections and messages, and judges these one after the other.
 */
#include "sink/sink.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fiber/fiber.h"
#include "lab/inbox.h"
#include "lab/pki.h"
#include "lab/smtpd.h"

/* A message that waits to be judged. */
struct job {
	struct job	*next;
	struct receipt	*letter;	/* in its own arena */
	struct buf	 data;
	size_t		 held;
};

struct sink {
	const struct sink_options *o;
	struct arena	*arena;
	struct sink_summary *sum;
	struct scenario	 scenario;	/* who may log in */
	struct lab_server server;
	struct pki	*pki;
	gnutls_certificate_credentials_t credentials;
	int		 fd;
	unsigned	 live;		/* sessions */
	unsigned long	 n;		/* messages that were accepted */
	size_t		 held;
	struct job	*first, **last;
	struct event	 arrived;	/* a message, or trouble */
	struct event	 quiet;		/* no session is open */
};

/* One client. */
struct session {
	struct sink	*sink;
	int		 fd;
	struct inbox	 inbox;
	struct net_address peer;
	unsigned	 port;
};

/* --- a message comes --- */

static bool is_loopback(const struct net_address *a)
{
	return str_glob("127.*", a->text) || str_eq(a->text, "::1");
}

static const char *copy(struct receipt *l, const char *s)
{
	return arena_strdup(l->arena, s);
}

static struct receipt *receipt_of(struct session *c, struct inbox_letter *from)
{
	struct arena *a = arena_new();
	struct receipt *l = arena_alloc(a, sizeof(*l));
	const char *as = c->sink->o->as;

	*l = (struct receipt) { .arena = a, .number = c->sink->n + 1, .at = clock_wall(),
			       .port = c->port, .extended = from->extended, .login = from->login,
			       .utf8 = from->utf8, .lf_commands = from->lf_commands,
			       .bare_lf = from->bare_lf, .bare_cr = from->bare_cr,
			       .nuls = from->nuls, .false_ends = from->false_ends, .file = "" };
	l->client = copy(l, c->peer.text);
	l->judged_as = net_address_private(&c->peer) ? "" : l->client;
	if (as)
		l->judged_as = copy(l, as);
	l->helo = copy(l, from->helo);
	l->from = copy(l, from->from);
	l->body = copy(l, from->body);
	l->tls = copy(l, from->tls);
	for (size_t i = 0; i < from->to.n; i++)
		strv_add(&l->to, a, from->to.v[i]);
	l->author = l->author_domain = l->subject = l->id = "";
	l->text = (struct span) { buf_str(&from->data), from->data.len };
	return l;
}

/* What a message takes beside its bytes, roughly. */
static size_t overhead(const struct inbox_letter *from)
{
	size_t n = 64 * 1024;

	for (size_t i = 0; i < from->to.n; i++)
		n += 2 * strlen(from->to.v[i]) + 64;
	return n;
}

/* The data goes over to the job: the span of the letter stays good. */
static void queue(struct sink *k, struct receipt *l, struct inbox_letter *from)
{
	struct job *j = xmalloc(sizeof(*j));

	*j = (struct job) { .letter = l, .data = from->data };
	j->held = from->held + overhead(from);
	k->held += overhead(from);
	buf_init(&from->data, SINK_MESSAGE);
	from->held = 0;
	*k->last = j;
	k->last = &j->next;
	event_set(&k->arrived);
}

static const char *take(void *arg, struct inbox_letter *from)
{
	struct session *c = arg;
	struct sink *k = c->sink;
	const char *error;
	struct receipt *l;

	if (k->o->count && k->n >= k->o->count)
		return "452 4.3.2 This sandbox has as many messages as it was told to take";
	if (k->held >= SINK_HELD)
		return "452 4.3.1 Too many messages wait to be judged, try again";
	l = receipt_of(c, from);
	if (k->o->store && !receipt_store(l, k->o->store, "sink.smtpwhy.invalid", &error)) {
		k->sum->trouble = arena_strdup(k->arena, error);
		arena_free(l->arena);
		event_set(&k->arrived);
		return "452 4.3.1 The message cannot be stored";
	}
	k->n++;
	queue(k, l, from);
	return arena_printf(from->arena, "250 2.0.0 Accepted as message %lu", k->n);
}

/* --- sessions --- */

static void serve_session(void *arg)
{
	struct session *c = arg;
	struct sink *k = c->sink;
	struct smtpd d = { .scenario = &k->scenario, .server = &k->server,
			   .credentials = k->credentials, .inbox = &c->inbox };

	smtpd_serve(&d, c->fd);
	free(c);
	if (--k->live == 0)
		event_set(&k->quiet);
}

static void peer_of(struct session *c)
{
	struct sockaddr_storage sa;
	struct sockaddr_in *in = (struct sockaddr_in *)&sa;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&sa;
	socklen_t len = sizeof(sa);

	net_address_of(AF_INET, (const unsigned char[4]) { 0 }, &c->peer);
	if (getpeername(c->fd, (struct sockaddr *)&sa, &len) < 0)
		return;
	if (sa.ss_family == AF_INET6) {
		net_address_of(AF_INET6, &in6->sin6_addr, &c->peer);
		c->port = ntohs(in6->sin6_port);
	} else if (sa.ss_family == AF_INET) {
		net_address_of(AF_INET, &in->sin_addr, &c->peer);
		c->port = ntohs(in->sin_port);
	}
}

static void refuse(int fd)
{
	static const char words[] = "421 4.7.0 Too many sessions\r\n";

	send(fd, words, sizeof(words) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

static void take_session(struct sink *k, struct scope *scope)
{
	int fd = accept4(k->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct session *c;

	/* Out of descriptors: the client waits until others have gone. */
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			fiber_sleep(100);
		return;
	}
	if (k->live == SINK_SESSIONS) {
		refuse(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->sink = k;
	c->fd = fd;
	c->inbox = (struct inbox) { .size_most = SINK_MESSAGE, .held = &k->held,
				    .held_most = SINK_HELD, .any_login = !k->o->user,
				    .needs_login = k->o->user != NULL, .arg = c, .take = take };
	peer_of(c);
	k->live++;
	event_clear(&k->quiet);
	if (fiber_spawn(scope, "sink session", serve_session, c) < 0) {
		k->live--;
		close(fd);
		free(c);
	}
}

static void listen_on(void *arg)
{
	struct sink *k = arg;
	struct scope scope;

	scope_begin(&scope);
	while (fiber_wait_fd(k->fd, FIBER_READ, NULL) == 0)
		take_session(k, &scope);
	scope_cancel(&scope);
	scope_join(&scope);
}

/* --- judging --- */

/* DNS answers are kept for one message: of a long run they would be without bound. */
static void judge(struct sink *k, struct job *j)
{
	struct receipt *l = j->letter;
	struct receipt plain = *l;
	const char *error;
	struct net *net = k->o->no_dns || fiber_cancelled() ? NULL :
			  net_new(l->arena, k->o->net, &error);

	if (net) {
		struct domain_dns dns = domain_dns_of(net_dns(net));

		receipt_judge(l, k->o->know, &dns, clock_wall());
	}
	/* Interrupted on the way: what DNS did not answer then says nothing. */
	if (!net || fiber_cancelled()) {
		*l = plain;
		receipt_judge(l, k->o->know, NULL, clock_wall());
	}
	k->sum->n++;
	k->sum->problems += l->problem;
	k->sum->warnings += l->warning && !l->problem;
	k->o->tell_receipt(k->o->arg, l);
	net_free(net);
}

static void end_job(struct sink *k, struct job *j)
{
	k->held -= j->held;
	buf_release(&j->data);
	arena_free(j->letter->arena);
	free(j);
}

static void judge_all(struct sink *k)
{
	while (k->first) {
		struct job *j = k->first;

		k->first = j->next;
		if (!k->first)
			k->last = &k->first;
		judge(k, j);
		end_job(k, j);
	}
}

/* Waits for the next message, within what is left of the time. */
static bool next(struct sink *k, int64_t ends)
{
	int64_t left = ends ? ends - clock_ms() : -1;
	_cleanup_(deadline_end) struct deadline d = deadline_in(ends && left < 0 ? 0 : left);

	if (event_wait(&k->arrived) < 0)
		return false;
	event_clear(&k->arrived);
	return true;
}

static void work(struct sink *k)
{
	int64_t ends = k->o->max_time_ms ? clock_ms() + k->o->max_time_ms : 0;

	while (next(k, ends)) {
		judge_all(k);
		if (*k->sum->trouble || (k->o->count && k->sum->n >= k->o->count))
			break;
	}
	judge_all(k);
}

/* The clients of the last messages say goodbye. */
static void wait_for_quiet(struct sink *k)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(SINK_GRACE_MS);

	if (k->live > 0)
		event_wait(&k->quiet);
}

/* --- start and end --- */

static bool bind_to(struct sink *k, struct sink_place *p, const char **ret_error)
{
	struct sockaddr_storage sa = k->o->address->sa;
	struct sockaddr_in *in = (struct sockaddr_in *)&sa;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&sa;
	socklen_t len = k->o->address->len;
	bool v6 = sa.ss_family == AF_INET6;
	int on = 1;

	if (v6)
		in6->sin6_port = htons((uint16_t)k->o->port);
	else
		in->sin_port = htons((uint16_t)k->o->port);
	k->fd = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (k->fd >= 0)
		setsockopt(k->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Else IPv4 clients of [::] would have addresses that only look like IPv6. */
	if (k->fd >= 0 && v6)
		setsockopt(k->fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (k->fd < 0 || bind(k->fd, (struct sockaddr *)&sa, len) < 0 || listen(k->fd, 128) < 0 ||
	    getsockname(k->fd, (struct sockaddr *)&sa, &len) < 0) {
		*ret_error = arena_printf(k->arena, "cannot listen on %s port %u: %s",
					  k->o->address->text, k->o->port, strerrordesc_np(errno));
		return false;
	}
	*p = (struct sink_place) { .address = k->o->address->text, .store = k->o->store,
				   .port = ntohs(v6 ? in6->sin6_port : in->sin_port),
				   .everybody = !is_loopback(k->o->address) };
	return true;
}

static void offer(struct sink *k, const char *keyword)
{
	strv_add(&k->server.offers, k->arena, keyword);
	strv_add(&k->server.offers_tls, k->arena, keyword);
}

/* What the server says it can do. A login in clear text: where nobody can listen in. */
static void make_server(struct sink *k, const struct sink_place *p)
{
	const char *auth = k->o->user ? "AUTH PLAIN LOGIN" : "AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER";

	k->scenario = (struct scenario) { .title = "", .user = k->o->user ? k->o->user : "",
					  .password = k->o->password ? k->o->password : "",
					  .token = "", .client = "" };
	k->server = (struct lab_server) { .host = "sink.smtpwhy.invalid", .port = p->port,
					  .versions = "1.2 1.3", .issuer = "", .trailer_name = "",
					  .greeting_name = "", .hello = "{front}",
					  .challenge = "", .pace_ms = -1 };
	offer(k, arena_printf(k->arena, "SIZE %d", SINK_MESSAGE));
	offer(k, "8BITMIME");
	offer(k, "SMTPUTF8");
	offer(k, "PIPELINING");
	offer(k, "CHUNKING");
	offer(k, "ENHANCEDSTATUSCODES");
	strv_add(&k->server.offers, k->arena, "STARTTLS");
	strv_add(&k->server.offers_tls, k->arena, auth);
	if (!p->everybody)
		strv_add(&k->server.offers, k->arena, auth);
	strv_add(&k->server.names, k->arena, "localhost");
	strv_add(&k->server.names, k->arena, "127.0.0.1");
	strv_add(&k->server.names, k->arena, "::1");
	if (p->everybody)
		strv_add(&k->server.names, k->arena, p->address);
}

static bool start(struct sink *k, const char **ret_error)
{
	struct sink_place place;

	if (!bind_to(k, &place, ret_error))
		return false;
	make_server(k, &place);
	k->pki = pki_new(k->arena, ret_error);
	if (!k->pki)
		return false;
	k->credentials = pki_credentials(k->pki, &k->server);
	if (!k->credentials) {
		*ret_error = "the certificate for STARTTLS cannot be made";
		return false;
	}
	place.ca_file = pki_ca_file(k->pki);
	k->o->tell_place(k->o->arg, &place);
	return true;
}

static void end(struct sink *k)
{
	if (k->fd >= 0)
		close(k->fd);
	pki_free(k->pki);
}

int sink_run(struct arena *a, const struct sink_options *o, struct sink_summary *ret,
	     const char **ret_error)
{
	struct sink k = { .o = o, .arena = a, .fd = -1, .sum = ret };
	struct scope scope;
	bool begun;

	*ret = (struct sink_summary) { .wanted = o->count, .trouble = "" };
	k.last = &k.first;
	event_init(&k.arrived);
	event_init(&k.quiet);
	begun = start(&k, ret_error);
	if (begun) {
		scope_begin(&scope);
		fiber_spawn(&scope, "sink", listen_on, &k);
		work(&k);
		wait_for_quiet(&k);
		scope_cancel(&scope);
		scope_join(&scope);
		judge_all(&k);
	}
	end(&k);
	return begun ? 0 : -1;
}
