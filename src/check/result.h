#ifndef CHECK_RESULT_H
#define CHECK_RESULT_H

/*
 * result - all that is known of one target after a run: what reports walk over. Everything
 * lives in its arena.
 */

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "check/check.h"
#include "judge/evidence.h"
#include "know/know.h"

struct outcome {
	const struct check	*check;
	const char		*id;		/* the port put in: "tcp.587" */
	const char		*endpoint;
	unsigned		 port;		/* 0 = of the whole target */
	enum status		 status;
	const char		*finding;	/* "" on pass and skip */
	const char		*summary;
	int64_t			 us;		/* it took; 0 when it did not run */
	const char		*skipped_because;	/* "" unless skipped */
	const struct reply	*reply;		/* NULL if none */
	const char		*replier;	/* the host that said it, NULL = the endpoint's */
	struct strv		 details;	/* how it came to its verdict, in lines */
	/* another check could not run because of this one */
	bool			 blocks;
	/* skipped, and nobody misses it: there was nothing to ask here */
	bool			 idle;
};

struct stage_time { const char *endpoint, *stage; int64_t us; };

struct result {
	struct arena		*arena;
	const struct ask	*ask;
	time_t			 started;
	int64_t			 duration_ms;
	enum status		 status;	/* pass, warn, fail or unknown */
	const char		*host;		/* that was dialled; "" */
	const char		*provider;	/* id, "" unknown */
	const char		*provider_name;
	const char		*path;		/* "" unknown */
	struct outcome		*outcomes;	/* in the list's order, endpoints inside */
	size_t			 n_outcomes;
	struct facts		*facts;
	struct diagnosed	*diagnosis;	/* the strongest first */
	size_t			 n_diagnosis;
	struct strv		 next_blockers;	/* cause ids */
	struct apart		 apart;
	/* sentences: what could not be tested and what would allow it */
	struct strv		 untested;
	const struct senders	*senders;	/* NULL unless --from-list was asked about */
	const struct direct_send *direct_send;	/* NULL unless --direct-send-test was asked for */
	const struct transcript	**transcripts;
	size_t			 n_transcripts;
	const struct path_judgement *path_fit;	/* the way of sending; NULL when nobody judged it */
	struct stage_time	*times;
	size_t			 n_times;
};

/* What the run saw and was asked for, for the judge. Lives in the result's arena. */
struct evidence *result_evidence(const struct result *r);

/*
 * Fills status, untested, and, where not all is good, what the judge makes of it. Pure: does not
 * wait.
 */
void result_conclude(struct result *r);

/* untested.c: adds the sentences of what could not be tested. */
void untested(struct result *r);

#endif
