/*
 * The address that a reply names, and the steps that it stands in.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "base/str.h"
#include "judge/weigh.h"
#include "paste/explain.h"

static const struct { const char *text, *address; } cases[] = {
	{ "5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org",
	  "192.0.2.25" },
	{ "5.7.511 Access denied, banned sender[192.0.2.25]. To request removal", "192.0.2.25" },
	{ "IB104. Connection refused. 192.0.2.25 is listed on the Spamhaus Block List",
	  "192.0.2.25" },
	{ "https://www.spamhaus.org/query/ip/192.0.2.25", "" },
	{ "[192.0.2.25      15] Our system has detected 192.0.2.25.", "192.0.2.25" },
	{ "from 192.0.2.25 to 198.51.100.7", "" },
	{ "blocked (127.0.0.2) for 192.0.2.25", "192.0.2.25" },
	{ "listed: 127.0.0.2", "" },
	{ "10.1.2.3, 172.16.4.5, 172.31.0.1, 192.168.1.1, 169.254.1.1, 224.0.0.1, 0.0.0.0", "" },
	{ "172.32.0.1 is not private", "172.32.0.1" },
	{ "host25.192.0.2.25.example.net is dynamic", "" },
	{ "192.0.2.25.example.net is dynamic", "" },
	{ "version 1.2.3.4-5 of exim", "" },
	{ "192.0.2.256, 192.0.2, 1192.0.2.25, 192.0.2.2555", "" },
	{ "5.7.1 no address", "" },
	{ "", "" },
	{ "192.0.2.25", "192.0.2.25" },
	{ "192.0.2.0/24 is blocked", "" },
};

static const struct { const char *text, *domain; } named[] = {
	{ "Authentication results: DKIM = did not pass SPF [Contoso.com] with ip: [203.0.113.7]",
	  "contoso.com" },
	{ "Access denied, sending domain CONTOSO.COM does not meet the level", "contoso.com" },
	{ "The MAIL FROM domain [contoso.com] has an SPF record", "contoso.com" },
	{ "Unauthenticated email from contoso.com is not accepted", "contoso.com" },
	{ "domain of a.b@mail.contoso.com does not designate 192.0.2.1", "mail.contoso.com" },
	{ "spf=fail smtp.mailfrom=contoso.com; header.from=contoso.com.", "contoso.com" },
	{ "header.from=contoso.com smtp.mailfrom=example.net", "" },
	{ "sending domain $(reboot).com does not", "" },
	{ "sending domain a;b.com does not", "" },
	{ "sending domain -x.com does not", "" },
	{ "sending domain contoso..com does not", "" },
	{ "sending domain contoso does not", "" },
	{ "domain of 192.0.2.1 is refused", "" },
	{ "the domain contoso.com does not exist", "" },
	{ "sending domain ", "" },
};

static void domains(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(named); i++) {
		const char *lines[] = { named[i].text, NULL };
		struct reply r = { .code = 550, .enhanced = "", .text = lines, .lines = 1 };

		is_str(reply_domain(a, &r), named[i].domain, named[i].text);
	}
	is_str(reply_domain(a, NULL), "", "no reply has no domain");
}

static void addresses(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *lines[] = { cases[i].text, NULL };
		struct reply r = { .code = 550, .enhanced = "", .text = lines, .lines = 1 };

		is_str(reply_address(a, &r), cases[i].address, cases[i].text);
	}
	is_str(reply_address(a, NULL), "", "no reply");
}

int main(void)
{
	static const char paste[] = "554 5.7.1 Service unavailable; Client host [192.0.2.25] "
				    "blocked using zen.spamhaus.org";
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *error = NULL;
	const struct know *k = know_new(a, NULL, &error);
	const struct explanation *e = explain_text(a, k, paste, strlen(paste));
	bool filled = false;

	addresses(a);
	domains(a);
	for (size_t i = 0; e->n_diagnosis && i < e->diagnosis[0].fix.n; i++)
		filled |= strstr(e->diagnosis[0].fix.steps[i].act, "192.0.2.25") != NULL;
	ok(filled, "the steps name the address that the reply names");
	return tap_done();
}
