/*
 * text-verbose - times of the stages and transcripts.
 */
#include "report/text-verbose.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/transcript.h"
#include "report/text-diagnosis.h"

static void put_times(struct out *o, const struct result *r)
{
	const char *last = "";

	for (size_t i = 0; i < r->n_times; i++) {
		const struct stage_time *t = &r->times[i];

		if (i == 0) {
			out_line(o);
			text_block(o, "Times");
		}
		if (!str_eq(t->endpoint, last)) {
			out_to(o, TEXT_LEFT);
			out_put(o, t->endpoint);
			out_line(o);
			last = t->endpoint;
		}
		out_to(o, TEXT_LEFT + 2);
		out_put(o,
			arena_printf(o->arena, "%-12s %9.1f ms", t->stage, (double)t->us / 1000));
		out_line(o);
	}
}

static void put_transcript(struct out *o, const struct transcript *t)
{
	out_line(o);
	out_ink(o, INK_STRONG);
	out_put(o, arena_printf(o->arena, "Transcript of %s", t->endpoint));
	out_ink(o, INK_DIM);
	out_to(o, o->col + 2);
	out_put(o, "(ms; S: server, C: us)");
	out_line(o);
	/* Not wrapped: it is evidence, and people copy it. */
	for (size_t i = 0; i < t->n; i++) {
		const struct transcript_line *l = &t->lines[i];

		out_put(o, arena_printf(o->arena, "%7lld %c%s ", (long long)l->t_ms, (char)l->dir,
					l->dir == TRANSCRIPT_NOTE ? " " : ":"));
		out_put(o, l->text);
		out_line(o);
	}
	if (t->truncated) {
		out_to(o, 8);
		out_put(o, "(more was said than is kept)");
		out_line(o);
	}
}

void text_verbose(struct out *o, const struct result *r)
{
	put_times(o, r);
	for (size_t i = 0; i < r->n_transcripts; i++)
		put_transcript(o, r->transcripts[i]);
}
