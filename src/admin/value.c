/*
 * Values as PowerShell and the services write them: True or "True" or 1, null or "", one object or
 * a list of them.
 */
#include "admin/inside.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "judge/facts.h"

/*
 * PowerShell 5 wraps some lists as {"value": [...], "Count": 2}; OData and the script wrap answers
 * in "value", too.
 */
static const json_t *unwrapped(const json_t *v)
{
	for (int i = 0; i < 3 && json_is_object(v); i++) {
		const json_t *inner = json_object_get(v, "value");

		if (!json_is_array(inner) && !json_is_object(inner) && !json_is_null(inner))
			break;
		v = inner;
	}
	return v;
}

static bool add_text(struct buf *b, const json_t *v)
{
	const json_t *word;

	if (json_is_string(v))
		return buf_add(b, json_string_value(v), json_string_length(v));
	if (json_is_integer(v))
		return buf_addf(b, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return buf_addf(b, "%.0f", json_real_value(v));
	if (json_is_boolean(v))
		return buf_adds(b, json_is_true(v) ? "True" : "False");
	/* An enumeration or a reference: {"value": 1, "Value": "OnPremises"}, {"Name": ...}. */
	word = json_object_get(v, "Value");
	word = word ? word : json_object_get(v, "Name");
	word = word ? word : json_object_get(v, "value");
	return json_is_string(word) || json_is_integer(word) ? add_text(b, word) : true;
}

/* What does not fit is left out, at a member's end. */
static void add_list(struct buf *b, const json_t *list)
{
	const json_t *member;
	size_t i;

	json_array_foreach(list, i, member) {
		size_t before = b->len;

		if ((b->len && !buf_addc(b, ' ')) || !add_text(b, member)) {
			b->len = before;
			b->data[before] = '\0';
			return;
		}
	}
}

char *admin_text(struct arena *a, const json_t *row, const char *member)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_ADMIN_TEXT);
	const json_t *v = unwrapped(json_object_get(row, member));

	if (json_is_array(v))
		add_list(&b, v);
	else if (!add_text(&b, v) && json_is_string(v))
		return arena_printf(a, "%.*s ...", LIMIT_ADMIN_TEXT - 4, json_string_value(v));
	return span_dup(a, span_trim(span_of(buf_str(&b))));
}

int admin_yes(const json_t *row, const char *member)
{
	const json_t *v = json_object_get(row, member);

	if (json_is_boolean(v))
		return json_is_true(v);
	if (json_is_integer(v) && (json_integer_value(v) == 0 || json_integer_value(v) == 1))
		return (int)json_integer_value(v);
	if (json_is_string(v) && str_eq_nocase(json_string_value(v), "true"))
		return 1;
	return json_is_string(v) && str_eq_nocase(json_string_value(v), "false") ? 0 : -1;
}

bool admin_has(const json_t *row, const char *member)
{
	return json_object_get(row, member) != NULL;
}

size_t admin_rows(const json_t *answer)
{
	const json_t *v = unwrapped(answer);

	return json_is_array(v) ? json_array_size(v) : json_is_object(v);
}

const json_t *admin_row(const json_t *answer, size_t i)
{
	const json_t *v = unwrapped(answer);

	if (json_is_array(v)) {
		const json_t *row = json_array_get(v, i);

		return json_is_object(row) ? row : NULL;
	}
	return i == 0 && json_is_object(v) ? v : NULL;
}

/* --- facts --- */

static const char *name_of(struct arena *a, const char *area, unsigned n, const char *name)
{
	return n ? arena_printf(a, "%s.%u.%s", area, n, name) :
	       arena_printf(a, "%s.%s", area, name);
}

void admin_put(struct admin_row *r, const char *name, const char *value)
{
	const char *full = name_of(r->arena, r->area, r->n, name);

	if (*value && !facts_get(r->facts, full))
		facts_set(r->facts, full, value);
}

void admin_put_yes(struct admin_row *r, const char *name, int yes)
{
	const char *full = name_of(r->arena, r->area, r->n, name);

	if (yes >= 0 && !facts_get(r->facts, full))
		facts_set_bool(r->facts, full, yes);
}

void admin_put_number(struct admin_row *r, const char *name, long long n)
{
	const char *full = name_of(r->arena, r->area, r->n, name);

	if (!facts_get(r->facts, full))
		facts_set_number(r->facts, full, n);
}

void admin_copy(struct admin_row *r, const char *member, const char *name)
{
	admin_put(r, name, admin_text(r->arena, r->row, member));
}

void admin_copy_yes(struct admin_row *r, const char *member, const char *name)
{
	admin_put_yes(r, name, admin_yes(r->row, member));
}

const char *admin_fact(struct arena *a, const struct facts *f, const char *area, unsigned n,
		       const char *name)
{
	return facts_string(f, name_of(a, area, n, name));
}

int admin_count(struct arena *a, const struct facts *f, const char *area)
{
	if (facts_true(f, arena_printf(a, "%s.partial", area)))
		return -1;
	return (int)facts_number(f, arena_printf(a, "%s.rows", area), -1);
}

/* --- addresses --- */

struct octets { unsigned char v[16]; size_t n; };

static bool read_address(const char *p, size_t len, struct octets *ret)
{
	char text[INET6_ADDRSTRLEN];

	if (!len || len >= sizeof(text))
		return false;
	memcpy(text, p, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, ret->v) == 1)
		ret->n = 4;
	else
		ret->n = inet_pton(AF_INET6, text, ret->v) == 1 ? 16 : 0;
	return ret->n != 0;
}

static bool in_network(const struct octets *net, const struct octets *one, unsigned long bits)
{
	size_t whole = bits / 8;
	unsigned char mask = (unsigned char)(0xff00 >> bits % 8);

	return memcmp(net->v, one->v, whole) == 0 &&
	       (bits % 8 == 0 || ((net->v[whole] ^ one->v[whole]) & mask) == 0);
}

int admin_address_in(const char *listed, const char *address)
{
	size_t len = strcspn(listed, "/-");
	struct octets first, last, one;
	unsigned long bits;

	if (!read_address(address, strlen(address), &one) || !read_address(listed, len, &first))
		return -1;
	if (listed[len] == '-') {
		if (!read_address(listed + len + 1, strlen(listed + len + 1), &last) ||
		    last.n != first.n)
			return -1;
		return first.n == one.n && memcmp(first.v, one.v, one.n) <= 0 &&
		       memcmp(one.v, last.v, one.n) <= 0;
	}
	bits = 8 * first.n;
	if (listed[len] == '/' && !str_number(listed + len + 1, bits, &bits))
		return -1;
	return first.n == one.n && in_network(&first, &one, bits);
}
