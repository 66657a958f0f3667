/*
 * failure - a step that failed, and the names of the stages.
 */
#include "base/failure.h"

#include <stdarg.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

static const struct { const char *name, *doing; } stages[STAGE_COUNT] = {
	[STAGE_UNKNOWN]		= { "unknown",	"talking to the server" },
	[STAGE_DNS]		= { "dns",	"looking up the name" },
	[STAGE_CONNECT]		= { "connect",	"connecting" },
	[STAGE_GREETING]	= { "greeting",	"waiting for the greeting" },
	[STAGE_EHLO]		= { "ehlo",	"performing the EHLO handshake" },
	[STAGE_STARTTLS]	= { "starttls",	"asking for TLS with STARTTLS" },
	[STAGE_TLS]		= { "tls",	"performing the TLS handshake" },
	[STAGE_AUTH]		= { "auth",	"logging in" },
	[STAGE_MAIL]		= { "mail",	"naming the sender with MAIL FROM" },
	[STAGE_RCPT]		= { "rcpt",	"naming the recipient with RCPT TO" },
	[STAGE_DATA]		= { "data",	"sending the message" },
	[STAGE_ACCEPTED]	= { "accepted",	"delivering the message after it was accepted" },
};

const char *stage_name(enum stage s)
{
	return stages[s < STAGE_COUNT ? s : STAGE_UNKNOWN].name;
}

enum stage stage_of(const char *name)
{
	for (unsigned s = 0; s < STAGE_COUNT; s++)
		if (str_eq(stages[s].name, name))
			return (enum stage)s;
	return STAGE_UNKNOWN;
}

const char *stage_doing(enum stage s)
{
	return stages[s < STAGE_COUNT ? s : STAGE_UNKNOWN].doing;
}

const char *failure_class_name(enum failure_class c)
{
	switch (c) {
	case FAILURE_LOCAL:
		return "local";
	case FAILURE_CANCELLED:
		return "cancelled";
	case FAILURE_NET:
		return "net";
	case FAILURE_TIMEOUT:
		return "timeout";
	case FAILURE_PROTOCOL:
		return "protocol";
	case FAILURE_LACKS:
		return "lacks";
	case FAILURE_REFUSED:
		return "refused";
	case FAILURE_TLS:
		return "tls";
	case FAILURE_DNS:
		return "dns";
	}
	return "local";
}

struct failure *failure_new(struct arena *a, enum failure_class class, enum stage stage, int err,
			    const char *peer, const struct reply *reply, const char *fmt, ...)
{
	struct failure *f = arena_alloc(a, sizeof(*f));
	va_list ap;

	f->class = class;
	f->stage = stage;
	f->err = err;
	f->peer = arena_strdup(a, peer ? peer : "");
	f->reply = reply;
	f->t_ms = clock_ms();
	va_start(ap, fmt);
	f->text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return f;
}
