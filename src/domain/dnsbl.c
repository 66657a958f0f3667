/*
 * dnsbl - lists of addresses and domains in DNS. RFC 5782, 2 (names and answers) and 5 (test
 * points).
 */
#include "domain/dnsbl.h"

#include "base/arena.h"
#include "base/str.h"
#include "domain/ptr.h"

enum { QUESTIONS = 3 };		/* what is asked for, what must be listed, what must not */

const char *dnsbl_name(struct arena *a, const char *zone, const char *kind, const char *what)
{
	const char *reversed, *name, *end;
	struct net_address ip;

	if (str_eq(kind, "domain")) {
		name = arena_printf(a, "%s.%s", what, zone);
		return domain_name_fits(name) ? name : NULL;
	}
	if (!net_address_parse(what, &ip))
		return NULL;
	/* The same octets or nibbles as in a PTR name, under another zone. */
	reversed = ptr_name_of(a, &ip);
	end = strstr(reversed, net_address_family(&ip) == AF_INET ? ".in-addr" : ".ip6");
	return arena_printf(a, "%.*s.%s", (int)(end - reversed), reversed, zone);
}

static void questions_of(struct arena *a, const struct blocklist *l, const char *what,
			 const char *ret[QUESTIONS])
{
	bool six = strchr(what, ':') != NULL, domain = str_eq(l->kind, "domain");
	const char *listed = six ? "::ffff:7f00:2" : "127.0.0.2";
	const char *free_of = six ? "::ffff:7f00:1" : "127.0.0.1";

	if (domain) {
		listed = *l->test ? l->test : "test";
		free_of = "invalid";
	}
	ret[0] = dnsbl_name(a, l->zone, l->kind, what);
	ret[1] = dnsbl_name(a, l->zone, l->kind, listed);
	ret[2] = dnsbl_name(a, l->zone, l->kind, free_of);
}

static bool says_no(const struct dns_answer *ans)
{
	return ans->status == DNS_NXDOMAIN || ans->status == DNS_NODATA;
}

/* The first answer that is a refusal, or that no list may give (RFC 5782, 2.1: 127.0.0.0/8). */
static const char *odd(const struct blocklist *l, const struct dns_answer *ans, bool refusal)
{
	for (const struct dns_record *r = ans->records; r; r = r->next)
		if (refusal ? strv_glob(&l->refusals, r->address.text)
			    : !str_has_prefix(r->address.text, "127."))
			return r->address.text;
	return NULL;
}

/* "127.0.0.10 words" is for that answer, "bit 4 words" for a last octet with that bit. */
static const char *meaning(const char *row, const char *answer, struct arena *a)
{
	const char *blank = strchr(row, ' '), *last = strrchr(answer, '.');
	unsigned long bit = 0, octet = 0;

	if (!str_has_prefix(row, "bit "))
		return str_glob(arena_strndup(a, row, (size_t)(blank - row)), answer) ? blank + 1
										      : NULL;
	blank = strchr(row + 4, ' ');
	if (!blank || !last || !str_number(last + 1, 255, &octet) ||
	    !str_number(arena_strndup(a, row + 4, (size_t)(blank - row - 4)), 255, &bit))
		return NULL;
	return octet & bit ? blank + 1 : NULL;
}

static const char *words_of(struct arena *a, const struct blocklist *l,
			    const struct dns_answer *ans)
{
	struct strv words = { NULL, 0, 0 };

	for (const struct dns_record *r = ans->records; r; r = r->next)
		for (size_t i = 0; i < l->answers.n; i++) {
			const char *m = meaning(l->answers.v[i], r->address.text, a);

			if (m && !strv_has(&words, m))
				strv_add(&words, a, m);
		}
	return words.n ? strv_join(&words, a, "; ") : "listed, and the answer is not known here";
}

/* What is wrong with the list itself, or NULL. */
static const char *trouble(struct arena *a, const struct blocklist *l,
			   const struct dns_answer *const ans[QUESTIONS],
			   enum dnsbl_state *ret_state)
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		const char *refused = odd(l, ans[i], true), *wrong = odd(l, ans[i], false);

		*ret_state = DNSBL_REFUSED;
		if (refused)
			return arena_printf(a, "it refuses questions of this resolver (%s)",
					    refused);
		*ret_state = DNSBL_BROKEN;
		if (wrong)
			return arena_printf(a, "it answers %s, which no list may: dead or taken "
					    "over", wrong);
	}
	*ret_state = DNSBL_NO_ANSWER;
	for (size_t i = 0; i < QUESTIONS; i++)
		if (ans[i]->status != DNS_OK && !says_no(ans[i]))
			return ans[i]->why;
	*ret_state = DNSBL_BROKEN;
	if (ans[1]->status != DNS_OK)
		return "it does not list what every list must (test point): dead, or it does not "
		       "answer this resolver";
	if (ans[2]->status == DNS_OK)
		return "it lists what no list may (test point): it answers everything";
	return NULL;
}

static const char *text_of(struct arena *a, const struct domain_dns *dns, const char *name)
{
	const struct dns_record *r = dns->ask(dns->arg, name, DNS_TXT)->records;

	return r ? domain_shown(a, r->text, r->text_len) : "";
}

static struct dnsbl_found judge(struct arena *a, const struct domain_dns *dns,
				const struct blocklist *l, const char *const names[QUESTIONS])
{
	struct dnsbl_found f = { .list = l, .answer = "", .words = "", .text = "" };
	const struct dns_answer *ans[QUESTIONS];
	const char *why;

	for (size_t i = 0; i < QUESTIONS; i++)
		ans[i] = dns->ask(dns->arg, names[i], DNS_A);
	why = trouble(a, l, ans, &f.state);
	if (why) {
		f.words = why;
		return f;
	}
	f.state = ans[0]->status == DNS_OK ? DNSBL_LISTED : DNSBL_NOT_LISTED;
	if (f.state == DNSBL_NOT_LISTED)
		return f;
	f.answer = ans[0]->records->address.text;
	f.words = words_of(a, l, ans[0]);
	f.text = text_of(a, dns, names[0]);
	return f;
}

size_t dnsbl_ask(struct arena *a, const struct domain_dns *dns, const struct know *know,
		 const char *kind, const char *what, struct dnsbl_found *ret)
{
	const char *(*names)[QUESTIONS] = arena_alloc(a, DNSBL_LISTS_MOST * sizeof(*names));
	struct dns_question *q = arena_alloc(a, DNSBL_LISTS_MOST * QUESTIONS * sizeof(*q));
	const struct blocklist *lists[DNSBL_LISTS_MOST], *l;
	size_t n = 0;

	for (size_t i = 0; n < DNSBL_LISTS_MOST && (l = know_blocklist_at(know, i)); i++) {
		if (!str_eq(l->use, "open") || !str_eq(l->kind, kind))
			continue;
		questions_of(a, l, what, names[n]);
		if (!names[n][0] || !names[n][1] || !names[n][2])
			continue;
		lists[n++] = l;
	}
	for (size_t i = 0; i < n * QUESTIONS; i++)
		q[i] = (struct dns_question){ .name = names[i / QUESTIONS][i % QUESTIONS],
					      .type = DNS_A };
	dns->ask_all(dns->arg, q, n * QUESTIONS);
	for (size_t i = 0; i < n; i++)
		ret[i] = judge(a, dns, lists[i], names[i]);
	return n;
}
