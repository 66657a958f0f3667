/*
 * t-lab-scenario - the scenario language: what it means, how it refuses, and that every
 * built-in file is good.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/data.h"
#include "base/str.h"
#include "base/tsv.h"
#include "lab/lab.h"
#include "lab/ports.h"
#include "lab/scenario.h"
#include "tests/unit/tap.h"

static struct arena *a;

static struct scenario *parse(const char *text, const char **error)
{
	*error = NULL;
	return scenario_parse(a, "x", text, strlen(text), error);
}

static void test_errors(void)
{
	static const struct { const char *text, *want; } cases[] = {
		{ "colour red\n", "x:1: expected one of like title target user" },
		{ "\n# c\ntitle\n", "x:3: expected one line that says" },
		{ "  greeting 220 x\n", "x:1: expected an indented line only below" },
		{ "title t\nlike m365\n", "x:2: expected `like` before everything else" },
		{ "like no-such\n", "no-such: there is no scenario of this name" },
		{ "like /no/such/file\n", "/no/such/file: cannot be read" },
		{ "server mail.example.com\n", "x:1: expected HOST:PORT" },
		{ "server mail.example.com:0\n", "x:1: expected HOST:PORT" },
		{ "server mail.example.com:65536\n", "x:1: expected HOST:PORT" },
		{ "server [2001:db8::1:25\n", "x:1: expected HOST:PORT" },
		{ "server a:1 a:2 a:3 a:4 a:5 a:6 a:7 a:8 a:9\n", "x:1: expected fewer places" },
		{ "server a:25\n\tcolour red\n", "x:2: expected a setting" },
		{ "server a:25\n\ttcp slow\n",
		  "x:2: expected `tcp` and one of open refused filtered reset" },
		{ "server a:25\n\trole entra x\n",
		  "x:2: expected `role` and some of entra google graph exo" },
		{ "server a:25\n\tsni maybe\n", "x:2: expected `sni` and one of required ignored" },
		{ "server a:25\n\tpace 601s\n", "x:2: expected `pace` and a time like 0ms" },
		{ "tenant a\n\tcloud x\n", "x:2: expected `cloud` and one of worldwide usgov" },
		{ "tenant a\n\tpremium yes\n", "x:2: expected `on` or `off`" },
		{ "tenant a\n\tdevice lasts=100001\n",
		  "x:2: expected `device` and some of pending=N" },
		{ "tenant a\n\tcolour red\n", "x:2: expected one of id domains" },
		{ "tenant a\n\tuser\n", "x:2: expected a word and a value: id domains" },
		{ "server a:25\n\tversions 1.4\n", "x:2: expected `versions`" },
		{ "server a:25\n\tcertificate old\n", "x:2: expected `certificate`, one of" },
		{ "server a:25\n\tgreeting\n", "x:2: expected what is answered" },
		{ "server a:25\n\tgreeting hello\n", "x:2: expected a reply" },
		{ "server a:25\n\t250 stray\n", "x:2: expected an answer's name" },
		{ "server a:25\n\ttcp open\n\t250 stray\n", "x:3: expected an answer's name" },
		{ "server a:25\n\tgreeting wait 5\n", "x:2: expected a time like 250ms" },
		{ "server a:25\n\tgreeting wait 601s\n", "x:2: expected a time like 250ms" },
		{ "server a:25\n\tgreeting send \\q\n", "x:2: expected one of the escapes" },
		{ "server a:25\n\tgreeting send \\x4\n", "x:2: expected one of the escapes" },
		{ "server a:25\n\tgreeting fill 67108865\n", "x:2: expected a number of bytes" },
		{ "server a:25\n\thandshake alert panic\n",
		  "x:2: expected the name of a TLS alert" },
		{ "server a:25\n\tmail <a 250 x\n", "x:2: expected a `>`" },
		{ "dns\n\tx\n", "x:2: expected NAME TYPE VALUE" },
		{ "dns\n\tx A 192.0.2.256\n", "x:2: expected IPv4 addresses" },
		{ "dns\n\tx AAAA 192.0.2.1\n", "x:2: expected IPv6 addresses" },
		{ "dns\n\tx MX mail.example\n", "x:2: expected PRIORITY HOST" },
		{ "dns\n\tx TLSA 3 1 1 abc\n", "x:2: expected USAGE" },
		{ "dns\n\tx TTL soon A 192.0.2.1\n", "x:2: expected TTL and a number" },
		{ "dns\n\tx A servfail later\n", "x:2: expected IPv4 addresses" },
		{ "dns here\n", "x:1: expected nothing after `dns`" },
		{ "dns\n\tdelay long\n", "x:2: expected a time like 300ms" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *error;
		struct scenario *s = parse(cases[i].text, &error);

		if (!ok(!s && error && str_has_prefix(error, cases[i].want), cases[i].want))
			printf("#   got   %s\n", error ? error : "no error");
	}
}

static void test_meaning(void)
{
	const char *error;
	struct scenario *s = parse("like m365\n"
				   "target smtp.office365.com:587\n"
				   "options --from a@contoso.com  --to b@contoso.com\n"
				   "server smtp.office365.com:587\n"
				   "\tlogin <XOAUTH2> 535 5.7.3 no\n"
				   "\tlogin 235 yes\n"
				   "\t  wait 20ms 421 bye\\r\n"
				   "\tgreeting repeat 3 220-x\n"
				   "\t  220 end\n"
				   "\twithout AUTH size\n"
				   "\tcertificate expired for a.example  b.example\n",
				   &error);
	struct lab_server *v;
	const struct step *step;

	if (!ok(s != NULL, "a scenario like another parses"))
		return;
	is_int(s->options.n, 4, "options are words");
	is_str(s->client, "203.0.113.7", "what is not said comes from the file it is like");
	for (v = s->servers; v && !(v->port == 587 && str_eq(v->host, "smtp.office365.com"));
	     v = v->next)
		;
	if (!ok(v != NULL, "a section of a known server goes on with it"))
		return;
	step = server_answer(v, POINT_LOGIN, "XOAUTH2");
	is_str(step ? step->text : NULL, "535 5.7.3 no", "the first answer that matches");
	step = server_answer(v, POINT_LOGIN, "LOGIN");
	is_str(step ? step->text : NULL, "235 yes", "the general answer for others");
	is_int(step->next ? (int)step->next->kind : -1, STEP_WAIT,
	       "a line of steps goes on with the answer before");
	is_str(step->next->next->text, "421 bye\r", "steps share a line; escapes are read");
	step = server_answer(v, POINT_GREETING, "");
	is_int(step ? step->n : 0, 3, "repeat; and the base's greeting is replaced");
	ok(server_answer(v, POINT_LOGIN_WRONG, "LOGIN") != NULL, "answers of other points stay");
	ok(!strv_has(&v->offers_tls, "AUTH LOGIN XOAUTH2") &&
	   !strv_has(&v->offers, "SIZE 157286400"),
	   "without: before and after TLS");
	ok(strv_has(&v->offers, "STARTTLS"), "without: only what was named");
	is_int(v->cert, CERT_FAULT_EXPIRED, "certificate");
	is_int(v->names.n, 2, "certificate names");
}

/* Each kind of setting reaches its member, and the last word counts. */
static void test_settings(void)
{
	const char *error;
	struct scenario *s =
		parse("server a:25\n\tspeaks http\n\ttls none\n\tsni required\n\tpace 2s\n"
		      "\tfront f g\n\toffers A b, C\n\tjudges hve\n\trole exo entra\n"
		      "tenant contoso.example\n\tsmtp-auth off\n\tpremium on\n"
		      "\tclock behind 90s\n\tlifetime 1999ms\n\tdevice slow-down=3 ends=expired\n"
		      "\tuser u@contoso.example smtp-auth=on disabled display=\"A B\"\n"
		      "\tapp p scopes=x,y public disabled=no\n",
		      &error);
	const struct tenant_user *u;
	const struct tenant_app *app;

	if (!ok(s && s->servers && s->tenants, "settings of a server and of a tenant parse"))
		return;
	ok(s->servers->implicit_tls, "a role turns TLS on again");
	is_int(s->servers->roles, ROLE_EXO | ROLE_ENTRA, "several roles");
	ok(s->servers->needs_sni, "a flag");
	is_int(s->servers->pace_ms, 2000, "a time");
	is_str(s->servers->greeting_name, "f g", "a text keeps its blanks");
	is_int(s->servers->offers.n, 2, "a list between commas");
	is_int(s->servers->token_rules, TOKEN_RULES_HVE, "one of several words");
	ok(s->tenants->smtp_auth_off && !s->tenants->no_premium, "flags that mean the contrary");
	is_int(s->tenants->clock_s, -90, "a clock that is behind");
	is_int(s->tenants->lifetime_s, 1, "seconds");
	is_int(s->tenants->device.slow_down, 3, "a number");
	is_int(s->tenants->device.interval, 5, "what is not named stays");
	is_int(s->tenants->device.end, DEVICE_EXPIRED, "a word behind another");
	u = tenant_user(s->tenants, "u@contoso.example");
	ok(u && u->smtp_auth == SWITCH_ON && u->disabled, "a user");
	is_str(u ? u->display : NULL, "A B", "a value in quotes");
	app = tenant_app(s->tenants, "p");
	ok(app && app->is_public && !app->disabled && !app->consented && app->scopes.n == 2,
	   "an app");
}

static void test_zone(void)
{
	const char *error;
	struct scenario *s = parse("like m365\ndns\n"
				   "\tcontoso.com MX 10 a.example.\n"
				   "\tcontoso.com MX 20 b.example\n"
				   "\t*.example TXT any\n"
				   "\tx.example A nodata\n"
				   "\tsmtp.office365.com servfail\n",
				   &error);
	const struct zone_record *r;

	if (!ok(s != NULL, "a dns section parses"))
		return;
	r = zone_find(&s->zone, "contoso.com", 15);
	ok(r && r->len == 13 && r->data[1] == 10,
	   "records of a name and type replace those of the base");
	ok(r && zone_next(r) && !zone_next(zone_next(r)), "and add up in one file");
	ok(zone_find(&s->zone, "contoso.com", 16) != NULL, "other types stay");
	ok(zone_find(&s->zone, "q.example", 16) != NULL, "globs match names nobody mentioned");
	ok(zone_find(&s->zone, "x.example", 16) == NULL, "a name that is mentioned is no glob's");
	r = zone_find(&s->zone, "smtp.office365.com", 1);
	is_int(r ? (int)r->fault : -1, ZONE_SERVFAIL,
	       "a fault of all types replaces the base's records");
	r = zone_find(&s->zone, "nobody.test", 1);
	ok(r == NULL, "unknown names are unknown");
}

static void test_ports(void)
{
	const char *error;
	struct scenario *s = parse("dns\n\th.example A 192.0.2.1 192.0.2.2\n"
				   "\th.example AAAA 2001:db8::1\n\tw.example CNAME h.example\n"
				   "server w.example:587\n\ttcp open\nserver 192.0.2.2:587\n"
				   "\ttcp refused\nserver own.example:2526\n\ttcp open\n",
				   &error);
	struct port_list l = { .n = 0 };
	unsigned at_587 = 0, own = 0;

	if (!ok(s != NULL, "hosts and addresses parse"))
		return;
	ports_add_names(s, a);
	ports_make(&l, a, s);
	for (size_t i = 0; i < l.n; i++) {
		if (l.list[i].port == 587 && str_eq(l.list[i].address, "192.0.2.2"))
			is_str(l.servers[i]->host, "192.0.2.2",
			       "an address's own section goes first");
		else if (l.list[i].port == 587 && l.servers[i])
			at_587 += str_eq(l.servers[i]->host, "w.example");
		own += l.list[i].port == 2526;
	}
	is_int(at_587, 2, "a host's section is for all addresses it leads to");
	is_int(own, 1, "a host without address gets one, and its port is there once");
}

/* Is the word an id of the causes? */
static bool is_cause(const char *id)
{
	static const char *const columns[] = { "id", NULL };
	const struct tsv *t = tsv_of_data(a, data_table_find("causes.txt"), columns);
	bool found = id[0] == '\0';

	for (size_t i = 0; i < t->n && !found; i++)
		found = str_eq(tsv_cell(t, i, 0), id);
	return found;
}

static void test_built_in(void)
{
	const struct lab_entry *list;
	size_t n = lab_list(a, &list), files = 0;

	for (const struct data_file *f = data_files; f->name; f++) {
		const char *error = NULL;

		if (!str_has_prefix(f->name, "scenarios/"))
			continue;
		files++;
		if (!scenario_parse(a, f->name, f->bytes, f->len, &error))
			ok(false, error);
	}
	ok(n >= 40 && n < files, "there are at least 40 scenarios, and bases that are none");
	for (size_t i = 0; i < n; i++)
		if (!is_cause(list[i].expect) || !list[i].title[0])
			ok(false, arena_printf(a, "%s: has a title and expects a cause of "
					       "data/causes.txt", list[i].name));
}

int main(void)
{
	a = arena_new();
	test_errors();
	test_meaning();
	test_settings();
	test_zone();
	test_ports();
	test_built_in();
	arena_free(a);
	return tap_done();
}
