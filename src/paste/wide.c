/*
 * Lines that belong together: a reply or a sentence that a mail program, a terminal or
 * a form has wrapped.
 */
#include "paste/paste.h"

#include "base/buf.h"
#include "base/scan.h"

/* So many lines may a wrapped sentence have, and so many bytes. */
enum { WRAPPED_LINES = 6, WRAPPED_BYTES = 1200 };

/* "2026-11-20 12:00", "12:00:00", "Nov 20 12:00:00" */
static bool begins_with_time(struct span t)
{
	size_t digits = 0, marks = 0;

	if (t.len > 9 && ascii_is_alpha(t.p[0]) && t.p[3] == ' ' && ascii_is_digit(t.p[5]) &&
	    ascii_is_digit(t.p[7]) && t.p[9] == ':')
		return true;
	for (size_t i = 0; i < t.len && i < 12; i++) {
		digits += ascii_is_digit(t.p[i]);
		marks += t.p[i] == ':' || t.p[i] == '-' || t.p[i] == '/';
	}
	return digits >= 4 && marks >= 2;
}

/* See paste.h. */
bool paste_begins_anew(struct span t)
{
	static const char *const marks[] = { "at ", "File \"", "from ", "Caused by", "#", "<", ">",
					     "->", "S:", "C:", "*", "~", "Traceback", "[", "{", "}",
					     "Received:" };
	/* Behind these stands why, which belongs to what was said above. */
	static const char of_reason[] = "reason|message|msg|text|description|detail|details|"
					"explanation|grund|raison|motivo|causa";
	struct reply_line r;
	const char *colon = memchr(t.p, ':', t.len);

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (span_has_prefix_nocase(t, marks[i]))
			return true;
	}
	if (colon && colon - t.p < 24 && !memchr(t.p, ' ', (size_t)(colon - t.p)) &&
	    !span_has_prefix_nocase(t, "http") &&
	    !span_in((struct span) { t.p, (size_t)(colon - t.p) }, of_reason))
		return true;
	return reply_parse_line(t, &r) || begins_with_time(t) || paste_command(t) != STAGE_UNKNOWN;
}

size_t paste_goes_on(const struct paste_lines *lines, size_t i)
{
	size_t n = 0, bytes = lines->v[i].len;

	while (n < WRAPPED_LINES && i + n + 1 < lines->n) {
		const struct paste_line *here = &lines->v[i + n], *next = here + 1;

		bytes += next->len;
		if (next->number > here->number + 1 || bytes > WRAPPED_BYTES ||
		    paste_begins_anew((struct span) { next->text, next->len }))
			break;
		n++;
	}
	return n;
}

char *paste_joined(struct arena *a, const struct paste_lines *lines, size_t i, size_t n)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(2 * WRAPPED_BYTES);

	for (size_t j = i; j <= i + n && j < lines->n; j++)
		buf_addf(&b, "%s%s", j > i ? " " : "", lines->v[j].text);
	return arena_strdup(a, buf_str(&b));
}

/* --- whose failure --- */

static bool any_line_has(const struct paste_lines *lines, const char *const *words)
{
	for (size_t i = 0; i < lines->n && i < 2000; i++) {
		for (const char *const *w = words; *w; w++) {
			if (span_find_nocase((struct span) { lines->v[i].text, lines->v[i].len },
					     span_of(*w)))
				return true;
		}
	}
	return false;
}

bool paste_about_client(struct span line)
{
	static const char *const notes[] = {
		/* Postfix's smtpd */
		"does not resolve to address",
		"address not listed for hostname",
		/* Exim, sshd, tcp wrappers */
		"no host name found for IP address",
		"reverse mapping checking getaddrinfo",
		"POSSIBLE BREAK-IN ATTEMPT",
		"host name/address mismatch",
		"host name/name mismatch",
	};

	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		if (span_find_nocase(line, span_of(notes[i])))
			return true;
	}
	/* Postfix before 2.9: "warning: 192.0.2.1: hostname NAME verification failed: Name or
	 * service not known" */
	return span_find_nocase(line, SPAN_LITERAL(": hostname ")) &&
	       span_find_nocase(line, SPAN_LITERAL(" verification failed: "));
}

bool paste_of_mail(const struct paste_lines *lines)
{
	static const char *const mail[] = {
		"mail", "smtp", "postfix", "exim", "mx", "imap", "sender", "recipient", "starttls",
		"ehlo", "helo", ":25", ":465", ":587", ":2525", "port 25", "port 465", "port 587",
		"port: 587", "port: 465", "notification", "mta", "lettre", "swift", "outlook",
		"relay", "office365", "message", "NDR", "bounce", "oauth", "microsoftonline",
		"AADSTS", "no_more_hosts", "permanent_failure", "scanned files", NULL,
	};

	return any_line_has(lines, mail);
}

bool paste_of_others(const struct paste_lines *lines)
{
	static const char *const others[] = {
		"ssh:", "sshd", "port 22", ":22:", "psql", "psycopg", "postgres", ":5432",
		"port 5432", "mysql", ":3306", "mariadb", "redis", ":6379", "mongo", ":27017",
		"ldap", "ftp", "amqp", "rabbitmq", ":5672", "elasticsearch", ":9200", "kafka",
		"GET /", "POST /", ":443", ":80:", "port 80", "port 443", "kubectl", "docker pull",
		"registry", "git@", "rsync", "npm ", "pip ", "memcache", "grpc", "websocket",
		"mqtt", "jdbc", "odbc", "rdp", "smb", "nfs", "dig ", "www.", "SQL Server", "sudo",
		"pam_", "kerberos", "VPN", "wifi", "wlan", NULL,
	};

	return any_line_has(lines, others) && !paste_of_mail(lines);
}
