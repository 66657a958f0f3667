/*
 * lab-client - see lab-client.h.
 */
#include "tests/unit/lab-client.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "lab/lab.h"

struct arena *client_arena;

/* --- a lab for the time of one function --- */

struct use {
	const char	*path;
	lab_user	*user;
	const void	*arg;
};

static int run_lab(void *arg)
{
	const struct use *u = arg;
	struct arena *mine = arena_new();
	struct scope s;
	struct lab *l;
	const char *error = "";

	scope_begin(&s);
	l = lab_start(mine, &s, u->path, &error);
	u->user(l, error, u->arg);
	scope_cancel(&s);
	scope_join(&s);
	lab_free(l);
	arena_free(mine);
	return l ? 0 : 1;
}

bool with_lab(const char *scenario, lab_user *user, const void *arg)
{
	char path[] = "/tmp/lab-client-XXXXXX";
	struct use u = { .path = path, .user = user, .arg = arg };
	int fd = mkstemp(path);
	bool good = fd >= 0 && write(fd, scenario, strlen(scenario)) == (ssize_t)strlen(scenario);

	if (fd >= 0)
		close(fd);
	good = good && fiber_run(run_lab, &u) == 0;
	unlink(path);
	return good;
}

uint64_t cancel_everywhere(const char *scenario, lab_user *user)
{
	struct fiber_stats stats;
	uint64_t waits;
	bool good = with_lab(scenario, user, NULL);

	fiber_stats(&stats);
	waits = stats.waits;
	for (uint64_t n = 1; n <= waits + 1; n++) {
		fiber_cancel_at(n);
		good &= with_lab(scenario, user, NULL);
		fiber_stats(&stats);
		good &= stats.live == 0;
	}
	fiber_cancel_at(0);
	return good ? waits : 0;
}

/* --- connections --- */

const struct lab_port *port_of(struct lab *l, const char *host, unsigned port)
{
	const struct lab_port *list;
	size_t n = lab_ports(l, &list);

	for (size_t i = 0; i < n; i++)
		if (list[i].port == port && str_eq(list[i].host, host))
			return &list[i];
	return NULL;
}

int dial_real(struct peer *p, unsigned real_port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)real_port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int e = 0, got = 0;
	socklen_t len = sizeof(got);

	*p = (struct peer) { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	if (connect(p->fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 && errno != EINPROGRESS)
		return -errno;
	e = fiber_wait_fd(p->fd, FIBER_WRITE, NULL);
	if (e == 0 && getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &got, &len) == 0)
		e = -got;
	return e;
}

int dial(struct peer *p, struct lab *l, const char *host, unsigned port)
{
	const struct lab_port *where = port_of(l, host, port);

	if (!where) {
		p->fd = -1;
		return -ENOENT;
	}
	return dial_real(p, where->real_port);
}

void hang_up(struct peer *p)
{
	if (p->tls)
		gnutls_deinit(p->tls);
	if (p->credentials)
		gnutls_certificate_free_credentials(p->credentials);
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct peer) { .fd = -1 };
}

static void send_bytes(struct peer *p, const char *s, size_t n)
{
	if (p->tls)
		gnutls_record_send(p->tls, s, n);
	else
		send(p->fd, s, n, MSG_NOSIGNAL);
}

ssize_t read_some(struct peer *p, char *to, size_t size)
{
	for (;;) {
		ssize_t n = p->tls ? gnutls_record_recv(p->tls, to, size) :
			    recv(p->fd, to, size, 0);
		int e;

		if (n >= 0)
			return n;
		if (p->tls ? n != GNUTLS_E_AGAIN : errno != EAGAIN)
			return p->tls ? -EPROTO : -errno;
		e = fiber_wait_fd(p->fd, FIBER_READ, NULL);
		if (e < 0)
			return e;
	}
}

/* "(end)" and so on: why nothing more came. */
static const char *why(ssize_t n)
{
	if (n == 0)
		return "(end)";
	if (n == -ETIMEDOUT)
		return "(timeout)";
	return n == -ECONNRESET ? "(reset)" : "(error)";
}

/* Does the text end in a line that begins with three digits and a blank? */
static bool complete(const struct buf *b)
{
	const char *s = buf_str(b);
	size_t n = b->len, start;

	if (n < 2 || s[n - 1] != '\n')
		return false;
	for (start = n - 1; start > 0 && s[start - 1] != '\n'; start--)
		;
	return n - start > 4 && ascii_is_digit(s[start]) && s[start + 3] == ' ';
}

const char *ask(struct peer *p, const char *line)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[1024];

	if (line) {
		line = arena_printf(client_arena, "%s\r\n", line);
		send_bytes(p, line, strlen(line));
	}
	while (!complete(&b)) {
		ssize_t n = read_some(p, piece, sizeof(piece));

		if (n <= 0) {
			buf_adds(&b, why(n));
			break;
		}
		buf_add(&b, piece, (size_t)n);
	}
	return arena_strndup(client_arena, buf_str(&b), b.len);
}

size_t drain(struct peer *p)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[1024];
	size_t sum = 0;
	ssize_t n;

	while ((n = read_some(p, piece, sizeof(piece))) > 0)
		sum += (size_t)n;
	return sum;
}

int secure(struct peer *p, struct lab *l, const char *name, const char *priority,
	   unsigned *ret_status)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	int e;

	gnutls_certificate_allocate_credentials(&p->credentials);
	gnutls_certificate_set_x509_trust_file(p->credentials, lab_ca_file(l), GNUTLS_X509_FMT_PEM);
	gnutls_init(&p->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
	gnutls_priority_set_direct(p->tls, priority, NULL);
	gnutls_credentials_set(p->tls, GNUTLS_CRD_CERTIFICATE, p->credentials);
	if (name)
		gnutls_server_name_set(p->tls, GNUTLS_NAME_DNS, name, strlen(name));
	gnutls_transport_set_int(p->tls, p->fd);
	while ((e = gnutls_handshake(p->tls)) == GNUTLS_E_AGAIN)
		if (fiber_wait_fd(p->fd,
				  gnutls_record_get_direction(p->tls) ? FIBER_WRITE : FIBER_READ,
				  NULL) < 0)
			break;
	if (e == 0)
		gnutls_certificate_verify_peers3(p->tls, name, ret_status);
	return e;
}

const char *auth_line(const char *mechanism, const char *bytes, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);

	base64_encode(&b, bytes, n);
	return arena_printf(client_arena, "%s%s%s", mechanism, mechanism[0] ? " " : "",
			    buf_str(&b));
}

/* Says it all, and gives what comes back to the end of the connection; hangs up. */
static const char *exchange(struct peer *p, const char *request)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(1024 * 1024);
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[2048];
	ssize_t n;

	send_bytes(p, request, strlen(request));
	while ((n = read_some(p, piece, sizeof(piece))) > 0)
		buf_add(&b, piece, (size_t)n);
	if (n < 0)
		buf_adds(&b, why(n));
	hang_up(p);
	return arena_strndup(client_arena, buf_str(&b), b.len);
}

const char *http(struct lab *l, const char *host, unsigned port, const char *request)
{
	struct peer p;

	return dial(&p, l, host, port) == 0 ? exchange(&p, request) : "(no connection)";
}

const char *https(struct lab *l, const char *host, const char *request)
{
	unsigned status = 1;
	struct peer p;

	if (dial(&p, l, host, 443) != 0)
		return "(no connection)";
	if (secure(&p, l, host, "NORMAL", &status) == 0 && status == 0)
		return exchange(&p, request);
	hang_up(&p);
	return "(no TLS)";
}

const char *https_get(struct lab *l, const char *host, const char *path, const char *fields)
{
	return https(l, host, arena_printf(client_arena, "GET %s HTTP/1.1\r\nHost: %s\r\n"
					   "%sConnection: close\r\n\r\n", path, host, fields));
}

const char *https_post(struct lab *l, const char *host, const char *path, const char *type,
		       const char *body, const char *fields)
{
	return https(l, host, arena_printf(client_arena, "POST %s HTTP/1.1\r\nHost: %s\r\n"
					   "%sConnection: close\r\nContent-Type: %s\r\n"
					   "Content-Length: %zu\r\n\r\n%s", path, host, fields,
					   type, strlen(body), body));
}

const char *member(const char *answer, const char *name)
{
	const char *body = strstr(answer, "\r\n\r\n");
	json_t *j = body ? json_loads(body + 4, 0, NULL) : NULL;
	const char *text = json_string_value(json_object_get(j, name));
	char *copy = arena_strdup(client_arena, text ? text : "");

	json_decref(j);
	return copy;
}
