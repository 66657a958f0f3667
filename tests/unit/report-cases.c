/*
 * report-cases - results made by hand.
 */
#include "tests/unit/report-cases.h"

#include <string.h>

#include "base/arena.h"
#include "base/transcript.h"
#include "judge/facts.h"

static const struct check check_tcp = { .id = "tcp.$", .title = "The port can be reached",
					.label = "port $", .ports = true };
static const struct check check_tls = {
	.id = "smtp.starttls", .title = "STARTTLS is offered and works", .label = "STARTTLS",
	.ports = true
};
static const struct check check_cert = { .id = "tls.certificate", .title = "The certificate holds",
					 .label = "certificate", .ports = true };
static const struct check check_auth = { .id = "auth.xoauth2", .title = "XOAUTH2 logs in",
					 .label = "XOAUTH2", .ports = true };
static const struct check check_dns = { .id = "dns.address", .title = "The host has addresses",
					.label = "address" };

static const struct cause tenant = {
	.id = "tenant-smtp-auth-disabled",
	.title = "SMTP AUTH is switched off for the whole tenant", .who = "tenant-admin",
	.retry = "no",
};
static const struct cause blocked = { .id = "port-blocked", .title = "A firewall blocks the port",
				      .who = "network-admin", .retry = "no" };

static struct reply *reply_of(struct arena *a, enum stage stage, const char *text)
{
	struct span line = span_of(text);

	return reply_of_lines(a, stage, &line, 1);
}

static struct result *new_result(struct arena *a, const char *input, enum target_kind kind)
{
	struct result *r = arena_alloc(a, sizeof(*r));
	struct ask *ask = arena_alloc(a, sizeof(*ask));

	*ask = (struct ask) {
		.input = input, .kind = kind,
		.host = kind == TARGET_HOST ? "smtp.office365.com" : "",
		.domain = kind == TARGET_HOST ? "" : "contoso.com", .address = "", .provider = "",
		.path = "", .helo = "x", .from = "",
		.to = "", .sender_ip = "", .user = "", .auth = "", .control_host = "",
	};
	r->arena = a;
	r->ask = ask;
	r->started = 1795176000;
	r->duration_ms = 412;
	r->host = "smtp.office365.com";
	r->provider = "m365";
	r->provider_name = "Microsoft 365";
	r->path = "client-submission";
	r->facts = facts_new(a);
	r->outcomes = arena_alloc(a, 16 * sizeof(*r->outcomes));
	return r;
}

static void port(struct result *r, struct arena *a, unsigned number)
{
	struct ask *ask = (struct ask *)r->ask;
	struct ask_port *ports = arena_alloc(a, (ask->n_ports + 1) * sizeof(*ports));

	if (ask->n_ports)
		memcpy(ports, ask->ports, ask->n_ports * sizeof(*ports));
	ports[ask->n_ports++] = (struct ask_port) { number, number == 465 };
	ask->ports = ports;
}

static struct outcome *add(struct result *r, const struct check *c, unsigned number, enum status s,
			   const char *finding, const char *summary, int64_t us)
{
	struct outcome *o = &r->outcomes[r->n_outcomes++];

	*o = (struct outcome) {
		.check = c, .port = number, .status = s, .finding = finding,
		.summary = s == STATUS_SKIP ? "" : summary, .us = us,
		.skipped_because = s == STATUS_SKIP ? summary : "",
		.id = strchr(c->id, '$') ? arena_printf(r->arena, "tcp.%u", number) : c->id,
		.endpoint = number ? arena_printf(r->arena, "%s:%u", r->host, number) : r->host,
	};
	return o;
}

static struct diagnosed *diagnose(struct result *r, const struct cause *c, enum certainty certainty,
				  enum stage stage)
{
	struct diagnosed *d = arena_alloc(r->arena, sizeof(*d));

	*d = (struct diagnosed) {
		.cause = c, .certainty = certainty, .stage = stage, .title = c->title,
		.meaning = "", .who = c->who, .retry = c->retry,
		.verify = "", .decide = "", .matched_by = "",
	};
	r->diagnosis = d;
	r->n_diagnosis = 1;
	return d;
}

static void fill_tenant(struct arena *a, struct diagnosed *d)
{
	static const struct role exchange = { .id = "exchange-admin",
					      .title = "an Exchange Administrator" };
	static const struct role other = { .id = "reports-reader", .title = "a Reports Reader" };
	static struct fix_step steps[] = {
		{ "Microsoft 365 admin center > Users > Active users > scan > Mail > Manage email "
		  "apps", "Tick \"Authenticated SMTP\" and save; this one mailbox then overrides "
		  "the tenant setting", "", &other },
		{ "Exchange Online PowerShell", "The same switch as a command",
		  "Set-CASMailbox -Identity scan@contoso.com -SmtpClientAuthenticationDisabled "
		  "$false  # and this goes past the edge", &exchange },
	};

	d->role = &exchange;
	d->meaning = "Exchange Online refuses every SMTP login in this organisation. The refusal "
		     "says nothing about the password or the token.";
	strv_add(&d->because, a, "the server says so: 535 5.7.139");
	strv_add(&d->because, a, "TLS and the certificate are fine");
	d->fix = (struct fix) { steps, 2 };
	d->verify = "Wait up to an hour, then run the same check again";
	d->decide = "never shown: it is certain";
	strv_add(&d->also, a, "mailbox-smtp-auth-disabled");
	strv_add(&d->sources, a, "https://learn.microsoft.com/exchange/"
		 "clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission");
	d->matched_by = "m365-535-tenant-off";
}

static void add_transcript(struct result *r, const char *said)
{
	struct arena *a = r->arena;
	struct transcript *t = transcript_new(a, "smtp.office365.com:587");
	const struct transcript **list = arena_alloc(a, sizeof(struct transcript *));

	transcript_add(t, TRANSCRIPT_SERVER, "220 hello", 9);
	transcript_add(t, TRANSCRIPT_CLIENT, "AUTH XOAUTH2 <1423 bytes>", 25);
	transcript_add(t, TRANSCRIPT_SERVER, said, strlen(said));
	for (size_t i = 0; i < t->n; i++)
		t->lines[i].t_ms = (int64_t)i * 30;
	list[0] = t;
	r->transcripts = list;
	r->n_transcripts = 1;
}

struct result *case_refused(struct arena *a)
{
	static struct stage_time times[] = { { "smtp.office365.com:587", "connect", 21300 },
					     { "smtp.office365.com:587", "auth", 102000 } };
	static const char said[] = "535 5.7.139 Authentication unsuccessful, "
				   "SmtpClientAuthentication is disabled for the Tenant.";
	struct result *r = new_result(a, "smtp.office365.com", TARGET_HOST);
	struct outcome *o;

	((struct ask *)r->ask)->user = "scan@contoso.com";
	port(r, a, 587);
	r->status = STATUS_FAIL;
	add(r, &check_dns, 0, STATUS_PASS, "", "6 addresses, IPv4 and IPv6", 12000);
	add(r, &check_tcp, 587, STATUS_PASS, "", "all 6 answer", 21000);
	add(r, &check_tls, 587, STATUS_PASS, "", "TLS 1.3, TLS_AES_256_GCM_SHA384", 0);
	o = add(r, &check_auth, 587, STATUS_FAIL, "auth.refused", said, 102000);
	o->reply = reply_of(a, STAGE_AUTH, said);
	facts_set(r->facts, "smtp.587.starttls.version", "TLS1.3");
	facts_set_number(r->facts, "cert.587.days-left", 212);
	facts_set_bool(r->facts, "tcp.587.open", true);
	fill_tenant(a, diagnose(r, &tenant, CERTAIN, STAGE_AUTH));
	r->times = times;
	r->n_times = 2;
	add_transcript(r, said);
	return r;
}

struct result *case_mixed(struct arena *a)
{
	struct result *r = new_result(a, "contoso.com", TARGET_DOMAIN);
	struct diagnosed *d;

	port(r, a, 25);
	port(r, a, 587);
	r->host = "mx.contoso.com";
	r->provider = r->provider_name = r->path = "";
	r->duration_ms = 15204;
	r->status = STATUS_FAIL;
	add(r, &check_dns, 0, STATUS_PASS, "", "1 address", 3000);
	add(r, &check_tcp, 25, STATUS_PASS, "", "open", 2000);
	add(r, &check_tls, 25, STATUS_PASS, "", "TLS 1.2", 0);
	add(r, &check_cert, 25, STATUS_WARN, "certificate.expires-soon", "the certificate for "
	    "mx.contoso.com is valid for 6 more days only, and nobody has renewed it", 400);
	add(r, &check_tcp, 587, STATUS_FAIL, "tcp.filtered", "nothing answers", 15000000);
	add(r, &check_tls, 587, STATUS_SKIP, "", "port 587 cannot be reached", 0);
	add(r, &check_cert, 587, STATUS_SKIP, "", "port 587 cannot be reached", 0);
	add(r, &check_auth, 587, STATUS_SKIP, "", "no --user was given", 0);
	d = diagnose(r, &blocked, POSSIBLE, STAGE_CONNECT);
	strv_add(&d->also, a, "host-does-not-listen");
	d->decide = "try the same port from another network";
	strv_add(&r->next_blockers, a, "basic-auth-retired");
	strv_add(&r->next_blockers, a, "certificate-expired");
	strv_add(&r->untested, a, "Logging in: give --user and a password or a token.");
	return r;
}

struct result *case_apart(struct arena *a)
{
	static const struct role firewall = { .id = "mail-admin",
					      .title = "an administrator of the mail service" };
	static const struct tell tests[] = {
		{ .test = "Run the same check from another network",
		  .command = "smtpwhy check mx.contoso.com:587", .who = "developer",
		  .decides = "It answers there: this network blocks the port. It does not: nothing "
			     "listens.",
		  .source = "field report", .confidence = "observed" },
		{ .test = "Look at the clock", .command = "",
		  .decides = "It is right, or it is not.", .who = "user",
		  .source = "expert judgement", .confidence = "expert" },
		{ .test = "Ask around", .command = "", .decides = "Others have it, too, or not.",
		  .who = "user", .source = "https://one.example/",
		  .confidence = "disputed" },
		{ .test = "Ask again", .command = "", .decides = "It passes, or it does not.",
		  .who = "user", .source = "field report", .confidence = "official" },
		{ .test = "Read the firewall's log", .command = "",
		  .decides = "It is there, or it is not.", .who = "tenant-admin", .role = &firewall,
		  .source = "expert judgement", .confidence = "expert" },
	};
	struct result *r = case_mixed(a);

	r->apart.tests = arena_alloc(a, sizeof(tests));
	r->apart.n = ARRAY_LEN(tests);
	memcpy(r->apart.tests, tests, sizeof(tests));
	for (size_t i = 0; i < ARRAY_LEN(tests); i++)
		strv_add(&r->apart.tests[i].causes, a, "port-blocked");
	strv_add(&r->apart.tests[0].causes, a, "no-listener");
	for (int i = 1; i <= 3; i++)
		strv_addf(&r->apart.unknowable, a, "From outside nobody can see what number %d is, "
			  "and nobody else can, either, however long they look.", i);
	return r;
}

struct result *case_good(struct arena *a)
{
	struct result *r = new_result(a, "smtp.office365.com:587", TARGET_HOST);

	port(r, a, 587);
	r->status = STATUS_PASS;
	add(r, &check_tcp, 587, STATUS_PASS, "", "open", 2000);
	strv_add(&r->untested, a, "Logging in: give --user and a password or a token.");
	strv_add(&r->untested, a, "The sender and the recipient: give --from and --to.");
	return r;
}

struct result *case_hostile(struct arena *a)
{
	static const char said[] =
		"550 \x1b[2J\x1b]0;owned\x07 \xe2\x80\xaegnp.exe \xff\xfe \xc2\x9b"
		"31m "
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaa "
		"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \r\n"
		"550 <script>";
	struct result *r = new_result(a, "smtp.office365.com", TARGET_HOST);
	struct outcome *o;

	port(r, a, 587);
	r->status = STATUS_FAIL;
	o = add(r, &check_auth, 587, STATUS_FAIL, "auth.refused", said, 1000);
	o->reply = reply_of(a, STAGE_AUTH, said);
	facts_set(r->facts, "smtp.587.greeting.text", said);
	add_transcript(r, said);
	return r;
}

struct explanation *case_explained(struct arena *a)
{
	struct explanation *e = arena_alloc(a, sizeof(*e));
	struct result *r = case_refused(a);
	const struct reply **replies = arena_alloc(a, 2 * sizeof(*replies));
	struct reply *first = reply_of(a, STAGE_EHLO, "250 hello");

	first->source_line = 3;
	replies[0] = first;
	replies[1] = r->outcomes[3].reply;
	((struct reply *)replies[1])->source_line = 12;
	*e = (struct explanation) {
		.arena = a, .kind = PASTE_LOG, .provider = "m365", .replies = replies,
		.n_replies = 2,
		.diagnosis = r->diagnosis, .n_diagnosis = 1, .decoded = "", .note = "", .from = "",
		.to = "", .id = "", .reporter = "", .host = "",
	};
	return e;
}

struct explanation *case_unknown(struct arena *a, const char *decoded)
{
	struct explanation *e = arena_alloc(a, sizeof(*e));

	*e = (struct explanation) { .arena = a, .kind = PASTE_UNKNOWN, .provider = "",
				    .decoded = decoded, .note = "", .from = "", .to = "", .id = "",
				    .reporter = "", .host = "" };
	return e;
}
