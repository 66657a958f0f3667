/*
 * t-lab - the lab's servers, spoken to by a small client of the test's own: sockets and GnuTLS, none of the program's SMTP.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "tests/unit/tap.h"

static struct arena *a;

static const char scenario[] =
	"like m365\n"
	"title a test\n"
	"target smtp.office365.com:587\n"
	"token right.token\n"
	"server smtp.office365.com:587\n"
	"\toffers-tls SIZE 1000, AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER, CHUNKING\n"
	"\tchallenge {\"status\":\"401\"}\n"
	"server smtp.office365.com:25\n"
	"\ttcp filtered\n"
	"server drop.example.net:25\n\tgreeting 220 hi\n\tehlo drop\n"
	"server reset.example.net:25\n\tgreeting 220 hi\n\tehlo reset\n"
	"server rst.example.net:25\n\ttcp reset\n"
	"server silent.example.net:25\n\tgreeting silent\n"
	"server slow.example.net:25\n\tgreeting slow 5ms 220 slow\n\tnoop 250 quick\n"
	"server pace.example.net:25\n\tpace 0ms\n\tgreeting 220 pace\n"
	"server half.example.net:25\n\tgreeting send 220 ha\n\t\tdrop\n"
	"server long.example.net:25\n\tgreeting send 220\\x20\n\t\tfill 9000 send \\r\\n\n\tehlo repeat 300 250-x\n\t\t250 y\n"
	"server noise.example.net:25\n\tgreeting garbage 64 drop\n"
	"server inject.example.net:25\n\tgreeting 220 hi\n\tstarttls 220 go\n\t\tsend 250 evil\\r\\n\n"
	"server alert.example.net:25\n\toffers STARTTLS\n\tgreeting 220 hi\n\thandshake alert protocol_version drop\n"
	"server late.example.net:25\n\tgreeting wait 60ms 220 late\n"
	"server expired.example.net:465\n\ttls implicit\n\tcertificate expired\n"
	"server notyet.example.net:465\n\ttls implicit\n\tcertificate not-yet\n"
	"server self.example.net:465\n\ttls implicit\n\tcertificate self-signed\n"
	"server untrusted.example.net:465\n\ttls implicit\n\tcertificate untrusted\n\tissuer FG100F CA, Fortinet\n"
	"server incomplete.example.net:465\n\ttls implicit\n\tcertificate incomplete\n"
	"server good.example.net:465\n\ttls implicit\n\tcertificate good for x.example.net 192.0.2.1\n"
	"server old.example.net:465\n\ttls implicit\n\tversions 1.0\n"
	"server twelve.example.net:465\n\ttls implicit\n\tversions 1.2\n"
	"server sni.example.net:465\n\ttls implicit\n\tsni required\n";

/* --- a small client --- */

struct peer {
	int					 fd;
	gnutls_session_t			 tls;
	gnutls_certificate_credentials_t	 credentials;
};

static const struct lab_port *port_of(struct lab *l, const char *host, unsigned port)
{
	const struct lab_port *list;
	size_t n = lab_ports(l, &list);

	for (size_t i = 0; i < n; i++)
		if (list[i].port == port && str_eq(list[i].host, host))
			return &list[i];
	return NULL;
}

/* 0 or a negative errno. */
static int dial_real(struct peer *p, unsigned real_port)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons((uint16_t)real_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
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

static int dial(struct peer *p, struct lab *l, const char *host, unsigned port)
{
	const struct lab_port *where = port_of(l, host, port);

	if (!where) {
		p->fd = -1;
		return -ENOENT;
	}
	return dial_real(p, where->real_port);
}

static void hang_up(struct peer *p)
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

/* Bytes read, 0 at the end, or a negative errno. */
static ssize_t read_some(struct peer *p, char *to, size_t size)
{
	for (;;) {
		ssize_t n = p->tls ? gnutls_record_recv(p->tls, to, size) : recv(p->fd, to, size, 0);
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

/* Says a line (NULL = nothing) and gives the whole reply, or what came before the end; "(timeout)" and so on at its end. */
static const char *ask(struct peer *p, const char *line)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(64 * 1024);
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[1024];

	if (line) {
		line = arena_printf(a, "%s\r\n", line);
		send_bytes(p, line, strlen(line));
	}
	while (!complete(&b)) {
		ssize_t n = read_some(p, piece, sizeof(piece));

		if (n <= 0) {
			buf_adds(&b, n == 0 ? "(end)" : n == -ETIMEDOUT ? "(timeout)" : n == -ECONNRESET ? "(reset)" : "(error)");
			break;
		}
		buf_add(&b, piece, (size_t)n);
	}
	return arena_strndup(a, buf_str(&b), b.len);
}

static void says(struct peer *p, const char *line, const char *want)
{
	const char *got = ask(p, line);

	const char *what = arena_printf(a, "%s: %s", line ? line : "(greeting)", want);

	if (!ok(str_find_nocase(got, want) != NULL, str_escaped(a, what, strlen(what))))
		printf("#   got   %s\n", str_escaped(a, got, strlen(got)));
}

/* Everything until the server closes. */
static size_t drain(struct peer *p)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[1024];
	size_t sum = 0;
	ssize_t n;

	while ((n = read_some(p, piece, sizeof(piece))) > 0)
		sum += (size_t)n;
	return sum;
}

/* A handshake; what verification says is *ret_status. 0 or GnuTLS's code. */
static int secure(struct peer *p, struct lab *l, const char *name, const char *priority, unsigned *ret_status)
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
		if (fiber_wait_fd(p->fd, gnutls_record_get_direction(p->tls) ? FIBER_WRITE : FIBER_READ, NULL) < 0)
			break;
	if (e == 0)
		gnutls_certificate_verify_peers3(p->tls, name, ret_status);
	return e;
}

static const char *auth_line(const char *mechanism, const char *bytes, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(4096);

	base64_encode(&b, bytes, n);
	return arena_printf(a, "%s%s%s", mechanism, mechanism[0] ? " " : "", buf_str(&b));
}

#define AUTH(mechanism, literal) auth_line(mechanism, literal, sizeof(literal) - 1)

/* --- tests --- */

/* Greeting to AUTH on the tenant. */
static void log_in_ready(struct peer *p, struct lab *l)
{
	unsigned status = 1;

	dial(p, l, "smtp.office365.com", 587);
	ask(p, NULL);
	ask(p, "EHLO test.example");
	ask(p, "STARTTLS");
	if (secure(p, l, "smtp.office365.com", "NORMAL", &status) != 0)
		ok(false, "the handshake on 587");
	ask(p, "EHLO test.example");
}

static void test_dialogue(struct lab *l)
{
	struct peer p;
	unsigned status = 1;

	is_int(dial(&p, l, "smtp.office365.com", 587), 0, "587 is open");
	says(&p, NULL, "220 AM0PR02CA0045.outlook.office365.com Microsoft ESMTP MAIL Service ready at ");
	says(&p, "FOO", "500 5.3.3");
	says(&p, "MAIL FROM:<scan@contoso.com>", "503 5.5.2");
	says(&p, "EHLO", "501 5.5.4");
	says(&p, "EHLO test.example", "250-AM0PR02CA0045.outlook.office365.com Hello [203.0.113.7]\r\n250-SIZE 157286400\r\n");
	says(&p, "AUTH LOGIN", "530 5.7.0");
	says(&p, "MAIL FROM:<scan@contoso.com>", "451 5.7.3 STARTTLS is required");
	says(&p, "STARTTLS", "220 2.0.0");
	is_int(secure(&p, l, "smtp.office365.com", "NORMAL", &status), 0, "the handshake");
	is_int(status, 0, "the chain holds");
	is_int(gnutls_protocol_get_version(p.tls), GNUTLS_TLS1_3, "TLS 1.3");
	says(&p, "MAIL FROM:<scan@contoso.com>", "503");
	says(&p, "EHLO test.example", "250-AUTH LOGIN PLAIN");
	says(&p, "STARTTLS", "503");
	says(&p, "MAIL FROM:<scan@contoso.com>", "530 5.7.57");
	says(&p, "AUTH GSSAPI", "504 5.7.4");
	says(&p, "AUTH LOGIN", "334 VXNlcm5hbWU6");
	says(&p, AUTH("", "scan@contoso.com"), "334 UGFzc3dvcmQ6");
	says(&p, AUTH("", "Paper-Jam-in-Tray-2"), "235 2.7.0");
	says(&p, "AUTH LOGIN", "503");
	says(&p, "RCPT TO:<a@example.org>", "503");
	says(&p, "MAIL FROM: <scan@contoso.com> SIZE=100", "250 2.1.0");
	says(&p, "DATA", "503");
	says(&p, "RCPT TO:<a@example.org>", "250 2.1.5");
	says(&p, "DATA", "354");
	says(&p, "Subject: x\r\n\r\n..\r\n.", "250 2.6.0");
	says(&p, "MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nBDAT 4\r\nabcdBDAT 0 LAST\r\nNOOP\r\nQUIT", "250 2.1.0");
	ok(drain(&p) > 60, "pipelined commands are all answered, and QUIT ends it");
	hang_up(&p);
}

static void test_auth(struct lab *l)
{
	struct peer p;

	log_in_ready(&p, l);
	says(&p, "AUTH PLAIN not-base64!", "501 5.5.2");
	says(&p, AUTH("AUTH PLAIN", "\0scan@contoso.com\0wrong"), "535 5.7.139");
	says(&p, "AUTH PLAIN", "334 \r\n");
	says(&p, "*", "501 5.7.0");
	says(&p, AUTH("AUTH XOAUTH2", "user=scan@contoso.com\1auth=Bearer stale\1\1"), "334 eyJzdGF0dXMiOiI0MDEifQ==");
	says(&p, "", "535 5.7.3");
	says(&p, AUTH("AUTH XOAUTH2", "user=scan@contoso.com\1auth=Bearer right.token\1\1"), "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH OAUTHBEARER", "n,a=scan@contoso.com,\1host=h\1port=587\1auth=Bearer right.token\1\1"), "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH PLAIN", "\0scan@contoso.com\0Paper-Jam-in-Tray-2"), "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH LOGIN", "scan@contoso.com"), "334 UGFzc3dvcmQ6");
	says(&p, AUTH("", "x"), "the user credentials were incorrect. [AM0PR02CA0045.eurprd02.prod.outlook.com 20");
	hang_up(&p);
}

static void test_faults(struct lab *l)
{
	struct peer p;
	int64_t from;

	dial(&p, l, "drop.example.net", 25);
	ask(&p, NULL);
	is_str(ask(&p, "EHLO x"), "(end)", "drop closes");
	hang_up(&p);
	dial(&p, l, "reset.example.net", 25);
	ask(&p, NULL);
	is_str(ask(&p, "EHLO x"), "(reset)", "reset resets");
	hang_up(&p);
	is_int(dial(&p, l, "rst.example.net", 25), -ECONNRESET, "tcp reset resets at once");
	hang_up(&p);
	dial(&p, l, "half.example.net", 25);
	is_str(ask(&p, NULL), "220 ha(end)", "half a reply");
	hang_up(&p);
	dial(&p, l, "slow.example.net", 25);
	from = clock_ms();
	is_str(ask(&p, NULL), "220 slow\r\n", "slow says it all");
	ok(clock_ms() - from >= 45, "one byte at a time");
	from = clock_ms();
	is_str(ask(&p, "NOOP"), "250 quick\r\n", "the next answer");
	ok(clock_ms() - from < 40, "is not slow");
	hang_up(&p);
	dial(&p, l, "late.example.net", 25);
	from = clock_ms();
	is_str(ask(&p, NULL), "220 late\r\n", "wait");
	ok(clock_ms() - from >= 60, "waits");
	hang_up(&p);
	dial(&p, l, "long.example.net", 25);
	is_int(strlen(ask(&p, NULL)), strlen("220 \r\n") + 9000, "fill");
	is_int(strlen(ask(&p, "EHLO x")), 301 * 7, "repeat");
	hang_up(&p);
	dial(&p, l, "noise.example.net", 25);
	is_int(drain(&p), 64, "garbage");
	hang_up(&p);
}

static void test_segments(struct lab *l)
{
	char piece[64];
	unsigned pieces = 0;
	ssize_t n;
	struct peer p;

	dial(&p, l, "pace.example.net", 25);
	for (size_t sum = 0; sum < 10 && (n = read_some(&p, piece, sizeof(piece))) > 0; pieces++)
		sum += (size_t)n;
	is_int(pieces, 10, "pace 0ms: every byte comes alone");
	hang_up(&p);
	dial(&p, l, "inject.example.net", 25);
	ask(&p, NULL);
	is_str(ask(&p, "STARTTLS"), "220 go\r\n250 evil\r\n", "what follows the 220 comes with it");
	hang_up(&p);
	dial(&p, l, "alert.example.net", 25);
	ask(&p, NULL);
	says(&p, "STARTTLS", "220");
	{
		unsigned status;

		is_int(secure(&p, l, "alert.example.net", "NORMAL", &status), GNUTLS_E_FATAL_ALERT_RECEIVED, "an alert comes");
		is_int(gnutls_alert_get(p.tls), GNUTLS_A_PROTOCOL_VERSION, "the one that was asked for");
	}
	hang_up(&p);
	dial(&p, l, "silent.example.net", 25);
	{
		_cleanup_(deadline_end) struct deadline d = deadline_in(60);

		is_int(read_some(&p, piece, sizeof(piece)), -ETIMEDOUT, "silent says nothing");
	}
	hang_up(&p);
}

static void test_certificates(struct lab *l)
{
	static const struct { const char *host, *name; unsigned want; } cases[] = {
		{ "good.example.net", "x.example.net", 0 },
		{ "good.example.net", "good.example.net", GNUTLS_CERT_UNEXPECTED_OWNER },
		{ "expired.example.net", "expired.example.net", GNUTLS_CERT_EXPIRED },
		{ "notyet.example.net", "notyet.example.net", GNUTLS_CERT_NOT_ACTIVATED },
		{ "self.example.net", "self.example.net", GNUTLS_CERT_SIGNER_NOT_FOUND },
		{ "untrusted.example.net", "untrusted.example.net", GNUTLS_CERT_SIGNER_NOT_FOUND },
		{ "incomplete.example.net", "incomplete.example.net", GNUTLS_CERT_SIGNER_NOT_FOUND },
		{ "twelve.example.net", "twelve.example.net", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct peer p;
		unsigned status = 0, n = 0;

		dial(&p, l, cases[i].host, 465);
		is_int(secure(&p, l, cases[i].name, "NORMAL", &status), 0, cases[i].host);
		is_int(status & ~(unsigned)GNUTLS_CERT_INVALID, cases[i].want, "what verification says");
		gnutls_certificate_get_peers(p.tls, &n);
		if (str_has_prefix(cases[i].host, "self.") || str_has_prefix(cases[i].host, "incomplete."))
			is_int(n, 1, "one certificate is sent");
		else
			is_int(n, 2, "two certificates are sent");
		says(&p, NULL, "220 ");
		hang_up(&p);
	}
}

static void test_versions(struct lab *l)
{
	static const struct { const char *host, *name, *priority; int want; } cases[] = {
		{ "old.example.net", "old.example.net", "NORMAL:-VERS-ALL:+VERS-TLS1.0:+SIGN-ECDSA-SHA1", 0 },
		{ "old.example.net", "old.example.net", "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3", GNUTLS_E_UNSUPPORTED_VERSION_PACKET },
		{ "twelve.example.net", "twelve.example.net", "NORMAL:-VERS-ALL:+VERS-TLS1.3", GNUTLS_E_FATAL_ALERT_RECEIVED },
		{ "sni.example.net", "sni.example.net", "NORMAL", 0 },
		{ "sni.example.net", NULL, "NORMAL", GNUTLS_E_FATAL_ALERT_RECEIVED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct peer p;
		unsigned status;

		dial(&p, l, cases[i].host, 465);
		is_int(secure(&p, l, cases[i].name, cases[i].priority, &status), cases[i].want, cases[i].host);
		hang_up(&p);
	}
}

static void test_ports(struct lab *l)
{
	const struct lab_port *list;
	size_t n = lab_ports(l, &list);
	struct peer p;
	bool mapped = true;

	for (size_t i = 0; i < n; i++)
		mapped &= list[i].real_port != 0 && list[i].state && str_find_nocase(list[i].address, ":10.") == NULL;
	ok(n > 0 && mapped, "every port leads somewhere");
	is_int(dial(&p, l, "smtp.office365.com", 465), -ENOENT, "465 is nobody's");
	for (size_t i = 0; i < n; i++) {
		if (list[i].port != 465 || !str_eq(list[i].address, "192.0.2.10"))
			continue;
		is_str(list[i].state, "refused", "yet its address has it");
		is_int(dial_real(&p, list[i].real_port), -ECONNREFUSED, "and it refuses");
		hang_up(&p);
	}
	is_str(port_of(l, "smtp.office365.com", 25)->state, "filtered", "25 is filtered");
	for (int i = 0; i < 3; i++) {
		_cleanup_(deadline_end) struct deadline d = deadline_in(120);

		is_int(dial(&p, l, "smtp.office365.com", 25), -ETIMEDOUT, "and does not answer, however often one tries");
		hang_up(&p);
	}
}

static void test_dns(struct lab *l)
{
	static const char query[] = "\1\2\1\0\0\1\0\0\0\0\0\0\4smtp\11office365\3com\0\0\1\0\1";
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	_cleanup_(deadline_end) struct deadline d = deadline_in(2000);
	unsigned long port = 0;
	char answer[512] = "", size[2] = { 0, sizeof(query) - 1 };
	struct peer p;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ok(str_number(strchr(lab_resolver(l), ':') + 1, 65535, &port), "the resolver has a port");
	sa.sin_port = htons((uint16_t)port);
	sendto(fd, query, sizeof(query) - 1, 0, (struct sockaddr *)&sa, sizeof(sa));
	is_int(fiber_wait_fd(fd, FIBER_READ, NULL), 0, "UDP answers");
	recv(fd, answer, sizeof(answer), 0);
	is_int(answer[7], 4, "two CNAMEs and two addresses");
	close(fd);
	is_int(dial_real(&p, (unsigned)port), 0, "and the same port by TCP");
	send(p.fd, size, 2, 0);
	send(p.fd, query, sizeof(query) - 1, 0);
	memset(answer, 0, sizeof(answer));
	ok(read_some(&p, answer, 2) == 2 && read_some(&p, answer + 2, sizeof(answer) - 2) > 0 && answer[9] == 4, "TCP answers");
	hang_up(&p);
}

/* --- the whole --- */

static const char *path;

static int run_all(void *arg)
{
	struct scope s;
	const char *error = NULL, *ca;
	struct lab *l;
	struct stat st;

	(void)arg;
	scope_begin(&s);
	is_str(lab_start(a, &s, "m365", &error) ? "started" : error, "m365: expected a `target`: this is a base for others", "a base does not start");
	l = lab_start(a, &s, path, &error);
	if (ok(l != NULL, "the lab starts")) {
		is_str(lab_title(l), "a test", "title");
		is_str(strv_join(lab_options(l), a, " "), "--user scan@contoso.com", "options");
		test_dialogue(l);
		test_auth(l);
		test_faults(l);
		test_segments(l);
		test_certificates(l);
		test_versions(l);
		test_ports(l);
		test_dns(l);
	} else {
		printf("#   got   %s\n", error);
	}
	scope_cancel(&s);
	scope_join(&s);
	ca = l ? arena_strdup(a, lab_ca_file(l)) : "";
	ok(l && stat(ca, &st) == 0 && (st.st_mode & 077) == 0, "the CA file is private");
	lab_free(l);
	ok(stat(ca, &st) < 0, "and goes with the lab");
	return 0;
}

/* One login, whatever comes of it. */
static int run_short(void *arg)
{
	struct scope s;
	const char *error = NULL;
	struct arena *mine = arena_new();
	struct lab *l;
	struct peer p;

	(void)arg;
	scope_begin(&s);
	l = lab_start(mine, &s, path, &error);
	if (l && dial(&p, l, "smtp.office365.com", 587) == 0) {
		unsigned status;

		ask(&p, NULL);
		ask(&p, "EHLO x");
		ask(&p, "STARTTLS");
		if (secure(&p, l, "smtp.office365.com", "NORMAL", &status) == 0) {
			ask(&p, "EHLO x");
			ask(&p, AUTH("AUTH PLAIN", "\0scan@contoso.com\0Paper-Jam-in-Tray-2"));
		}
		hang_up(&p);
	}
	scope_cancel(&s);
	scope_join(&s);
	lab_free(l);
	arena_free(mine);
	return l ? 0 : 1;
}

static void test_cancel(void)
{
	struct fiber_stats stats;
	uint64_t waits;
	bool good = true;

	good &= fiber_run(run_short, NULL) == 0;
	fiber_stats(&stats);
	waits = stats.waits;
	ok(good && waits > 10, "a login waits more than ten times");
	for (uint64_t n = 1; n <= waits + 1; n++) {
		fiber_cancel_at(n);
		good &= fiber_run(run_short, NULL) == 0;
	}
	fiber_cancel_at(0);
	ok(good, "cancelled at every wait, it ends cleanly");
	is_int(stats.live, 0, "and nothing is left");
}

int main(void)
{
	char name[] = "/tmp/t-lab-XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || write(fd, scenario, sizeof(scenario) - 1) < 0)
		return 1;
	close(fd);
	a = arena_new();
	path = name;
	fiber_run(run_all, NULL);
	test_cancel();
	unlink(name);
	arena_free(a);
	return tap_done();
}
