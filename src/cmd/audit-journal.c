/*
 * audit-journal - what an audit keeps on disk, and how it goes on from there. A result is kept
 * before it is printed, so that what was printed is never asked again.
 */
#include "cmd/audit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "audit/journal.h"
#include "audit/plan.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "cmd/cmd.h"
#include "fiber/fiber.h"
#include "judge/judge.h"
#include "judge/saved.h"

/* --- what is asked, in words --- */

/* A word as a shell takes it for the same one. */
static void add_word(struct buf *b, const char *word)
{
	bool plain = *word != '\0';

	for (const char *c = word; *c; c++)
		plain &= ascii_is_alnum(*c) || strchr("-_./:=@,+%", *c) != NULL;
	buf_addc(b, ' ');
	if (plain) {
		buf_adds(b, word);
		return;
	}
	buf_addc(b, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buf_adds(b, "'\\''");
		else
			buf_addc(b, *word);
	}
	buf_addc(b, '\'');
}

static void add_option(struct buf *b, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	buf_addf(b, " --%s", name);
	add_word(b, value);
}

static void add_list(struct buf *b, const char *name, const struct strv *values)
{
	for (size_t i = 0; i < values->n; i++)
		add_option(b, name, values->v[i]);
}

static void add_time(struct buf *b, const char *name, int64_t ms)
{
	if (ms)
		buf_addf(b, " --%s %lld.%03d", name, (long long)ms / 1000, (int)(ms % 1000));
}

/* Those that change what is asked, or how far an answer is waited for. */
static const char *options_of(struct audit_run *run)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIST_LINE_MOST);
	const struct check_options *o = &run->options.check;

	add_option(&b, "ports", o->ports);
	add_list(&b, "only", &o->ask.only);
	add_list(&b, "skip-check", &o->ask.skip);
	add_option(&b, "resolver", o->session.net.resolver);
	add_list(&b, "connect-to", &o->session.net.connect_to);
	add_option(&b, "ca-file", o->session.net.ca_file);
	if (o->ask.allow_untrusted_auth)
		buf_adds(&b, " --allow-untrusted-auth");
	add_time(&b, "timeout", o->session.net.timeout_ms);
	add_time(&b, "max-time", o->ask.max_time_ms);
	add_option(&b, "lab", o->session.lab);
	add_option(&b, "codes", o->codes);
	return arena_strdup(run->arena, buf_str(&b));
}

static const char *sum_of_list(struct audit_run *run)
{
	char *sum = arena_alloc(run->arena, DIGEST_HEX);
	struct digest *d = digest_new();
	struct span line;

	for (int64_t at = 0; spool_line(run->spool, at, LIST_LINE_MOST, &line, &at); ) {
		digest_add(d, line.p, line.len);
		digest_add(d, "\n", 1);
	}
	digest_end_hex(d, sum);
	return sum;
}

/* --- going on --- */

/* What was kept is this run's, and is not asked again. */
static const char *check_kept(void *arg, const struct journal_record *r)
{
	struct audit_run *run = arg;
	char key[PLAN_KEY];

	if (!plan_is_open(run->plan, r->line) ||
	    !str_eq(plan_key(run->plan, r->line, key), r->key))
		return arena_printf(run->arena, "has a record of line %u, which is not of this "
				    "run", r->line);
	plan_done(run->plan, r->line);
	if (*r->refused_file)
		bound_refused(run->bound, r->refused_file, r->refused_user);
	run->n_kept++;
	return NULL;
}

int audit_journal_begin(struct audit_run *run)
{
	const struct audit_options *o = &run->options;
	struct journal_run now = {
		.program = "smtpwhy " PACKAGE_VERSION,
		.targets = run->n_targets,
	};
	const char *error = NULL;

	if (!o->journal)
		return o->resume ? opt_wrong("audit", "--resume needs --journal FILE") : OPT_GO;
	/* A limit on a file's size is an error of a write, as a full disk is. */
	sigaction(SIGXFSZ, &(struct sigaction) { .sa_handler = SIG_IGN }, NULL);
	now.list = sum_of_list(run);
	now.options = options_of(run);
	now.shard = arena_printf(run->arena, "%lu/%lu", run->shard.number, run->shard.of);
	run->journal = journal_begin(run->arena, o->journal, &now, o->resume, &error);
	if (run->journal)
		error = journal_each(run->journal, check_kept, run);
	if (error)
		return opt_wrong("audit", "the journal '%s' %s", o->journal, error);
	return OPT_GO;
}

struct kept {
	struct audit_run		*run;
	const struct journal_record	*record;
	const char			*error;
};

/* On the hub's big stack. */
static void put_kept(void *arg)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	struct kept *k = arg;
	struct audit_run *run = k->run;
	const struct journal_record *r = k->record;
	_cleanup_(json_decrefp) json_t *j = json_loads(r->evidence, JSON_REJECT_DUPLICATES, NULL);
	enum status status = status_named(r->status);
	struct diagnosis d = { .n = 0 };
	struct evidence *e;

	e = evidence_of_json(a, run->options.check.ask.know, j, &k->error);
	if (!e) {
		k->error = arena_printf(run->arena, "is damaged: line %u: %s", r->line, k->error);
		return;
	}
	if (status != STATUS_PASS)
		d = judge(e);
	audit_count(run, a, r->client, r->target, status, d.n ? d.list : NULL);
	if (str_eq(run->options.check.output.format, "evidence"))
		report_put_evidence(&run->session.report, r->evidence);
}

static const char *take_kept(void *arg, const struct journal_record *r)
{
	struct kept k = { .run = arg, .record = r };

	if (fiber_cancelled() || k.run->session.report.error)
		return "";
	fiber_on_hub(put_kept, &k);
	fiber_yield();
	return k.error;
}

void audit_put_kept(struct audit_run *run)
{
	const char *error;

	if (!run->n_kept)
		return;
	error = journal_each(run->journal, take_kept, run);
	if (error && *error) {
		opt_wrong("audit", "the journal '%s' %s", run->options.journal, error);
		run->journal_failed = true;
	}
	if (!str_eq(run->options.check.output.format, "evidence"))
		fprintf(stderr, "smtpwhy audit: %zu targets that were asked before are counted, "
			"and not printed again: 'smtpwhy judge' prints a journal\n", run->n_kept);
}

/* --- keeping --- */

bool audit_keep(struct audit_run *run, const struct list_target *t, const struct result *r)
{
	const char *file = bound_file(r->arena, *t->password_file ? t->password_file :
						t->token_file), *error;
	bool refused = *file && bound_is_refused(run->bound, file, t->user);
	_cleanup_(json_decrefp) json_t *j = NULL;
	_cleanup_(xfreep) char *text = NULL;
	char key[PLAN_KEY];

	if (!run->journal)
		return true;
	if (run->journal_failed)
		return false;
	j = evidence_json(result_evidence(r));
	text = json_dumps(j, JSON_COMPACT);
	if (!text)
		out_of_memory();
	error = journal_add(run->journal, &(struct journal_record) {
		.line = t->line, .key = plan_key(run->plan, t->line, key), .target = t->target,
		.client = t->client, .status = status_name(r->status),
		.refused_file = refused ? file : "", .refused_user = refused ? t->user : "",
		.evidence = text,
	});
	if (!error)
		return plan_done(run->plan, t->line);
	progress_erase(&run->progress);
	opt_wrong("audit", "the journal '%s' %s; the audit stops here", run->options.journal,
		  error);
	run->journal_failed = true;
	return false;
}

static void tell_how_to_resume(struct audit_run *run)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(LIST_LINE_MOST);

	for (int i = 1; i < run->argc; i++)
		add_word(&b, run->argv[i]);
	fprintf(stderr, "To resume: smtpwhy audit%s%s\n", run->options.resume ? "" : " --resume",
		buf_str(&b));
}

bool audit_journal_end(struct audit_run *run)
{
	char sum[DIGEST_HEX];
	const char *error;
	size_t n;

	if (!run->journal)
		return true;
	error = journal_count(run->journal, &n, sum);
	if (error)
		opt_wrong("audit", "the journal '%s' %s", run->options.journal, error);
	else
		fprintf(stderr, "Journal '%s': %zu targets, %zu done, hash %.16s\n",
			run->options.journal, run->n_targets, n, sum);
	if (error || n < run->n_targets)
		tell_how_to_resume(run);
	journal_close(run->journal);
	run->journal = NULL;
	return !error && !run->journal_failed;
}
