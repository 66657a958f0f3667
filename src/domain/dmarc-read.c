/*
 * dmarc-read - the text of a DMARC record into its tags. RFC 9989, 4.7 and 4.8; RFC 7489, 6.3
 * and 6.4.
 */
#include "domain/dmarc-inside.h"

#include <stdarg.h>

/* One record, as it is read. */
struct reading {
	struct arena		*arena;
	struct dmarc_record	*record;
	struct dmarc_fault	**end;
	struct strv		 seen;
	const char		*tag;		/* lower case */
	struct span		 value;
	size_t			 place;		/* 0 = v */
};

struct dmarc_fault *dmarc_fault(struct arena *a, enum dmarc_fault_kind k, bool old, const char *fmt,
				...)
{
	struct dmarc_fault *f = arena_alloc(a, sizeof(*f));
	va_list ap;

	va_start(ap, fmt);
	*f = (struct dmarc_fault) { .kind = k, .old = old, .words = arena_vprintf(a, fmt, ap) };
	va_end(ap);
	return f;
}

static void note(struct reading *rd, struct dmarc_fault *f)
{
	*rd->end = f;
	rd->end = &f->next;
}

static const char *shown(struct reading *rd, struct span s)
{
	return domain_shown(rd->arena, s.p, s.len);
}

static void bad_value(struct reading *rd, const char *wanted)
{
	note(rd, dmarc_fault(rd->arena, DMARC_FAULT_VALUE, true,
			     "the DMARC record of %s: '%s=%s' is not valid; %s", rd->record->domain,
			     rd->tag, shown(rd, rd->value), wanted));
}

static enum dmarc_policy policy_of(struct span value)
{
	if (span_eq_nocase(value, "none"))
		return DMARC_NONE;
	if (span_eq_nocase(value, "quarantine"))
		return DMARC_QUARANTINE;
	return span_eq_nocase(value, "reject") ? DMARC_REJECT : DMARC_INVALID;
}

static void take_policy(struct reading *rd, enum dmarc_policy *to, enum dmarc_fault_kind kind)
{
	*to = policy_of(rd->value);
	if (*to == DMARC_INVALID)
		note(rd,
		     dmarc_fault(
			     rd->arena, kind, true,
			     "the DMARC record of %s: '%s=%s' is not a policy (none, quarantine, "
			     "reject), so the whole record enforces nothing",
			     rd->record->domain, rd->tag, shown(rd, rd->value)));
}

/* One of some letters, case ignored; else the default stays. */
static char letter_of(struct reading *rd, const char *letters, char otherwise)
{
	char c = rd->value.len == 1 ? ascii_lower(rd->value.p[0]) : '\0';

	if (c && strchr(letters, c))
		return c;
	bad_value(rd, arena_printf(rd->arena, "it is one of the letters %s", letters));
	return otherwise;
}

static bool number_of(struct span s, unsigned long most, unsigned long *ret)
{
	struct scan at = scan_span(s);
	unsigned long v = scan_number(&at, most);

	if (scan_failed(&at) || !scan_done(&at))
		return false;
	*ret = v;
	return true;
}

/* "!10m" behind an address: RFC 7489, 6.2. RFC 9989 removed it. */
static bool take_size(struct span *uri)
{
	const char *mark = uri->len ? memchr(uri->p, '!', uri->len) : NULL;
	unsigned long size;
	struct span number;

	if (!mark)
		return true;
	number = (struct span) { mark + 1, (size_t)(uri->p + uri->len - mark - 1) };
	uri->len = (size_t)(mark - uri->p);
	if (number.len && strchr("kKmMgGtT", number.p[number.len - 1]))
		number.len--;
	return number_of(number, UINT32_MAX, &size);
}

static bool take_uri(struct reading *rd, struct span uri, struct dmarc_address *ret)
{
	bool good = take_size(&uri);
	struct span address;
	const char *at;

	*ret = (struct dmarc_address) { .text = shown(rd, uri), .domain = "", .authorised = true };
	if (!span_has_prefix_nocase(uri, "mailto:"))
		return good && span_has_prefix_nocase(uri, "https:");
	address = (struct span) { uri.p + 7, uri.len - 7 };
	at = address.len ? memchr(address.p, '@', address.len) : NULL;
	if (!at || at == address.p || at + 1 == address.p + address.len)
		return false;
	ret->domain = str_lower(rd->arena, span_dup(rd->arena,
		(struct span) { at + 1, (size_t)(address.p + address.len - at - 1) }));
	ret->usable = domain_name_fits(ret->domain);
	return good && ret->usable;
}

static void take_addresses(struct reading *rd, struct dmarc_address **ret, size_t *ret_n)
{
	struct scan s = scan_span(rd->value);
	size_t cap = 0;

	do {
		struct span uri = span_trim(scan_until(&s, ","));
		struct dmarc_address address;

		if (!take_uri(rd, uri, &address))
			note(rd, dmarc_fault(rd->arena, DMARC_FAULT_ADDRESS, true,
					     "the DMARC record of %s: '%s' in %s does not take "
					     "reports; write mailto:ADDRESS",
					     rd->record->domain, shown(rd, uri), rd->tag));
		*ret = arena_grow(rd->arena, *ret, *ret_n, &cap, sizeof(**ret));
		(*ret)[(*ret_n)++] = address;
	} while (scan_accept(&s, ',') && *ret_n < DMARC_REPORTS_MOST);
}

static void take_options(struct reading *rd)
{
	struct scan s = scan_span(rd->value);
	struct span part;
	bool good;

	do {
		part = span_trim(scan_until(&s, ":"));
		good = part.len == 1 && strchr("01dDsS", part.p[0]);
	} while (good && scan_accept(&s, ':'));
	if (!good)
		bad_value(rd, "it is 0, 1, d or s, joined by ':'");
}

static bool is_keyword(struct span s)
{
	if (!s.len || !ascii_is_alnum(s.p[s.len - 1]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* Tags that RFC 9989 removed: receivers of RFC 7489 still read them. */
static void take_obsolete(struct reading *rd)
{
	struct scan s = scan_span(rd->value);
	unsigned long v = 0;
	bool good = true;

	strv_add(&rd->record->ignored, rd->arena, rd->tag);
	if (str_eq(rd->tag, "pct")) {
		good = number_of(rd->value, 100, &v);
		rd->record->has_pct = good;
		rd->record->pct = good ? (unsigned)v : 100;
	} else if (str_eq(rd->tag, "ri")) {
		good = number_of(rd->value, UINT32_MAX, &v);
	} else {
		do
			good = is_keyword(span_trim(scan_until(&s, ":")));
		while (good && scan_accept(&s, ':'));
	}
	note(rd, dmarc_fault(rd->arena, DMARC_FAULT_OBSOLETE, !good,
			     "the DMARC record of %s: %s=%s is obsolete (RFC 9989); new receivers "
			     "ignore it",
			     rd->record->domain, rd->tag, shown(rd, rd->value)));
}

static void take_tag(struct reading *rd)
{
	struct dmarc_record *rec = rd->record;

	if (str_eq(rd->tag, "p"))
		take_policy(rd, &rec->p, DMARC_FAULT_POLICY);
	else if (str_eq(rd->tag, "sp"))
		take_policy(rd, &rec->sp, DMARC_FAULT_SUBPOLICY);
	else if (str_eq(rd->tag, "np"))
		take_policy(rd, &rec->np, DMARC_FAULT_SUBPOLICY);
	else if (str_eq(rd->tag, "adkim"))
		rec->strict_dkim = letter_of(rd, "rs", 'r') == 's';
	else if (str_eq(rd->tag, "aspf"))
		rec->strict_spf = letter_of(rd, "rs", 'r') == 's';
	else if (str_eq(rd->tag, "psd"))
		rec->psd = letter_of(rd, "ynu", 'u');
	else if (str_eq(rd->tag, "t"))
		rec->test = letter_of(rd, "yn", 'n') == 'y';
	else if (str_eq(rd->tag, "fo"))
		take_options(rd);
	else if (str_eq(rd->tag, "rua"))
		take_addresses(rd, &rec->rua, &rec->n_rua);
	else if (str_eq(rd->tag, "ruf"))
		take_addresses(rd, &rec->ruf, &rec->n_ruf);
	else if (str_eq(rd->tag, "pct") || str_eq(rd->tag, "ri") || str_eq(rd->tag, "rf"))
		take_obsolete(rd);
}

/* "tag = value". False when it cannot be read. */
static bool read_tag(struct reading *rd, struct span text)
{
	struct scan s = scan_span(text);
	struct span name = span_trim(scan_until(&s, "="));

	if (!name.len || !scan_accept(&s, '='))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!ascii_is_alnum(name.p[i]) && name.p[i] != '_')
			return false;
	rd->tag = str_lower(rd->arena, span_dup(rd->arena, name));
	rd->value = span_trim(scan_rest(&s));
	return true;
}

/* v=DMARC1, in capitals, with nothing behind but the next tag (RFC 9989, 4.7). */
static bool begins(struct scan *s)
{
	struct scan t = scan_span(span_trim(scan_until(s, ";")));

	if (!scan_accept(&t, 'v') && !scan_accept(&t, 'V'))
		return false;
	scan_blanks(&t);
	if (!scan_accept(&t, '='))
		return false;
	scan_blanks(&t);
	return span_eq(span_trim(scan_rest(&t)), "DMARC1");
}

static void check_policy(struct reading *rd)
{
	struct dmarc_record *rec = rd->record;

	for (size_t i = 0; i < rec->n_rua; i++)
		rec->reports |= rec->rua[i].usable;
	if (rec->p == DMARC_ABSENT)
		note(rd, dmarc_fault(rd->arena, DMARC_FAULT_POLICY, !rec->reports,
				     "the DMARC record of %s has no p=, so it enforces nothing",
				     rec->domain));
}

static void read_tags(struct reading *rd, struct scan *s)
{
	enum { TAGS_MOST = 64 };

	while (scan_accept(s, ';') && rd->place < TAGS_MOST) {
		struct span text = span_trim(scan_until(s, ";"));

		rd->place++;
		if (!text.len && scan_done(s))
			break;
		if (!read_tag(rd, text)) {
			note(rd, dmarc_fault(rd->arena, DMARC_FAULT_SYNTAX, true,
					     "the DMARC record of %s: '%s' is not TAG=VALUE",
					     rd->record->domain, shown(rd, text)));
			continue;
		}
		if (strv_has(&rd->seen, rd->tag)) {
			note(rd, dmarc_fault(rd->arena, DMARC_FAULT_DUPLICATE, true,
					     "the DMARC record of %s has %s= twice",
					     rd->record->domain, rd->tag));
			continue;
		}
		strv_add(&rd->seen, rd->arena, rd->tag);
		if (str_eq(rd->tag, "p") && rd->place != 1)
			note(rd, dmarc_fault(rd->arena, DMARC_FAULT_ORDER, true,
					     "the DMARC record of %s: p= does not follow v=DMARC1; "
					     "some older receivers ignore the record",
					     rd->record->domain));
		take_tag(rd);
	}
}

struct dmarc_record *dmarc_read(struct arena *a, const char *domain, struct span text)
{
	struct scan s = scan_span(text);
	struct dmarc_record *rec;
	struct reading rd;

	if (!begins(&s))
		return NULL;
	rec = arena_alloc(a, sizeof(*rec));
	*rec = (struct dmarc_record){
		.domain = domain, .text = str_escaped(a, text.p, text.len), .psd = 'u', .pct = 100
	};
	rd = (struct reading) { .arena = a, .record = rec, .end = &rec->faults };
	read_tags(&rd, &s);
	check_policy(&rd);
	return rec;
}
