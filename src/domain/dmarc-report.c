/*
 * dmarc-report - reports that go to another organisation: does it want them? RFC 9990, 4; RFC
 * 7489, 7.1.
 */
#include "domain/dmarc-inside.h"

static bool same(const char *a, const char *b)
{
	return domain_name_under(a, b) && domain_name_under(b, a);
}

static bool wants_reports(const struct dns_answer *txt)
{
	for (const struct dns_record *t = txt->records; t; t = t->next) {
		struct scan s = scan_over(t->text, t->text_len),
			    version = scan_span(scan_until(&s, ";"));

		scan_accept(&version, 'v');
		scan_blanks(&version);
		scan_accept(&version, '=');
		if (span_eq(span_trim(scan_rest(&version)), "DMARC1"))
			return true;
	}
	return false;
}

static void look_at(struct dmarc_run *r, const struct dmarc_record *rec, struct dmarc_address *to,
		    const char *tag)
{
	const char *name = arena_printf(r->arena, "%s._report._dmarc.%s", rec->domain, to->domain);
	const struct dns_answer *txt;
	struct dmarc_walk w;

	if (!to->usable || same(to->domain, rec->domain))
		return;
	dmarc_walk(r, to->domain, false, &w);
	if (same(w.org, r->d->now.org_domain))
		return;
	to->external = true;
	to->authorised = false;
	to->status = DNS_BAD_NAME;
	if (domain_name_fits(name)) {
		txt = r->dns->ask(r->dns->arg, name, DNS_TXT);
		to->status = txt->status;
		to->authorised = wants_reports(txt);
	}
	if (!to->authorised)
		dmarc_note(r, dmarc_fault(r->arena, DMARC_FAULT_NOT_AUTHORISED, false,
					  "%s=%s: no reports go there until %s has the TXT record "
					  "'v=DMARC1'",
					  tag, to->text, name));
}

void dmarc_look_at_reports(struct dmarc_run *r, struct dmarc_record *rec)
{
	for (size_t i = 0; i < rec->n_rua; i++)
		look_at(r, rec, &rec->rua[i], "rua");
	for (size_t i = 0; i < rec->n_ruf; i++)
		look_at(r, rec, &rec->ruf[i], "ruf");
}
