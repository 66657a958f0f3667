#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

/*
 * audit - what the files of the command share: its options, the list, what was counted.
 */

#include "audit/bound.h"
#include "audit/list.h"
#include "audit/plan.h"
#include "audit/spool.h"
#include "audit/tally.h"
#include "audit/turns.h"
#include "cmd/check-options.h"
#include "cmd/progress.h"
#include "cmd/session.h"
#include "fiber/fiber.h"

struct diagnosed;
struct journal;

enum {
	AUDIT_JOBS	  = 16,			/* targets at once, where nobody says */
	AUDIT_JOBS_MOST	  = 1000,
	/* of them at one provider or host, where providers.tsv has no pace of it */
	AUDIT_PROVIDER	  = 4,
	AUDIT_AHEAD	  = 64 * 1024,		/* lines that wait for their provider */
	AUDIT_PAUSE_MS	  = 60 * 1000,		/* after a 421 */
};

struct audit_options {
	/* Copied for each target; its session and output are those of the audit. */
	struct check_options	 check;
	const char		*jobs;
	const char		*journal, *shard;
	bool			 resume;
	int64_t			 pause_ms;
	bool			 dry_run;
};

struct audit_run {
	struct arena		*arena;
	struct audit_options	 options;
	struct session		 session;
	struct progress		 progress;
	const char		*name;		/* of the list, for messages */
	struct spool		*spool;
	struct list		 list;		/* where the next target is taken */
	struct bound		*bound;
	struct audit_tally	 tally;
	/* what was read of the list and is not asked yet, and who is told when that changes */
	struct turns		*turns;
	struct event		 changed;
	size_t			 looking_up;	/* lines whose provider is being found */
	bool			 list_ended;
	unsigned long		 jobs;
	size_t			 n_targets, n_bad, running;
	int			 status;
	struct plan		*plan;
	struct shard		 shard;
	struct journal		*journal;	/* NULL = nothing is kept */
	size_t			 n_kept;	/* targets that it had at the start */
	bool			 journal_failed;	/* no target is begun any more */
	int			 argc;		/* as it was called, to tell how to resume */
	char			**argv;
};

/* One target while it is asked. */
struct auditing {
	struct audit_run	*run;
	struct list_target	 target;
	struct check_options	 options;
	struct ask		 ask;
	const char		*to;		/* whose host it is */
	const char		*reference;	/* of its credential; "" */
	struct result		*result;
};

extern const struct opt_command audit_command;

/* Reads the list and tells of its bad lines. OPT_GO, or EXIT_USAGE after an error was told. */
int audit_read(struct audit_run *run, const char *path);
/*
 * The ask about a line, without its secret. NULL, or one line in the arena that says why there is
 * none; "" when that was told already. *ret_to: whose the host is, a provider's id or the host.
 */
const char *audit_ask(struct audit_run *run, struct arena *a, const struct list_target *t,
		      struct check_options *ret_options, struct ask *ret, const char **ret_to);
/* Prints for each target which credential would go where. */
void audit_dry_run(struct audit_run *run);
/*
 * The shard that --shard names: "3/8", "slurm" or "kubernetes/8", by the environment. OPT_GO, or
 * EXIT_USAGE after an error was told.
 */
int audit_shard(const char *word, struct shard *ret);
/* audit merge: the journals of all shards become one. The exit status. */
int audit_merge(int argc, char **argv);
/* Counts what was found of a target. NULL: no cause was. The arena is for what is made up. */
void audit_count(struct audit_run *run, struct arena *a, const char *client, const char *target,
		 enum status status, const struct diagnosed *d);
/*
 * Opens the journal, if one was asked for, and marks what it has as done. OPT_GO, or EXIT_USAGE
 * after an error was told.
 */
int audit_journal_begin(struct audit_run *run);
/* Prints and counts what the journal had. In a fiber. */
void audit_put_kept(struct audit_run *run);
/* Keeps a result. False after an error was told: it is not kept, and must not be printed. */
bool audit_keep(struct audit_run *run, const struct list_target *t, const struct result *r);
/* Tells what is in the journal, and how to go on, and closes it. False when it failed. */
bool audit_journal_end(struct audit_run *run);
/* Asks about all targets of the list, several at once. In a fiber. */
_waits_ void audit_ask_all(struct audit_run *run);
/* Prints and counts what was found about one target, an auditing. On the hub's big stack. */
void audit_take_result(void *arg);
void audit_progress(struct audit_run *run);
/* What was found, for people. */
void audit_summary(struct audit_run *run, FILE *to, bool stopped);

#endif
