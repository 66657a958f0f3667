/*
 * t-lab-faults - what goes wrong in the lab goes wrong as the scenario says: on the wire, in time,
 * in certificates.
 */
#include <errno.h>
#include <gnutls/gnutls.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "fiber/fiber.h"
#include "lab/lab.h"
#include "tests/unit/lab-client.h"
#include "tests/unit/tap.h"

static const char scenario[] =
	"title faults\n"
	"target drop.example.net:25\n"
	"server drop.example.net:25\n\tgreeting 220 hi\n\tehlo drop\n"
	"server reset.example.net:25\n\tgreeting 220 hi\n\tehlo reset\n"
	"server rst.example.net:25\n\ttcp reset\n"
	"server silent.example.net:25\n\tgreeting silent\n"
	"server slow.example.net:25\n\tgreeting slow 5ms 220 slow\n\tnoop 250 quick\n"
	"server pace.example.net:25\n\tpace 0ms\n\tgreeting 220 pace\n"
	"server half.example.net:25\n\tgreeting send 220 ha\n\t\tdrop\n"
	"server long.example.net:25\n\tgreeting send 220\\x20\n\t\tfill 9000 send \\r\\n\n"
	"\tehlo repeat 300 250-x\n\t\t250 y\n"
	"server noise.example.net:25\n\tgreeting garbage 64 drop\n"
	"server inject.example.net:25\n\tgreeting 220 hi\n\tstarttls 220 go\n"
	"\t\tsend 250 evil\\r\\n\n"
	"server alert.example.net:25\n\toffers STARTTLS\n\tgreeting 220 hi\n"
	"\thandshake alert protocol_version drop\n"
	"server late.example.net:25\n\tgreeting wait 60ms 220 late\n"
	"server expired.example.net:465\n\ttls implicit\n\tcertificate expired\n"
	"server notyet.example.net:465\n\ttls implicit\n\tcertificate not-yet\n"
	"server self.example.net:465\n\ttls implicit\n\tcertificate self-signed\n"
	"server untrusted.example.net:465\n\ttls implicit\n\tcertificate untrusted\n"
	"\tissuer FG100F CA, Fortinet\n"
	"server incomplete.example.net:465\n\ttls implicit\n\tcertificate incomplete\n"
	"server good.example.net:465\n\ttls implicit\n"
	"\tcertificate good for x.example.net 192.0.2.1\n"
	"server old.example.net:465\n\ttls implicit\n\tversions 1.0\n"
	"server twelve.example.net:465\n\ttls implicit\n\tversions 1.2\n"
	"server sni.example.net:465\n\ttls implicit\n\tsni required\n";

/* Says something, and counts the reads until n bytes have come. */
static unsigned pieces_of(struct peer *p, const char *words, size_t n)
{
	_cleanup_(deadline_end) struct deadline d = deadline_in(5000);
	char piece[64];
	unsigned pieces = 0;
	ssize_t got;

	send(p->fd, words, strlen(words), MSG_NOSIGNAL);
	for (size_t sum = 0; sum < n && (got = read_some(p, piece, sizeof(piece))) > 0; pieces++)
		sum += (size_t)got;
	return pieces;
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
	is_int(pieces_of(&p, "NOOP\r\n", strlen("250 quick\r\n")), 1,
	       "and the next answer is not slow: it comes in one piece");
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
	struct peer p;

	dial(&p, l, "pace.example.net", 25);
	ok(pieces_of(&p, "", 10) > 5, "pace 0ms: bytes come one by one");
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

		is_int(secure(&p, l, "alert.example.net", "NORMAL", &status),
		       GNUTLS_E_FATAL_ALERT_RECEIVED, "an alert comes");
		is_int(gnutls_alert_get(p.tls), GNUTLS_A_PROTOCOL_VERSION,
		       "the one that was asked for");
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
		{ "incomplete.example.net", "incomplete.example.net",
		  GNUTLS_CERT_SIGNER_NOT_FOUND },
		{ "twelve.example.net", "twelve.example.net", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct peer p;
		unsigned status = 0, n = 0;

		dial(&p, l, cases[i].host, 465);
		is_int(secure(&p, l, cases[i].name, "NORMAL", &status), 0, cases[i].host);
		is_int(status & ~(unsigned)GNUTLS_CERT_INVALID, cases[i].want,
		       "what verification says");
		gnutls_certificate_get_peers(p.tls, &n);
		if (str_has_prefix(cases[i].host, "self.") ||
		    str_has_prefix(cases[i].host, "incomplete."))
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
		{ "old.example.net", "old.example.net",
		  "NORMAL:-VERS-ALL:+VERS-TLS1.0:+SIGN-ECDSA-SHA1", 0 },
		{ "old.example.net", "old.example.net",
		  "NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3",
		  GNUTLS_E_UNSUPPORTED_VERSION_PACKET },
		{ "twelve.example.net", "twelve.example.net", "NORMAL:-VERS-ALL:+VERS-TLS1.3",
		  GNUTLS_E_FATAL_ALERT_RECEIVED },
		{ "sni.example.net", "sni.example.net", "NORMAL", 0 },
		{ "sni.example.net", NULL, "NORMAL", GNUTLS_E_FATAL_ALERT_RECEIVED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct peer p;
		unsigned status;

		dial(&p, l, cases[i].host, 465);
		is_int(secure(&p, l, cases[i].name, cases[i].priority, &status), cases[i].want,
		       cases[i].host);
		hang_up(&p);
	}
}

static void test_all(struct lab *l, const char *error, const void *arg)
{
	(void)arg;
	if (!started(l, error))
		return;
	test_faults(l);
	test_segments(l);
	test_certificates(l);
	test_versions(l);
}

int main(void)
{
	client_arena = arena_new();
	with_lab(scenario, test_all, NULL);
	arena_free(client_arena);
	return tap_done();
}
