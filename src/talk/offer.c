/*
 * offer - the facts of greeting and EHLO.
 */
#include "base/clock.h"
#include "proto/banner.h"
#include "talk/talk.h"

struct smtp *talk_session(struct probe *p)
{
	struct smtp *s = probe_session(p);

	if (s)
		probe_transcript(p, smtp_transcript(s));
	return s;
}

enum status talk_broken(struct probe *p, const struct smtp *s, const char *broken,
			const char *timeout)
{
	const struct failure *f = smtp_failure(s);

	return probe_fail_step(p, f->class == FAILURE_TIMEOUT ? timeout : broken, f);
}

/* How far this machine's clock is from the server's: "26 days behind". */
static const char *skew_words(struct arena *a, int64_t s)
{
	static const struct { int64_t s; const char *name; } units[] = {
		{ 365 * 86400, "years" }, { 86400, "days" }, { 3600, "hours" }, { 60, "minutes" },
		{ 1, "seconds" },
	};
	const char *way = s < 0 ? "behind" : "ahead";
	size_t i = 0;

	s = s < 0 ? -s : s;
	/* From two of a unit on, so that none is ever one. */
	while (i + 1 < ARRAY_LEN(units) && s < 2 * units[i].s)
		i++;
	return arena_printf(a, "%lld %s %s", (long long)(s / units[i].s), units[i].name, way);
}

static void time_fact(struct probe *p, time_t t)
{
	int64_t skew = (int64_t)(clock_wall() - t);

	if (probe_has(p, "smtp.$.server-time"))
		return;
	probe_fact(p, "smtp.$.server-time", "%s", clock_utc(probe_arena(p), t));
	probe_fact_number(p, "smtp.$.clock-skew-s", skew);
	if (skew)
		probe_fact(p, "smtp.$.clock-skew", "%s", skew_words(probe_arena(p), skew));
}

void talk_reply_facts(struct probe *p, const struct reply *r)
{
	struct banner_trailer trailer;
	struct net_address egress;
	time_t t;

	if (!r || !r->lines)
		return;
	if (r->stage == STAGE_EHLO && !probe_has(p, "smtp.$.egress") &&
	    banner_egress(r->text[0], &egress))
		probe_fact(p, "smtp.$.egress", "%s", egress.text);
	if (r->stage == STAGE_GREETING && banner_date(r->text[0], &t))
		time_fact(p, t);
	if (banner_trailer(probe_arena(p), r->text[r->lines - 1], &trailer)) {
		time_fact(p, trailer.time);
		if (!probe_has(p, "smtp.$.exchange.session")) {
			probe_fact(p, "smtp.$.exchange.frontend", "%s", trailer.frontend);
			probe_fact(p, "smtp.$.exchange.session", "%s", trailer.session);
		}
	}
}

/* The keywords without their parameters, in the order of the answer. */
static const char *keywords(struct arena *a, const struct strv *lines)
{
	struct strv names = { NULL, 0, 0 };

	for (size_t i = 0; i < lines->n; i++) {
		const char *name = arena_strndup(a, lines->v[i], strcspn(lines->v[i], " ="));

		/* "AUTH LOGIN" and the old "AUTH=LOGIN" are one. */
		if (!strv_has_nocase(&names, name))
			strv_add(&names, a, name);
	}
	return strv_join(&names, a, " ");
}

static bool size_of(const struct smtp *s, int64_t *ret)
{
	unsigned long n;

	if (!str_number(smtp_parameters(s, "SIZE"), INT64_MAX, &n))
		return false;
	*ret = (int64_t)n;
	return true;
}

void talk_ehlo_facts(struct probe *p, const struct smtp *s, const char *area)
{
	struct arena *a = probe_arena(p);
	int64_t size;

	probe_fact(p, arena_printf(a, "smtp.$.%s.keywords", area), "%s",
		   keywords(a, smtp_capabilities(s)));
	probe_fact(p, arena_printf(a, "smtp.$.%s.auth", area), "%s",
		   strv_join(smtp_mechanisms(s), a, " "));
	probe_fact_bool(p, arena_printf(a, "smtp.$.%s.starttls", area), smtp_offers(s, "STARTTLS"));
	probe_fact_bool(p, arena_printf(a, "smtp.$.%s.helo", area), smtp_used_helo(s));
	if (size_of(s, &size))
		probe_fact_number(p, arena_printf(a, "smtp.$.%s.size", area), size);
	if (smtp_offers(s, "LIMITS"))
		/* RFC 9422 */
		probe_fact(p, arena_printf(a, "smtp.$.%s.limits", area), "%s",
			   smtp_parameters(s, "LIMITS"));
	talk_reply_facts(p, smtp_reply(s));
}

const char *talk_size(struct arena *a, int64_t bytes)
{
	if (bytes < 1024)
		return arena_printf(a, "%lld bytes", (long long)bytes);
	if (bytes < 1024 * 1024)
		return arena_printf(a, "%lld kB", (long long)(bytes / 1024));
	return arena_printf(a, "%lld MB", (long long)(bytes / (1024 * 1024)));
}

const char *talk_ehlo_words(struct probe *p, const struct smtp *s)
{
	static const char *const shown[] = { "STARTTLS", "8BITMIME", "SMTPUTF8", "CHUNKING",
					     "PIPELINING", "DSN" };
	struct arena *a = probe_arena(p);
	struct strv words = { NULL, 0, 0 };
	int64_t size;

	if (size_of(s, &size) && size > 0)
		strv_add(&words, a, talk_size(a, size));
	if (smtp_mechanisms(s)->n)
		strv_addf(&words, a, "AUTH %s", strv_join(smtp_mechanisms(s), a, " "));
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (smtp_offers(s, shown[i]))
			strv_add(&words, a, shown[i]);
	if (!words.n)
		strv_add(&words, a,
			 smtp_used_helo(s) ? "no extensions: it knows HELO only" : "no extensions");
	if (probe_has(p, "smtp.$.egress"))
		return arena_printf(a, "%s; it sees you as %s", strv_join(&words, a, ", "),
				    probe_get(p, "smtp.$.egress"));
	return strv_join(&words, a, ", ");
}
