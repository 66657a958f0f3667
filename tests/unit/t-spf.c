/*
 * t-spf - SPF evaluated on zones from a table: tests/data/spf-cases.txt; or public suites in the
 * same form (tests/meta/t-domain-suites.sh turns them into it).
 *
 *	t-spf [FILE]
 *
 * Lines of cells between tabs; # begins a comment:
 *
 *	scenario NAME				a new zone
 *	zone NAME TYPE VALUE			see zone-table.h
 *	case NAME IP HELO FROM RESULT,... EXPLANATION WANT...
 *
 * "-" is an empty cell; the explanation is compared where it is not "-". WANT: lookups=N voids=N
 * worst=N worst-voids=N term=TEXT in=DOMAIN why=TEXT fault=KIND no-fault=KIND rounds=N asked<=N
 * allow=RECORD. helo-first: the HELO name is judged, and the sender only where that passes, as some
 * receivers do (RFC 7208, 2.3).
 */
#include "tests/unit/tap.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/scan.h"
#include "domain/spf.h"
#include "tests/unit/zone-table.h"

enum { LIMIT_CASES = 1 << 22, MOST_CELLS = 32 };

static bool read_file(const char *path, struct buf *b)
{
	char chunk[2048];
	FILE *f = fopen(path, "rb");
	size_t n;

	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(b, chunk, n);
	if (f)
		fclose(f);
	return f && !b->overflow;
}

static size_t cells_of(struct arena *a, struct span line, const char **cells)
{
	struct scan s = scan_span(line);
	size_t n = 0;

	while (n < MOST_CELLS) {
		struct span cell = scan_until(&s, "\t");

		cells[n++] = span_eq(cell, "-") ? "" : span_dup(a, cell);
		if (!scan_accept(&s, '\t'))
			break;
	}
	return n;
}

static bool has_fault(const struct spf *s, const char *name)
{
	for (const struct spf_fault *f = s->faults; f; f = f->next)
		if (str_eq(spf_fault_name(f->kind), name))
			return true;
	return false;
}

static const char *faults_of(struct arena *a, const struct spf *s)
{
	struct strv l = { NULL, 0, 0 };

	for (const struct spf_fault *f = s->faults; f; f = f->next)
		strv_addf(&l, a, "%s (%s)", spf_fault_name(f->kind), f->words);
	return strv_join(&l, a, "; ");
}

static const char *value_of(struct arena *a, const struct spf *s, const char *key,
			    const struct zone_table *z)
{
	if (str_eq(key, "lookups"))
		return arena_printf(a, "%u", s->lookups);
	if (str_eq(key, "voids"))
		return arena_printf(a, "%u", s->voids);
	if (str_eq(key, "worst"))
		return arena_printf(a, "%u", s->worst_lookups);
	if (str_eq(key, "worst-voids"))
		return arena_printf(a, "%u", s->worst_voids);
	if (str_eq(key, "term"))
		return s->decided ? spf_term_text(a, s->decided) : "";
	if (str_eq(key, "in"))
		return s->decided_in ? s->decided_in->domain : "";
	if (str_eq(key, "why"))
		return s->why;
	if (str_eq(key, "rounds"))
		return arena_printf(a, "%zu", zone_table_rounds(z));
	if (str_eq(key, "allow"))
		return spf_allowing(a, s) ? spf_allowing(a, s) : "none";
	return "(unknown word)";
}

static void wanted(struct arena *a, const struct spf *s, const struct zone_table *z,
		   const char *name, const char *want)
{
	const char *equals = strchr(want, '='), *key, *value;

	if (!equals) {
		ok(false, arena_printf(a, "%s: '%s' is no want", name, want));
		return;
	}
	key = arena_strndup(a, want, (size_t)(equals - want));
	value = equals + 1;
	if (str_eq(key, "fault"))
		ok(has_fault(s, value),
		   arena_printf(a, "%s: fault %s among: %s", name, value, faults_of(a, s)));
	else if (str_eq(key, "no-fault"))
		ok(!has_fault(s, value), arena_printf(a, "%s: no fault %s", name, value));
	else if (str_eq(key, "faults"))
		is_str(faults_of(a, s), value, arena_printf(a, "%s: its faults", name));
	else if (str_eq(key, "asked<"))
		ok(zone_table_asked(z) <= strtoul(value, NULL, 10),
		   arena_printf(a, "%s: at most %s questions (%zu)", name, value,
				zone_table_asked(z)));
	else
		is_str(value_of(a, s, key, z), value, arena_printf(a, "%s: %s", name, key));
}

static bool is_one_of(struct arena *a, const char *list, const char *word)
{
	struct strv words = { NULL, 0, 0 };

	strv_split(&words, a, list, ',');
	return strv_has(&words, word);
}

static void one_case(struct arena *a, struct zone_table *z, const char *scenario, const char **cell,
		     size_t n)
{
	struct domain_dns dns = zone_table_dns(z);
	struct spf_ask ask = { .ip = cell[2],
			       .helo = cell[3],
			       .from = cell[4],
			       .receiver = "receiver.example.net",
			       .now = 1790000000 };
	const char *name = arena_printf(a, "%s: %s", scenario, cell[1]), *result;
	const struct spf *s;

	s = spf_check(a, &dns, &ask);
	if (n > 7 && str_eq(cell[7], "helo-first")) {
		struct spf_ask helo = {
			.ip = cell[2], .helo = cell[3], .from = "", .receiver = ask.receiver
		};
		const struct spf *h = spf_check(a, &dns, &helo);

		if (h->result != SPF_PASS && h->result != SPF_NONE)
			s = h;
	}
	result = spf_result_name(s->result);
	ok(is_one_of(a, cell[5], result),
	   arena_printf(a, "%s: %s, wanted %s (%s)", name, result, cell[5], s->why));
	if (*cell[6])
		is_str(*s->explanation ? s->explanation : "DEFAULT", cell[6],
		       arena_printf(a, "%s: explanation", name));
	for (size_t i = 7; i < n; i++)
		if (!str_eq(cell[i], "helo-first") && *cell[i])
			wanted(a, s, z, name, cell[i]);
}

/* A zone of its own for each case: what was asked is counted. */
static void run(struct arena *a, struct scan *s)
{
	const char *cell[MOST_CELLS], *scenario = "";
	struct strv lines = { NULL, 0, 0 };

	while (!scan_done(s)) {
		struct span line = scan_line(s);
		struct zone_table *z;
		size_t n;

		if (!line.len || line.p[0] == '#')
			continue;
		n = cells_of(a, line, cell);
		if (str_eq(cell[0], "scenario")) {
			scenario = cell[1];
			lines = (struct strv) { NULL, 0, 0 };
		} else if (str_eq(cell[0], "zone")) {
			strv_add(&lines, a, span_dup(a, line));
		} else if (str_eq(cell[0], "case") && n >= 7) {
			z = zone_table_new(a);
			for (size_t i = 0; i < lines.n; i++) {
				const char *part[MOST_CELLS] = { NULL };

				if (cells_of(a, span_of(lines.v[i]), part) != 4 ||
				    !zone_table_add(z, part[1], part[2], part[3]))
					ok(false, arena_printf(a, "zone: %s", lines.v[i]));
			}
			one_case(a, z, scenario, cell, n);
		} else {
			ok(false, arena_printf(a, "a line nobody understands: %s", cell[0]));
		}
	}
}

/* What a hostile zone can hold: it ends, and says why. */
static void hostile(void)
{
	static const struct spf_ask ask = { .ip = "192.0.2.10",
					    .from = "x@long.test",
					    .helo = "h" };
	static const struct spf_ask many = { .ip = "192.0.2.10",
					     .from = "x@many.test",
					     .helo = "h" };
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf text = BUF_INIT(1 << 17);
	struct zone_table *z = zone_table_new(a);
	struct domain_dns dns = zone_table_dns(z);
	const struct spf *s;

	buf_adds(&text, "v=spf1");
	while (text.len < 65000)
		buf_addf(&text, " include:i%zu.test", text.len % 20);
	for (int i = 0; i < 20; i++)
		zone_table_add(z, arena_printf(a, "i%d.test", i), "TXT", buf_str(&text));
	zone_table_add(z, "long.test", "TXT", "v=spf1 include:i1.test include:i2.test -all");
	for (int i = 0; i < 4000; i++)
		zone_table_add(z, "many.test", "TXT", "v=spf1 -all");
	s = spf_check(a, &dns, &ask);
	is_str(spf_result_name(s->result), "permerror", "records of 64 KB that include each other");
	is_str(s->why, "the SPF record of i1.test has more than 2000 terms", "... why");
	ok(zone_table_asked(z) < 200, "... after few questions");
	s = spf_check(a, &dns, &many);
	is_str(s->why, "many.test has 4000 SPF records; only one is allowed", "4,000 records");
}

int main(int argc, char **argv)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	_cleanup_(buf_release) struct buf text = BUF_INIT(LIMIT_CASES);
	const char *top = getenv("top_srcdir");
	const char *path =
		argc > 1 ? argv[1]
			 : arena_printf(a, "%s/tests/data/spf-cases.txt", top ? top : ".");
	struct scan s;

	if (!ok(read_file(path, &text), path))
		return tap_done();
	s = scan_over(text.data, text.len);
	run(a, &s);
	if (argc < 2)
		hostile();
	return tap_done();
}
