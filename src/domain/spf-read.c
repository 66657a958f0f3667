/*
 * spf-read - the text of an SPF record into its terms. RFC 7208, 4.5, 4.6.1, 12.
 */
#include "domain/spf-inside.h"

enum argument { NOTHING, DOMAIN_OR_NOT, DOMAIN_NEEDED, NETWORK };

struct mechanism { const char *name; enum spf_kind kind; enum argument argument; bool prefix; };

static const struct mechanism mechanisms[] = {
	{ "all", SPF_ALL, NOTHING, false },
	{ "include", SPF_INCLUDE, DOMAIN_NEEDED, false },
	{ "a", SPF_A, DOMAIN_OR_NOT, true },
	{ "mx", SPF_MX, DOMAIN_OR_NOT, true },
	{ "ptr", SPF_PTR, DOMAIN_OR_NOT, false },
	{ "ip4", SPF_IP4, NETWORK, true },
	{ "ip6", SPF_IP6, NETWORK, true },
	{ "exists", SPF_EXISTS, DOMAIN_NEEDED, false },
};

/* One record, as it is read. */
struct reading {
	struct spf_run		*run;
	struct spf_record	*record;
	struct spf_term		*term;
};

static void wrong(struct reading *rd, const char *why)
{
	rd->term->broken = true;
	if (rd->term->kind != SPF_REDIRECT && rd->term->kind != SPF_EXP)
		rd->term->kind = SPF_OTHER;
	rd->record->broken = true;
	if (rd->run)
		spf_fault(rd->run, SPF_FAULT_SYNTAX, rd->record, rd->term,
			  "the SPF record of %s: %s", rd->record->domain, why);
}

static const char *quoted(struct reading *rd)
{
	return arena_printf(rd->run->arena, "'%s'", spf_term_text(rd->run->arena, rd->term));
}

/* The name before ':' or '/', and what comes behind it. */
static const char *close_to(struct span name)
{
	char word[16] = "";

	if (name.len > 15)
		return NULL;
	memcpy(word, name.p, name.len);
	if (str_eq_nocase(word, "ip") || str_eq_nocase(word, "ipv4"))
		return "ip4";
	if (str_eq_nocase(word, "ipv6"))
		return "ip6";
	if (str_eq_nocase(word, "redirect"))
		return "redirect=";
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (strlen(mechanisms[i].name) > 2 && str_slips(word, mechanisms[i].name) == 1)
			return mechanisms[i].name;
	return NULL;
}

static void unknown_mechanism(struct reading *rd, struct span name)
{
	const char *meant = close_to(name);

	rd->term->broken = rd->record->broken = true;
	if (!rd->run)
		return;
	if (meant)
		spf_fault(rd->run, SPF_FAULT_SYNTAX, rd->record, rd->term,
			  "the SPF record of %s holds the unknown term %s; write %s",
			  rd->record->domain, quoted(rd), meant);
	else
		spf_fault(rd->run, SPF_FAULT_SYNTAX, rd->record, rd->term,
			  "the SPF record of %s holds the unknown term %s", rd->record->domain,
			  quoted(rd));
}

/* "/N" at the end of spec: takes it off. False when it is no number from 0 to most without leading
 * 0. */
static bool take_prefix(struct span *spec, const char *slash, unsigned most, unsigned *ret)
{
	size_t digits = 0, n = strlen(slash);
	struct scan s;
	unsigned long v;

	while (digits < spec->len && ascii_is_digit(spec->p[spec->len - 1 - digits]))
		digits++;
	if (!digits || spec->len < digits + n ||
	    memcmp(spec->p + spec->len - digits - n, slash, n) != 0)
		return true;
	s = scan_over(spec->p + spec->len - digits, digits);
	v = scan_number(&s, most);
	if (scan_failed(&s) || (digits > 1 && spec->p[spec->len - digits] == '0'))
		return false;
	*ret = (unsigned)v;
	spec->len -= digits + n;
	return true;
}

static bool is_literal(struct reading *rd, struct span s)
{
	struct net_address address;

	return s.len < 64 && net_address_parse(span_dup(rd->run->arena, s), &address);
}

static void read_domain(struct reading *rd, const struct mechanism *m, struct span rest)
{
	struct spf_term *t = rd->term;
	const char *why;

	if (m->prefix && (!take_prefix(&rest, "//", 128, &t->bits6) ||
			  !take_prefix(&rest, "/", 32, &t->bits4))) {
		wrong(rd, rd->run ? arena_printf(rd->run->arena,
						 "the prefix length in %s is not valid", quoted(rd))
				  : "");
		return;
	}
	if (rest.len && rest.p[0] == ':') {
		t->spec = (struct span) { rest.p + 1, rest.len - 1 };
		why = spf_macro_fault(t->spec, true, false);
	} else {
		why = rest.len ? "something stands behind the name" : NULL;
		if (!why && m->argument == DOMAIN_NEEDED)
			why = "the domain is missing";
	}
	if (why && rd->run && is_literal(rd, t->spec))
		why = arena_printf(rd->run->arena,
				   "an address stands where a name must; write %s:%s",
				   memchr(t->spec.p, ':', t->spec.len) ? "ip6" : "ip4",
				   span_dup(rd->run->arena, t->spec));
	if (why)
		wrong(rd, rd->run ? arena_printf(rd->run->arena, "%s: %s", quoted(rd), why) : "");
}

static void read_network(struct reading *rd, struct span rest)
{
	struct spf_term *t = rd->term;
	bool four = t->kind == SPF_IP4;
	char text[INET6_ADDRSTRLEN] = "";

	if (rest.len && rest.p[0] == ':' &&
	    take_prefix(&rest, "/", four ? 32 : 128, four ? &t->bits4 : &t->bits6) &&
	    rest.len > 1 && rest.len - 1 < sizeof(text)) {
		memcpy(text, rest.p + 1, rest.len - 1);
		/* A NUL inside would end the text early. */
		if (strlen(text) == rest.len - 1 &&
		    inet_pton(four ? AF_INET : AF_INET6, text, t->network) == 1)
			return;
	}
	wrong(rd, rd->run ? arena_printf(rd->run->arena, "%s does not hold a valid IPv%d network",
					 quoted(rd), four ? 4 : 6)
			  : "");
}

static void read_mechanism(struct reading *rd, struct scan *s)
{
	struct spf_term *t = rd->term;
	struct span name, rest;

	if (strchr("+-~?", scan_peek(s)))
		t->qualifier = (char)scan_u8(s);
	name = scan_until(s, ":/=");
	rest = scan_rest(s);
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++) {
		const struct mechanism *m = &mechanisms[i];

		if (!span_eq_nocase(name, m->name))
			continue;
		t->kind = m->kind;
		if (m->argument == NETWORK)
			read_network(rd, rest);
		else if (m->argument != NOTHING)
			read_domain(rd, m, rest);
		else if (rest.len)
			wrong(rd, rd->run ? arena_printf(rd->run->arena,
							 "nothing may stand behind 'all' in %s",
							 quoted(rd))
					  : "");
		return;
	}
	unknown_mechanism(rd, name);
}

static bool name_valid(struct span name)
{
	if (!name.len || !ascii_is_alpha(name.p[0]))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.p[i]) && !memchr("-_.", name.p[i], 3))
			return false;
	return true;
}

/* redirect= and exp=: once each, with a name (RFC 7208, 6). */
static void read_known_modifier(struct reading *rd, enum spf_kind kind)
{
	struct spf_term *t = rd->term,
			**place = kind == SPF_EXP ? &rd->record->exp : &rd->record->redirect;
	const char *why = spf_macro_fault(t->spec, true, false);

	t->kind = kind;
	if (*place)
		why = "it may stand only once";
	else
		*place = t;
	if (why)
		wrong(rd, rd->run ? arena_printf(rd->run->arena, "%s: %s", quoted(rd), why) : "");
}

static void read_modifier(struct reading *rd, struct scan *s)
{
	struct span name = scan_until(s, "=");
	const char *why;

	scan_accept(s, '=');
	rd->term->spec = scan_rest(s);
	if (span_eq_nocase(name, "redirect") || span_eq_nocase(name, "exp")) {
		read_known_modifier(rd, span_eq_nocase(name, "exp") ? SPF_EXP : SPF_REDIRECT);
		return;
	}
	why = name_valid(name) ? spf_macro_fault(rd->term->spec, false, true)
			       : "the name before '=' is not valid";
	if (why)
		wrong(rd, rd->run ? arena_printf(rd->run->arena, "%s: %s", quoted(rd), why) : "");
	else if (rd->run && (span_eq_nocase(name, "include") || span_eq_nocase(name, "ip4") ||
			     span_eq_nocase(name, "ip6") || span_eq_nocase(name, "a") ||
			     span_eq_nocase(name, "mx")))
		spf_fault(rd->run, SPF_FAULT_UNKNOWN_MODIFIER, rd->record, rd->term,
			  "the SPF record of %s holds %s: with '=' it means nothing; write ':'",
			  rd->record->domain, quoted(rd));
	else if (rd->run)
		spf_fault(rd->run, SPF_FAULT_UNKNOWN_MODIFIER, rd->record, rd->term,
			  "the SPF record of %s holds the unknown modifier %s, which receivers "
			  "ignore",
			  rd->record->domain, quoted(rd));
}

static void read_term(struct reading *rd, struct span text)
{
	struct scan s = scan_span(text), look = s;

	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] > ' ' && text.p[i] < 0x7f)
			continue;
		rd->term->kind = SPF_OTHER;
		wrong(rd, rd->run ? arena_printf(rd->run->arena,
						 "%s holds a byte that may not stand there; only "
						 "ASCII letters, digits and signs may",
						 quoted(rd))
				  : "");
		return;
	}
	scan_until(&look, ":/=");
	if (scan_peek(&look) == '=')
		read_modifier(rd, &s);
	else
		read_mechanism(rd, &s);
}

void spf_read(struct spf_run *run, struct arena *a, struct spf_record *rec)
{
	struct scan s = scan_span(rec->text);
	struct spf_term **end = &rec->terms;
	size_t n = 0;

	scan_take(&s, strlen("v=spf1"));
	while (!scan_done(&s)) {
		struct span text = scan_until(&s, " ");
		struct reading rd = { run, rec, NULL };

		scan_accept(&s, ' ');
		if (!text.len)
			continue;
		/* A record of 64 KB is an attack, not a policy: its end decides nothing here. */
		if (n++ == SPF_TERMS_MOST) {
			rec->broken = true;
			if (run)
				spf_fault(run, SPF_FAULT_SYNTAX, rec, NULL,
					  "the SPF record of %s has more than %d terms",
					  rec->domain, SPF_TERMS_MOST);
			return;
		}
		rd.term = arena_alloc(a, sizeof(*rd.term));
		*rd.term = (struct spf_term){ .kind = SPF_OTHER,
					      .text = text,
					      .qualifier = '+',
					      .target = "",
					      .bits4 = 32,
					      .bits6 = 128 };
		*end = rd.term;
		end = &rd.term->next;
		read_term(&rd, text);
	}
}

const struct dns_record *spf_next_record(const struct dns_record *at)
{
	for (; at; at = at->next) {
		struct scan s = scan_over(at->text, at->text_len);

		if (scan_accept_str(&s, "v=spf1") && (scan_done(&s) || scan_peek(&s) == ' '))
			return at;
	}
	return NULL;
}
