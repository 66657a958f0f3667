/*
 * What kind of text is it? By the marks each kind has, the most telling first.
 */
#include "diag/paste.h"

const char *paste_kind_name(enum paste_kind k)
{
	static const char *const names[] = {
		[PASTE_UNKNOWN] = "unknown", [PASTE_REPLY] = "reply", [PASTE_LOG] = "log", [PASTE_TRACE] = "trace",
		[PASTE_TRANSCRIPT] = "transcript", [PASTE_BOUNCE] = "bounce", [PASTE_MESSAGE] = "message",
	};

	return names[k];
}

struct marks { unsigned bounce, trace, client, server, log, header, direct; };

static bool has_any(struct span line, const char *const *list)
{
	for (; *list; list++) {
		if (span_find_nocase(line, span_of(*list)))
			return true;
	}
	return false;
}

static bool begins_with_any(struct span line, const char *const *list)
{
	for (; *list; list++) {
		if (span_has_prefix_nocase(line, *list))
			return true;
	}
	return false;
}

static const char *const bounce_words[] = {
	"Diagnostic-Code:", "Reporting-MTA:", "Final-Recipient:", "Delivery has failed to these", "Undelivered Mail Returned",
	"could not be delivered to", "Remote Server returned", "Generating server:", "This is the mail system at host",
	"created automatically by mail delivery software", "Delivery Status Notification", "Undeliverable:", "Your message wasn't delivered",
	"The following message to <", "Message not delivered", NULL,
};
static const char *const trace_words[] = {
	"Traceback (most recent call last)", "Caused by:", "Exception in thread", "goroutine ", "Stack trace:", ".java:", "node_modules/",
	"(internal/", NULL,
};
static const char *const trace_begins[] = { "at ", "File \"", "from /", "#0 ", "#1 ", NULL };
static const char *const client_begins[] = { "C:", "->", "~>", ">>>", "> ", "CLIENT -> SERVER", "SMTP>>", "=> ", "Sent:", "-> ", "*> ", NULL };
static const char *const server_begins[] = { "S:", "<-", "<~", "<<<", "< ", "<** ", "SERVER -> CLIENT", "SMTP<<", "<= ", "Got:", "<* ", NULL };
static const char *const client_words[] = { "CLIENT -> SERVER:", " C: ", "SMTP>> ", NULL };
static const char *const server_words[] = { "SERVER -> CLIENT:", " S: ", "SMTP<< ", NULL };
static const char *const log_words[] = {
	" postfix/", " exim[", "level=", "lvl=", " ERROR ", " WARN", " DEBUG ", "[error]", "status=deferred", "status=bounced", " INFO ", "log_level", NULL,
};
static const char *const header_begins[] = { "Received:", "From:", "Subject:", "Message-ID:", "MIME-Version:", "Return-Path:", "Date:", NULL };

/* "2026-11-20", "[2026-11-20", "Nov 20 12:", "12:00:00" */
static bool begins_with_time(struct span t)
{
	size_t digits = 0, i = 0;
	bool separator = false;

	if (t.len && (t.p[0] == '[' || t.p[0] == '('))
		i = 1;
	for (; i < t.len && i < 24; i++) {
		digits += ascii_is_digit(t.p[i]);
		separator |= digits && (t.p[i] == ':' || t.p[i] == '-' || t.p[i] == '/');
	}
	return t.len > 14 && digits >= 5 && separator && (ascii_is_digit(t.p[0]) || t.p[0] == '[' || t.p[0] == '(' || (t.p[3] == ' ' && ascii_is_alpha(t.p[0])));
}

static void look(struct marks *m, struct span line)
{
	struct reply_line r;

	m->bounce += has_any(line, bounce_words);
	m->trace += has_any(line, trace_words) || begins_with_any(line, trace_begins);
	m->client += begins_with_any(line, client_begins) || has_any(line, client_words) || paste_command(line) != STAGE_UNKNOWN;
	m->server += begins_with_any(line, server_begins) || has_any(line, server_words);
	m->header += begins_with_any(line, header_begins);
	if (reply_parse_line(line, &r))
		m->direct++;
	else
		m->log += has_any(line, log_words) || begins_with_time(line);
}

enum paste_kind paste_kind_of(const struct paste_lines *lines, size_t n_replies)
{
	struct marks m = { 0 };

	for (size_t i = 0; i < lines->n && i < 2000; i++)
		look(&m, (struct span) { lines->v[i].text, lines->v[i].len });
	if (m.bounce)
		return PASTE_BOUNCE;
	if (m.header >= 3 && m.header * 2 > m.trace)
		return PASTE_MESSAGE;
	if ((m.client && m.server) || m.client >= 2 || (m.direct >= 3 && m.client))
		return PASTE_TRANSCRIPT;
	if (m.trace)
		return PASTE_TRACE;
	if (m.log)
		return PASTE_LOG;
	if (n_replies && lines->n <= 12)
		return PASTE_REPLY;
	return n_replies ? PASTE_LOG : PASTE_UNKNOWN;
}
