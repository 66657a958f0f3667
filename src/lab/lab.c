/*
 * lab - starts what a scenario describes, and says where it is.
 */
#include "lab/lab.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/mem.h"
#include "fiber/fiber.h"
#include "lab/cloud/cloud.h"
#include "lab/dnsd.h"
#include "lab/pki.h"
#include "lab/ports.h"
#include "lab/smtpd.h"
#include "lab/webd.h"

enum { LAB_MAX_CONNECTIONS = 256, LAB_FILLERS = 4 };

/* A server of the scenario that listens. */
struct lab_listener {
	const struct lab_server	*server;
	struct smtpd	 smtpd;		/* it speaks the one */
	struct webd	 webd;		/* or the other */
	struct lab	*lab;
	int		 fd;
	unsigned	 port;
};

struct lab {
	struct scenario	*scenario;
	struct pki	*pki;
	struct dnsd	 dnsd;
	struct token_store tokens;
	struct lab_listener listeners[SCENARIO_MAX_SERVERS];
	size_t		 n_listeners;
	int		 refused, filtered, fillers[LAB_FILLERS];
	unsigned	 refused_port, filtered_port;
	unsigned	 live;
	struct strv	 options;
	unsigned	 resolver_port;
	const char	*resolver;
	struct port_list ports;
};

/* --- sockets --- */

static int bind_somewhere(int type, unsigned port, unsigned *ret_port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&sa, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sa, &len) < 0) {
		close(fd);
		return -1;
	}
	*ret_port = ntohs(sa.sin_port);
	return fd;
}

static int listen_somewhere(unsigned port, int backlog, unsigned *ret_port)
{
	int fd = bind_somewhere(SOCK_STREAM, port, ret_port);

	if (fd >= 0 && listen(fd, backlog) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/*
 * A port that doesn't answer: its queue is full of our own connections, so Linux drops
 * every further SYN.
 */
static bool make_filtered(struct lab *l)
{
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};

	l->filtered = listen_somewhere(0, 0, &l->filtered_port);
	if (l->filtered < 0)
		return false;
	sa.sin_port = htons((uint16_t)l->filtered_port);
	for (size_t i = 0; i < LAB_FILLERS; i++) {
		l->fillers[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (l->fillers[i] < 0)
			return false;
		if (connect(l->fillers[i], (struct sockaddr *)&sa, sizeof(sa)) < 0 &&
		    errno != EINPROGRESS)
			return false;
	}
	return true;
}

/* The same number by UDP and TCP, as a resolver's client expects. */
static bool make_resolver(struct lab *l)
{
	for (int attempt = 0; attempt < 20; attempt++) {
		unsigned port = 0, same;

		l->dnsd.udp = bind_somewhere(SOCK_DGRAM, 0, &port);
		if (l->dnsd.udp < 0)
			return false;
		l->dnsd.tcp = listen_somewhere(port, 64, &same);
		if (l->dnsd.tcp >= 0) {
			l->resolver_port = port;
			return true;
		}
		close(l->dnsd.udp);
		l->dnsd.udp = -1;
	}
	return false;
}

/* --- fibers --- */

struct connection {
	struct lab_listener *listener;
	int		 fd;
};

static void serve_connection(void *arg)
{
	struct connection *c = arg;

	if (c->listener->server->speaks == SPEAKS_HTTP)
		webd_serve(&c->listener->webd, c->fd);
	else
		smtpd_serve(&c->listener->smtpd, c->fd);
	c->listener->lab->live--;
	free(c);
}

static void take_connection(struct lab_listener *v, struct scope *scope)
{
	int fd = accept4(v->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct linger now = { .l_onoff = 1, .l_linger = 0 };
	struct connection *c;

	if (fd < 0)
		return;
	if (v->server->tcp == TCP_RESET)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	if (v->server->tcp == TCP_RESET || v->lab->live == LAB_MAX_CONNECTIONS) {
		close(fd);
		return;
	}
	c = xmalloc(sizeof(*c));
	*c = (struct connection) { .listener = v, .fd = fd };
	v->lab->live++;
	if (fiber_spawn(scope, "lab connection", serve_connection, c) < 0) {
		v->lab->live--;
		close(fd);
		free(c);
	}
}

static void serve(void *arg)
{
	struct lab_listener *v = arg;
	struct scope scope;

	scope_begin(&scope);
	while (fiber_wait_fd(v->fd, FIBER_READ, NULL) == 0)
		take_connection(v, &scope);
	scope_cancel(&scope);
	scope_join(&scope);
}

/* --- start --- */

static bool make_listener(struct lab *l, const struct lab_server *s)
{
	struct lab_listener *v = &l->listeners[l->n_listeners];
	gnutls_certificate_credentials_t credentials = NULL;

	if (s->tcp == TCP_REFUSED || s->tcp == TCP_FILTERED)
		return true;
	*v = (struct lab_listener) { .server = s, .lab = l };
	if (s->implicit_tls || strv_has_nocase(&s->offers, "STARTTLS") ||
	    server_answer(s, POINT_STARTTLS, "")) {
		credentials = pki_credentials(l->pki, s);
		if (!credentials)
			return false;
	}
	v->smtpd = (struct smtpd) { .scenario = l->scenario, .server = s,
				    .credentials = credentials, .tokens = &l->tokens };
	v->webd = (struct webd) { .scenario = l->scenario, .server = s, .credentials = credentials,
				  .tokens = &l->tokens };
	v->fd = listen_somewhere(0, 64, &v->port);
	if (v->fd >= 0)
		l->n_listeners++;
	return v->fd >= 0;
}

static void real_place(const struct lab *l, const struct lab_server *s, struct lab_port *p)
{
	p->state = "refused";
	p->real_port = l->refused_port;
	if (s && s->tcp == TCP_FILTERED) {
		p->state = "filtered";
		p->real_port = l->filtered_port;
	}
	for (size_t i = 0; s && i < l->n_listeners; i++) {
		if (l->listeners[i].server == s) {
			p->state = "open";
			p->real_port = l->listeners[i].port;
		}
	}
}

static void set_options(struct lab *l, struct arena *a)
{
	const struct scenario *s = l->scenario;

	if (s->user[0]) {
		strv_add(&l->options, a, "--user");
		strv_add(&l->options, a, s->user);
	}
	for (size_t i = 0; i < s->options.n; i++)
		strv_add(&l->options, a, s->options.v[i]);
}

/* Everything but the fibers. */
static bool prepare(struct lab *l, struct arena *a, const char **ret_error)
{
	l->pki = pki_new(a, ret_error);
	if (!l->pki)
		return false;
	*ret_error = "the lab's sockets or certificates can't be made";
	l->refused = bind_somewhere(SOCK_STREAM, 0, &l->refused_port);
	if (l->refused < 0 || !make_filtered(l) || !make_resolver(l))
		return false;
	for (const struct lab_server *s = l->scenario->servers; s; s = s->next)
		if (!make_listener(l, s))
			return false;
	l->resolver = arena_printf(a, "127.0.0.1:%u", l->resolver_port);
	if (!client_token_issue(a, l->scenario, &l->tokens, ret_error))
		return false;
	l->dnsd.zone = &l->scenario->zone;
	ports_make(&l->ports, a, l->scenario);
	for (size_t i = 0; i < l->ports.n; i++)
		real_place(l, l->ports.servers[i], &l->ports.list[i]);
	set_options(l, a);
	return true;
}

struct lab *lab_start(struct arena *a, struct scope *scope, const char *name,
		      const char **ret_error)
{
	struct scenario *s = scenario_load(a, name, ret_error);
	struct lab *l;

	if (!s)
		return NULL;
	if (!s->target[0]) {
		*ret_error = arena_printf(a, "%s: expected a `target`: this is a base for others",
					  name);
		return NULL;
	}
	ports_add_names(s, a);
	l = arena_alloc(a, sizeof(*l));
	l->scenario = s;
	token_store_init(&l->tokens, a);
	l->refused = l->filtered = l->dnsd.udp = l->dnsd.tcp = -1;
	for (size_t i = 0; i < LAB_FILLERS; i++)
		l->fillers[i] = -1;
	if (!prepare(l, a, ret_error)) {
		lab_free(l);
		return NULL;
	}
	/* Only a cancelled caller gets no fibers; it will notice at its next wait. */
	fiber_spawn(scope, "lab dns", dnsd_udp, &l->dnsd);
	fiber_spawn(scope, "lab dns tcp", dnsd_tcp, &l->dnsd);
	for (size_t i = 0; i < l->n_listeners; i++)
		fiber_spawn(scope, "lab server", serve, &l->listeners[i]);
	return l;
}

static void close_one(int fd)
{
	if (fd >= 0)
		close(fd);
}

void lab_free(struct lab *l)
{
	if (!l)
		return;
	assert(l->live == 0);
	close_one(l->dnsd.udp);
	close_one(l->dnsd.tcp);
	close_one(l->refused);
	close_one(l->filtered);
	for (size_t i = 0; i < LAB_FILLERS; i++)
		close_one(l->fillers[i]);
	for (size_t i = 0; i < l->n_listeners; i++)
		close_one(l->listeners[i].fd);
	token_store_release(&l->tokens);
	pki_free(l->pki);
}

/* --- what it is --- */

const char *lab_title(const struct lab *l)
{
	return l->scenario->title;
}

const char *lab_target(const struct lab *l)
{
	return l->scenario->target;
}

const struct strv *lab_options(const struct lab *l)
{
	return &l->options;
}

const char *lab_resolver(const struct lab *l)
{
	return l->resolver;
}

const char *lab_ca_file(const struct lab *l)
{
	return pki_ca_file(l->pki);
}

const char *lab_password(const struct lab *l)
{
	return l->scenario->password;
}

const char *lab_token(const struct lab *l)
{
	return l->scenario->token;
}

const char *lab_admin_token(const struct lab *l, struct arena *a, bool graph)
{
	return admin_token(a, l->scenario->tenants, graph);
}

size_t lab_ports(const struct lab *l, const struct lab_port **ret)
{
	*ret = l->ports.list;
	return l->ports.n;
}

static const char *app_proof(const struct tenant_app *app)
{
	if (app->is_public)
		return "public client";
	if (app->secret[0])
		return "secret";
	return app->certificate ? "certificate" : "federated credential";
}

size_t lab_apps(const struct lab *l, struct arena *a, const struct lab_app **ret)
{
	struct lab_app *list;
	size_t n = 0;

	for (const struct lab_tenant *t = l->scenario->tenants; t; t = t->next)
		for (const struct tenant_app *app = t->apps; app; app = app->next)
			n++;
	list = arena_alloc(a, n * sizeof(*list) + 1);
	n = 0;
	for (const struct lab_tenant *t = l->scenario->tenants; t; t = t->next)
		for (const struct tenant_app *app = t->apps; app; app = app->next)
			list[n++] = (struct lab_app) { .tenant = t->domain, .id = app->id,
						       .name = app->name, .secret = app->secret,
						       .how = app_proof(app) };
	*ret = list;
	return n;
}
