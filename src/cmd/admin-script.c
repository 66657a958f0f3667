#include "cmd/admin-script.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/data.h"
#include "base/scan.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"

enum { LIMIT_SCRIPT = 64 * 1024 };

/*
 * Inside single quotes of PowerShell only the quote itself means anything, and stands for itself
 * when it is there twice.
 */
static void add_quoted(struct buf *to, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			buf_addc(to, '\'');
		buf_addc(to, *s);
	}
}

/* The names that the modules have for the national clouds. */
static const struct { const char *provider, *exo, *graph; } clouds[] = {
	{ "m365-gcch", " -ExchangeEnvironmentName O365USGovGCCHigh", " -Environment USGov" },
	{ "m365-21v", " -ExchangeEnvironmentName O365China", " -Environment China" },
};

static void add_place(struct buf *to, struct span place, const char *user, const char *from,
		      const char *provider)
{
	if (span_eq(place, "USER"))
		add_quoted(to, user);
	else if (span_eq(place, "FROM"))
		add_quoted(to, from);
	for (size_t i = 0; i < ARRAY_LEN(clouds); i++) {
		if (!str_eq(clouds[i].provider, provider))
			continue;
		if (span_eq(place, "EXO-CLOUD"))
			buf_adds(to, clouds[i].exo);
		else if (span_eq(place, "GRAPH-CLOUD"))
			buf_adds(to, clouds[i].graph);
	}
}

static bool is_place_char(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '-';
}

char *admin_script_text(struct arena *a, const char *user, const char *from, const char *provider,
			bool high_volume)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_SCRIPT);
	const struct data_file *file = data_find("admin-script.ps1");
	struct scan s = scan_over(file->bytes, file->len);

	while (!scan_done(&s)) {
		struct scan line = scan_span(scan_line(&s));

		/* "@HVE@" at its beginning: a line for High Volume Email alone. */
		if (scan_accept_str(&line, "@HVE@") && !high_volume)
			continue;
		while (!scan_done(&line)) {
			struct span plain = scan_until(&line, "@"), place;
			struct scan at = line;

			buf_add(&b, plain.p, plain.len);
			if (!scan_accept(&at, '@'))
				continue;
			place = scan_while(&at, is_place_char);
			if (place.len && scan_accept(&at, '@')) {
				add_place(&b, place, user, from, provider);
				line = at;
			} else {
				buf_addc(&b, '@');
				scan_accept(&line, '@');
			}
		}
		buf_addc(&b, '\n');
	}
	return arena_strdup(a, buf_str(&b));
}

/*
 * Windows PowerShell reads a file without a mark in the code page of the machine: other letters
 * would become others there, quotes among them.
 */
static const char *address_trouble(const char *s)
{
	if (!strchr(s, '@'))
		return "is no mail address";
	for (; *s; s++)
		if (!ascii_is_print(*s) || *s == ' ')
			return "has letters other than ASCII, which Windows PowerShell may read as "
			       "something else; give the sign-in name in ASCII";
	return NULL;
}

static int test_address(const char *option, const char *s)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *trouble = *s ? address_trouble(s) : NULL;

	return trouble ?
	       opt_wrong("check", "%s: '%s' %s", option, str_escaped(a, s, strlen(s)), trouble) :
	       OPT_GO;
}

int admin_script(const struct check_options *o, const struct strv *targets)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *target = targets->n == 1 && strchr(targets->v[0], '@') ? targets->v[0] : "";
	const struct ask *ask = &o->ask;
	const char *user = *ask->user ? ask->user : target, *from = ask->from;
	int status = test_address("--user", user);
	struct report report;

	if (!*user && status == OPT_GO)
		status = opt_wrong("check", "--print-admin-script: which mailbox is it about? Add "
				   "--user NAME");
	if (status == OPT_GO)
		status = test_address("--from", from);
	if (status != OPT_GO)
		return status;
	if (!output_open(&o->output, "check", &report))
		return EXIT_USAGE;
	fputs(admin_script_text(a, user, from, ask->provider,
				str_eq(ask->path, "high-volume-email")),
	      report.to);
	return output_close(&report, &o->output, "check") ? EXIT_GOOD : EXIT_UNTESTED;
}
