/*
 * t-lab - the lab's servers when all is well, its DNS, its ports, and its end.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

static const char scenario[] =
	"like m365\n"
	"title a test\n"
	"target smtp.office365.com:587\n"
	"token right.token\n"
	"server smtp.office365.com:587\n"
	"\toffers-tls SIZE 1000, AUTH LOGIN PLAIN XOAUTH2 OAUTHBEARER, CHUNKING\n"
	"\tchallenge {\"status\":\"401\"}\n"
	"server smtp.office365.com:25\n"
	"\ttcp filtered\n";

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
	says(&p, NULL,
	     "220 AM0PR02CA0045.outlook.office365.com Microsoft ESMTP MAIL Service ready at ");
	says(&p, "FOO", "500 5.3.3");
	says(&p, "MAIL FROM:<scan@contoso.com>", "503 5.5.2");
	says(&p, "EHLO", "501 5.5.4");
	says(&p, "EHLO test.example", "250-AM0PR02CA0045.outlook.office365.com Hello "
	     "[203.0.113.7]\r\n250-SIZE 157286400\r\n");
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
	says(&p,
	     "MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nBDAT 4\r\nabcdBDAT 0 LAST\r\nNOOP\r\nQUIT",
	     "250 2.1.0");
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
	says(&p, AUTH("AUTH XOAUTH2", "user=scan@contoso.com\1auth=Bearer stale\1\1"),
	     "334 eyJzdGF0dXMiOiI0MDEifQ==");
	says(&p, "", "535 5.7.3");
	says(&p, AUTH("AUTH XOAUTH2", "user=scan@contoso.com\1auth=Bearer right.token\1\1"), "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH OAUTHBEARER",
		      "n,a=scan@contoso.com,\1host=h\1port=587\1auth=Bearer right.token\1\1"),
	     "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH PLAIN", "\0scan@contoso.com\0Paper-Jam-in-Tray-2"), "235");
	hang_up(&p);
	log_in_ready(&p, l);
	says(&p, AUTH("AUTH LOGIN", "scan@contoso.com"), "334 UGFzc3dvcmQ6");
	says(&p, AUTH("", "x"),
	     "the user credentials were incorrect. [AM0PR02CA0045.eurprd02.prod.outlook.com 20");
	hang_up(&p);
}

static void test_ports(struct lab *l)
{
	const struct lab_port *list;
	size_t n = lab_ports(l, &list);
	struct peer p;
	bool mapped = true;

	for (size_t i = 0; i < n; i++)
		mapped &= list[i].real_port != 0 && list[i].state &&
			  str_find_nocase(list[i].address, ":10.") == NULL;
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

		is_int(dial(&p, l, "smtp.office365.com", 25), -ETIMEDOUT,
		       "and does not answer, however often one tries");
		hang_up(&p);
	}
}

static void test_dns(struct lab *l)
{
	static const char query[] = "\1\2\1\0\0\1\0\0\0\0\0\0\4smtp\11office365\3com\0\0\1\0\1";
	struct sockaddr_in sa = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
	};
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
	ok(read_some(&p, answer, 2) == 2 && read_some(&p, answer + 2, sizeof(answer) - 2) > 0 &&
	   answer[9] == 4,
	   "TCP answers");
	hang_up(&p);
}

/* --- the whole --- */

static char *ca;		/* the CA's file */

static void test_all(struct lab *l, const char *error, const void *arg)
{
	const char *why = NULL;
	struct scope s;
	struct stat st;

	(void)arg;
	scope_begin(&s);
	is_str(lab_start(client_arena, &s, "m365", &why) ? "started" : why,
	       "m365: expected a `target`: this is a base for others", "a base does not start");
	scope_join(&s);
	if (!started(l, error))
		return;
	is_str(lab_title(l), "a test", "title");
	is_str(strv_join(lab_options(l), client_arena, " "), "--user scan@contoso.com", "options");
	test_dialogue(l);
	test_auth(l);
	test_ports(l);
	test_dns(l);
	ca = arena_strdup(client_arena, lab_ca_file(l));
	ok(stat(ca, &st) == 0 && (st.st_mode & 077) == 0, "the CA file is private");
}

/* One login, whatever comes of it. */
static void log_in(struct lab *l, const char *error, const void *arg)
{
	unsigned status;
	struct peer p;

	(void)error;
	(void)arg;
	if (!l || dial(&p, l, "smtp.office365.com", 587) != 0)
		return;
	ask(&p, NULL);
	ask(&p, "EHLO x");
	ask(&p, "STARTTLS");
	if (secure(&p, l, "smtp.office365.com", "NORMAL", &status) == 0) {
		ask(&p, "EHLO x");
		ask(&p, AUTH("AUTH PLAIN", "\0scan@contoso.com\0Paper-Jam-in-Tray-2"));
	}
	hang_up(&p);
}

int main(void)
{
	client_arena = arena_new();
	with_lab(scenario, test_all, NULL);
	ok(ca && access(ca, F_OK) < 0, "the CA file goes with the lab");
	ok(cancel_everywhere(scenario, log_in) > 10,
	   "cancelled at each of more than ten waits, a login ends cleanly");
	arena_free(client_arena);
	return tap_done();
}
