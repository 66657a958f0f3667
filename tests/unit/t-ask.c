/*
 * t-ask - targets as people write them.
 */
#include <string.h>

#include "base/arena.h"
#include "check/ask.h"
#include "know/know.h"
#include "tests/unit/tap.h"

static struct arena *a;
static const struct know *know;

static void test_good(void)
{
	static const struct { const char *in; enum target_kind kind; const char *host, *domain,
			      *address; unsigned port; bool implicit; } cases[] = {
		{ "smtp.office365.com:587", TARGET_HOST, "smtp.office365.com", "", "", 587, false },
		{ "SMTP.Office365.COM", TARGET_HOST, "smtp.office365.com", "", "", 0, false },
		{ "smtp.gmail.com:465", TARGET_HOST, "smtp.gmail.com", "", "", 465, true },
		{ "contoso.com", TARGET_DOMAIN, "", "contoso.com", "", 0, false },
		{ "Contoso.com.", TARGET_DOMAIN, "", "contoso.com", "", 0, false },
		{ "contoso.com:25", TARGET_HOST, "contoso.com", "", "", 25, false },
		{ "scan@Contoso.COM", TARGET_ADDRESS, "", "contoso.com", "scan@contoso.com",
		  0, false },
		{ "O'Brien+x@contoso.com.", TARGET_ADDRESS, "", "contoso.com",
		  "O'Brien+x@contoso.com", 0, false },
		{ "contoso-com.mail.protection.outlook.com", TARGET_HOST,
		  "contoso-com.mail.protection.outlook.com", "", "", 0, false },
		{ "gmail.com", TARGET_DOMAIN, "", "gmail.com", "", 0, false },
		{ "mail.com", TARGET_DOMAIN, "", "mail.com", "", 0, false },
		{ "mail.contoso.com", TARGET_HOST, "mail.contoso.com", "", "", 0, false },
		{ "mail2.contoso.com", TARGET_HOST, "mail2.contoso.com", "", "", 0, false },
		{ "mailing.contoso.com", TARGET_DOMAIN, "", "mailing.contoso.com", "", 0, false },
		{ "mx01.contoso.com", TARGET_HOST, "mx01.contoso.com", "", "", 0, false },
		{ "mx.example", TARGET_HOST, "mx.example", "", "", 0, false },
		{ "in-mx-3.contoso.com", TARGET_HOST, "in-mx-3.contoso.com", "", "", 0, false },
		{ "smtp-relay.contoso.com", TARGET_HOST, "smtp-relay.contoso.com", "", "",
		  0, false },
		{ "authsmtp.contoso.com", TARGET_HOST, "authsmtp.contoso.com", "", "", 0, false },
		{ "mta_out.contoso.com", TARGET_HOST, "mta_out.contoso.com", "", "", 0, false },
		{ "localhost", TARGET_HOST, "localhost", "", "", 0, false },
		{ "printserver", TARGET_HOST, "printserver", "", "", 0, false },
		{ "127.0.0.1:2525", TARGET_HOST, "127.0.0.1", "", "", 2525, false },
		{ "192.0.2.1", TARGET_HOST, "192.0.2.1", "", "", 0, false },
		{ "[192.0.2.1]:25", TARGET_HOST, "192.0.2.1", "", "", 25, false },
		{ "[2001:DB8::1]:25", TARGET_HOST, "2001:db8::1", "", "", 25, false },
		{ "[IPv6:2001:db8::1]", TARGET_HOST, "2001:db8::1", "", "", 0, false },
		{ "2001:db8::1", TARGET_HOST, "2001:db8::1", "", "", 0, false },
		{ "b\xc3\xbc" "cher.example", TARGET_DOMAIN, "", "b\xc3\xbc" "cher.example", "",
		  0, false },
		{ "info@b\xc3\xbc" "cher.example", TARGET_ADDRESS, "", "b\xc3\xbc" "cher.example",
		  "info@b\xc3\xbc" "cher.example", 0, false },
		{ "xn--bcher-kva.example", TARGET_DOMAIN, "", "xn--bcher-kva.example", "",
		  0, false },
		{ "x.example:1", TARGET_HOST, "x.example", "", "", 1, false },
		{ "x.example:65535", TARGET_HOST, "x.example", "", "", 65535, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ask ask = { .know = know };

		is_str(ask_target(&ask, a, cases[i].in), NULL,
		       arena_printf(a, "'%s' is a target", cases[i].in));
		is_int(ask.kind, cases[i].kind, "... kind");
		is_str(ask.host, cases[i].host, "... host");
		is_str(ask.domain, cases[i].domain, "... domain");
		is_str(ask.address, cases[i].address, "... address");
		is_str(ask.input, cases[i].in, "... input");
		is_int(ask.n_ports ? ask.ports[0].port : 0, cases[i].port, "... port");
		is_int(ask.port_given, cases[i].port != 0, "... port given");
		is_int(ask.n_ports ? ask.ports[0].implicit_tls : false, cases[i].implicit,
		       "... implicit TLS");
	}
}

static const struct { const char *in, *error; } bad_targets[] = {
	{ "", "'' is no target: it is empty: give a host (smtp.office365.com:587), a domain "
	  "(contoso.com) or an address (scan@contoso.com)" },
	{ "smtp.office365.com:587:", "'smtp.office365.com:587:' is no target: after the colon goes "
	  "a port, a number of 1 to 65535" },
	{ "smtp.office365.com:", "'smtp.office365.com:' is no target: after the colon goes a port, "
	  "a number of 1 to 65535" },
	{ "x.example:0",
	  "'x.example:0' is no target: after the colon goes a port, a number of 1 to 65535" },
	{ "x.example:65536",
	  "'x.example:65536' is no target: after the colon goes a port, a number of 1 to 65535" },
	{ "x.example:smtp",
	  "'x.example:smtp' is no target: after the colon goes a port, a number of 1 to 65535" },
	{ ":587", "':587' is no target: the host name is missing" },
	{ ".", "'.' is no target: a part between two dots is empty" },
	{ "a..b", "'a..b' is no target: a part between two dots is empty" },
	{ "contoso.com..", "'contoso.com..' is no target: a part between two dots is empty" },
	{ ".contoso.com", "'.contoso.com' is no target: a part between two dots is empty" },
	{ "-x.example",
	  "'-x.example' is no target: a part between two dots begins or ends with a hyphen" },
	{ "x y.example", "'x y.example' is no target: it holds a blank or a line end" },
	{ "x.example\r\nRCPT TO:<a@b>",
	  "'x.example\\r\\nRCPT TO:<a@b>' is no target: it holds a blank or a line end" },
	{ " x.example", "' x.example' is no target: it holds a blank or a line end" },
	{ "x.exam\x01ple", "'x.exam\\x01ple' is no target: it holds a blank or a line end" },
	{ "https://outlook.office.com/mail", "'https://outlook.office.com/mail' is no target: it "
	  "is a URL; give the host alone: outlook.office.com" },
	{ "smtp://smtp.gmail.com:587", "'smtp://smtp.gmail.com:587' is no target: it is a URL; "
	  "give the host alone: smtp.gmail.com:587" },
	{ "contoso.com/mail",
	  "'contoso.com/mail' is no target: a slash is in it; give the host alone" },
	{ "mailto:a@b.example",
	  "'mailto:a@b.example' is no target: give the address alone, without mailto:" },
	{ "<a@b.example>",
	  "'<a@b.example>' is no target: give the address alone, without < and >" },
	{ "user@", "'user@' is no target: nothing stands after the @" },
	{ "@contoso.com", "'@contoso.com' is no target: nothing stands before the @" },
	{ "a@b@c.example", "'a@b@c.example' is no target: there are two @" },
	{ "a@c.example:25", "'a@c.example:25' is no target: an address has no port; use --ports" },
	{ "a@-c.example",
	  "'a@-c.example' is no target: a part between two dots begins or ends with a hyphen" },
	{ "192.0.2.256", "'192.0.2.256' is no target: it looks like an IP address, and is none "
	  "(four numbers of 0 to 255; IPv6 with a port goes in brackets)" },
	{ "587", "'587' is no target: it is a number; a port goes behind its host and a "
		"colon (smtp.office365.com:587)" },
	{ "65536", "'65536' is no target: it is a number; a port goes behind its host and "
		"a colon (smtp.office365.com:587)" },
	{ "3221225985", "'3221225985' is no target: it looks like an IP address, and is "
		"none (four numbers of 0 to 255; IPv6 with a port goes in brackets)" },
	{ "[2001:db8::1", "'[2001:db8::1' is no target: the bracket is not closed" },
	{ "[2001:db8::1]25",
	  "'[2001:db8::1]25' is no target: after the bracket goes nothing, or a colon and a port" },
	{ "[x.example]:25", "'[x.example]:25' is no target: in brackets goes an IP address" },
	{ "2001:db8::1:99999",
	  "'2001:db8::1:99999' is no target: after the colon goes a port, a number of 1 to 65535" },
	{ "x.ex*mple",
	  "'x.ex*mple' is no target: a name holds letters, digits, hyphens and dots only" },
	{ "x.ex\xff", "'x.ex\\xff' is no target: it is not UTF-8" },
};

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad_targets); i++) {
		struct ask ask = { .know = know, .host = "before" };

		is_str(ask_target(&ask, a, bad_targets[i].in), bad_targets[i].error,
		       "a bad target is refused, and the line says why");
		is_str(ask.host, "before", "... and the ask is untouched");
	}
}

static void test_length(void)
{
	char name[400], label[70];
	struct ask ask = { .know = know };
	size_t n = 0;

	memset(label, 'a', sizeof(label));
	ok(!ask_target(&ask, a, arena_printf(a, "%.63s.example", label)), "a label of 63");
	ok(ask_target(&ask, a, arena_printf(a, "%.64s.example", label)) != NULL, "a label of 64");
	ok(!ask_target(&ask, a, arena_printf(a, "%.64s@x.example", label)), "a local part of 64");
	ok(ask_target(&ask, a, arena_printf(a, "%.65s@x.example", label)) != NULL,
	   "a local part of 65");
	for (; n < 252; n++)
		name[n] = n % 2 ? '.' : 'a';
	name[n] = '\0';
	ok(!ask_target(&ask, a, arena_printf(a, "%sb", name)), "a name of 253");
	ok(ask_target(&ask, a, arena_printf(a, "%sbb", name)) != NULL, "a name of 254");
	ok(strlen(ask_target(&ask, a, arena_printf(a, "%s%s", name, name))) < 250,
	   "a long one is not repeated whole");
}

int main(void)
{
	const char *error = NULL;

	a = arena_new();
	know = know_new(a, NULL, &error);
	is_str(error, NULL, "the tables load");
	test_good();
	test_bad();
	test_length();
	arena_free(a);
	return tap_done();
}
