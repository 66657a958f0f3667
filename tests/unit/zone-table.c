/*
 * zone-table - DNS from a table.
 */
#include "tests/unit/zone-table.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"

struct row {
	struct row		*next;
	const char		*name;
	enum dns_type		 type;		/* 0 = a fault, or nothing but the name */
	enum dns_status		 fault;
	struct dns_record	 record;
};

struct zone_table {
	struct arena	*arena;
	struct row	*rows, **end;
	struct map	*asked;		/* "TYPE name" -> answer */
	struct strv	 questions;
	size_t		 rounds;
};

struct zone_table *zone_table_new(struct arena *a)
{
	struct zone_table *z = arena_alloc(a, sizeof(*z));

	z->arena = a;
	z->end = &z->rows;
	z->asked = map_new(a);
	return z;
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, ascii_lower(c));

	return c && at ? (int)(at - digits) : -1;
}

static void take_text(struct zone_table *z, const char *value, struct dns_record *r)
{
	char *text = arena_alloc(z->arena, strlen(value) + 1);
	size_t n = 0;

	for (const char *p = value; *p; p++) {
		if (p[0] == '\\' && p[1] == 'x' && hex(p[2]) >= 0 && hex(p[3]) >= 0) {
			text[n++] = (char)(hex(p[2]) * 16 + hex(p[3]));
			p += 3;
		} else if (p[0] == '\\' && p[1] == '\\') {
			text[n++] = *p++;
		} else {
			text[n++] = *p;
		}
	}
	r->text = text;
	r->text_len = n;
}

static const char *plain_name(struct zone_table *z, const char *name)
{
	size_t n = strlen(name);

	return str_lower(z->arena,
			 arena_strndup(z->arena, name, n && name[n - 1] == '.' ? n - 1 : n));
}

static bool take_value(struct zone_table *z, const char *value, struct dns_record *r)
{
	char *host;

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		return net_address_parse(value, &r->address);
	case DNS_TXT:
		take_text(z, value, r);
		return true;
	case DNS_MX:
		r->priority = (unsigned)strtoul(value, &host, 10);
		r->name = plain_name(z, *host == ' ' ? host + 1 : host);
		return true;
	default:
		r->name = plain_name(z, value);
		return true;
	}
}

bool zone_table_add(struct zone_table *z, const char *name, const char *type, const char *value)
{
	static const enum dns_type types[] = {
		DNS_A, DNS_AAAA, DNS_MX, DNS_PTR, DNS_TXT, DNS_CNAME
	};
	struct row *w = arena_alloc(z->arena, sizeof(*w));

	w->name = plain_name(z, name);
	w->fault = DNS_NODATA;
	w->record.name = w->record.text = w->record.tag = "";
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_eq(type, dns_type_name(types[i])))
			w->type = w->record.type = types[i];
	if (str_eq(type, "SERVFAIL"))
		w->fault = DNS_SERVFAIL;
	else if (str_eq(type, "TIMEOUT"))
		w->fault = DNS_TIMEOUT;
	else if (!w->type && !str_eq(type, "EXISTS"))
		return false;
	if (w->type && !take_value(z, value, &w->record))
		return false;
	*z->end = w;
	z->end = &w->next;
	return true;
}

/* "*.example.com" stands for what is below. */
static bool is_below(const char *wild, const char *name)
{
	return wild[0] == '*' && wild[1] == '.' && strlen(name) > strlen(wild + 2) &&
	       domain_name_under(name, wild + 2);
}

static void fill(struct zone_table *z, struct dns_answer *ans, const char *name, enum dns_type type)
{
	struct dns_record **end = &ans->records;
	const char *alias = NULL;

	bool exact = false;

	ans->status = DNS_NXDOMAIN;
	for (const struct row *w = z->rows; w && !exact; w = w->next) {
		exact = str_eq(w->name, name);
		/* What has names below it exists (RFC 8020). */
		if (!exact && domain_name_under(w->name, name))
			ans->status = DNS_NODATA;
	}
	for (const struct row *w = z->rows; w; w = w->next) {
		if (!str_eq(w->name, name) && (exact || !is_below(w->name, name)))
			continue;
		if (w->type == type) {
			struct dns_record *r = arena_alloc(z->arena, sizeof(*r));

			*r = w->record;
			*end = r;
			end = &r->next;
			ans->count++;
		} else if (w->type == DNS_CNAME) {
			alias = w->record.name;
		}
		if (ans->status == DNS_NXDOMAIN || !w->type)
			ans->status = w->type ? DNS_NODATA : w->fault;
	}
	if (ans->count)
		ans->status = DNS_OK;
	else if (alias && ans->cnames.n < 8) {
		strv_add(&ans->cnames, z->arena, alias);
		fill(z, ans, alias, type);
	} else if (alias) {
		ans->status = DNS_BAD_ANSWER;
	}
}

static const struct dns_answer *ask(void *arg, const char *name, enum dns_type type)
{
	struct zone_table *z = arg;
	const char *key = arena_printf(z->arena, "%s %s", dns_type_name(type), plain_name(z, name));
	struct dns_answer *ans = map_get(z->asked, key);

	if (ans)
		return ans;
	strv_add(&z->questions, z->arena, key);
	ans = arena_alloc(z->arena, sizeof(*ans));
	*ans = (struct dns_answer){
		.name = arena_strdup(z->arena, name), .type = type, .server = "table", .why = ""
	};
	fill(z, ans, plain_name(z, name), type);
	if (ans->status != DNS_OK)
		ans->why = dns_status_name(ans->status);
	map_set(z->asked, key, ans);
	return ans;
}

static void ask_all(void *arg, struct dns_question *q, size_t n)
{
	struct zone_table *z = arg;

	z->rounds++;
	for (size_t i = 0; i < n; i++)
		q[i].answer = ask(arg, q[i].name, q[i].type);
}

struct domain_dns zone_table_dns(struct zone_table *z)
{
	return (struct domain_dns) { .arg = z, .ask = ask, .ask_all = ask_all };
}

size_t zone_table_asked(const struct zone_table *z)
{
	return map_count(z->asked);
}

size_t zone_table_rounds(const struct zone_table *z)
{
	return z->rounds;
}

const char *zone_table_questions(const struct zone_table *z)
{
	return strv_join(&z->questions, z->arena, ", ");
}
