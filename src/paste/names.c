/*
 * The server, its port and who uses it, as a text names them:
 * "relay=smtp.example.com[192.0.2.1]:587", "host: ..., port: 587", user=... What two places say
 * differently is left out; so is what isn't clean enough to stand in a command.
 */
#include "paste/paste.h"

#include "base/scan.h"
#include "paste/bounce.h"

enum { LIMIT_NAMES_LINES = 500, LIMIT_HOST = 253, LIMIT_ADDRESS = 254 };

/* Names that a value follows; the first character of each word must begin a word. */
static const char *const host_keys[] = {
	"host", "host, port", "smtphost", "smtp_host", "hostname", "smtp_server", "smtp_addr",
	"smtp server", "server", "relay", "connecting to", "connected to", "connect to",
	"connection to", "opening to", "established to", "transcript of", "trying", "lookup",
	"dial tcp", "smtp host", "(smtp)", "telnet", "openssl s_client -connect",
	"test-netconnection", "resolve host", "smtp://", "smtps://", "ssl://", "tls://",
	"locate host", "smtp error from", "for", "enotfound", "eai_again",
	"host or domain name not found",
};
static const char *const port_keys[] = { "port", "remoteport", "smtp_port", "smtpport" };
static const char *const user_keys[] = {
	"user", "username", "user name", "smtp_username", "login", "sasl_username", "set_id",
	"account", "with user", "authentication user", "user=<",
};
static const char *const from_keys[] = { "from", "mail from", "sender", "from address",
					 "envelope from address", "from=<" };

static bool address_char(char c)
{
	return ascii_is_host(c) || c == '@' || c == '_' || c == '+';
}

/* What stands between a name and its value. */
static bool is_between(char c)
{
	return c == ' ' || c == ':' || c == '=' || c == '"' || c == '\'' || c == '\\' || c == '<' ||
	       c == '`' || c == '(' || c == '>' || c == ',' || c == '[';
}

/* The place behind the key, when it is a word of its own there. */
static const char *behind(struct span line, const char *from, const char *key)
{
	struct span rest = { from, (size_t)(line.p + line.len - from) };
	const char *at = span_find_nocase(rest, span_of(key)), *end;

	if (!at)
		return NULL;
	end = at + strlen(key);
	if ((at > line.p && (ascii_is_alnum(at[-1]) || at[-1] == '_') && ascii_is_alnum(key[0])) ||
	    (end < line.p + line.len && ascii_is_alnum(*end) && ascii_is_alnum(end[-1])))
		return behind(line, end, key);
	return end;
}

/* --- one value --- */

static bool is_file(struct span host)
{
	static const char *const endings[] = { ".js", ".py", ".php", ".rb", ".go", ".cs", ".java",
					       ".ts", ".c", ".log", ".conf", ".ini", ".local",
					       ".exe", ".dll", ".service", ".so" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i]);

		if (host.len > n &&
		    span_has_prefix_nocase((struct span) { host.p + host.len - n, n }, endings[i]))
			return true;
	}
	return false;
}

/* "smtp.example.com": labels of letters and digits, the last one not a number (RFC 1123, 2.1). */
static bool is_host(struct span h)
{
	const char *dot = NULL;

	for (size_t i = 0; i < h.len; i++) {
		bool edge = i == 0 || i + 1 == h.len || h.p[i - 1] == '.' || h.p[i + 1] == '.';

		if ((h.p[i] == '.' || h.p[i] == '-') && edge)
			return false;
		dot = h.p[i] == '.' ? h.p + i : dot;
	}
	return dot && h.len <= LIMIT_HOST && ascii_is_alpha(dot[1]) &&
	       ascii_is_alpha(h.p[h.len - 1]) && !is_file(h);
}

static bool is_address(struct span v)
{
	const char *at = memchr(v.p, '@', v.len);

	return at && at > v.p && ascii_is_alnum(v.p[0]) && v.len <= LIMIT_ADDRESS &&
	       is_host((struct span) { at + 1, (size_t)(v.p + v.len - at) - 1 });
}

static struct span value(struct span line, const char *from, bool (*is)(char c))
{
	struct scan s = scan_over(from, (size_t)(line.p + line.len - from));
	struct span v;

	scan_while(&s, is_between);
	v = scan_while(&s, is);
	while (v.len && (v.p[v.len - 1] == '.' || v.p[v.len - 1] == '-'))
		v.len--;
	return v;
}

/* --- putting together --- */

struct names {
	struct arena	*arena;
	/* NULL = not named yet, "" = named differently */
	const char	*host, *user, *from;
	long		 port;				/* 0 = not named yet, -1 = differently */
	bool		 here;
};

static void put(struct arena *a, const char **to, struct span v)
{
	if (!*to)
		*to = str_lower(a, span_dup(a, v));
	else if (!span_eq_nocase(v, *to))
		*to = "";
}

static void put_port(struct names *n, unsigned long port)
{
	if (port == 0 || port > 65535)
		return;
	n->port = n->port == 0 || n->port == (long)port ? (long)port : -1;
}

/* See paste.h */
unsigned paste_port_after(struct span line, const char *end)
{
	struct scan s = scan_over(end, (size_t)(line.p + line.len - end));
	unsigned long port;
	bool blank, dot, ends;

	if (scan_accept(&s, '[')) {
		scan_until(&s, "]");
		scan_accept(&s, ']');
	}
	scan_accept(&s, '"');
	blank = scan_peek(&s) == ' ' || scan_peek(&s) == ',';
	if (!scan_accept(&s, ':') && !(scan_accept(&s, ',') && scan_accept(&s, ' ')) &&
	    !scan_accept(&s, ' '))
		return 0;
	if (scan_peek(&s) < '1' || scan_peek(&s) > '9')
		return 0;
	port = scan_number(&s, 65535);
	/* "587..." ends as "587" does; "587.2" is no port. */
	dot = scan_peek(&s) == '.' && scan_left(&s) > 1 && ascii_is_alnum(s.p[1]);
	ends = scan_done(&s) || !(ascii_is_alnum((char)scan_peek(&s)) || dot);
	if (scan_failed(&s) || !ends ||
	    (blank && port != 25 && port != 465 && port != 587 && port != 2525))
		return 0;
	return (unsigned)port;
}

static void read_hosts(struct names *n, struct span line)
{
	for (size_t i = 0; i < ARRAY_LEN(host_keys); i++) {
		for (const char *from = behind(line, line.p, host_keys[i]); from;
		     from = behind(line, from, host_keys[i])) {
			struct span v = value(line, from, ascii_is_host);

			if (span_in(v, "localhost|127.0.0.1"))
				n->here = true;
			if (!v.len || !is_host(v) || (v.p > line.p && v.p[-1] == '@') ||
			    (v.p + v.len < line.p + line.len && strchr("@_(", v.p[v.len])) ||
			    span_has_prefix_nocase(v, "self.") ||
			    span_has_prefix_nocase(v, "this."))
				continue;
			put(n->arena, &n->host, v);
			put_port(n, paste_port_after(line, v.p + v.len));
		}
	}
}

/* "smtp.example.com:587", and nothing else in its line. */
static void read_alone(struct names *n, struct span line)
{
	struct scan s = scan_span(line);
	struct span v = scan_while(&s, ascii_is_host);
	unsigned long port;

	if (!scan_accept(&s, ':') || !is_host(v))
		return;
	port = scan_number(&s, 65535);
	if (scan_failed(&s) || scan_left(&s))
		return;
	put(n->arena, &n->host, v);
	put_port(n, port);
}

static void read_port(struct names *n, struct span line)
{
	for (size_t i = 0; i < ARRAY_LEN(port_keys); i++) {
		const char *from = behind(line, line.p, port_keys[i]);
		struct scan s;

		if (!from)
			continue;
		s = scan_over(from, (size_t)(line.p + line.len - from));
		scan_while(&s, is_between);
		if (scan_peek(&s) >= '1' && scan_peek(&s) <= '9')
			put_port(n, scan_number(&s, 65535));
	}
}

static void read_addresses(struct arena *a, struct span line, const char *const *keys,
			   size_t n_keys, const char **to)
{
	for (size_t i = 0; i < n_keys; i++) {
		const char *from = behind(line, line.p, keys[i]);
		struct span v = from ? value(line, from, address_char) :
				(struct span) { line.p, 0 };

		if (v.len && is_address(v))
			put(a, to, v);
	}
}

/*
 * "a@x not allowed to send as b@y": Exchange names both who logged in and whom the message is from.
 */
static void read_send_as(struct arena *a, struct span line, struct names *n)
{
	static const char words[] = " not allowed to send as ";
	const char *at = span_find_nocase(line, SPAN_LITERAL(words));
	const char *begin = at;
	struct span user, from;

	while (begin && begin > line.p && address_char(begin[-1]))
		begin--;
	if (!at)
		return;
	user = (struct span) { begin, (size_t)(at - begin) };
	from = value(line, at + strlen(words), address_char);
	if (user.len && is_address(user))
		put(a, &n->user, user);
	if (from.len && is_address(from))
		put(a, &n->from, from);
}

/*
 * "::1", "[::1]:25", "127.0.0.1:25", "localhost port": the machine itself, in a
 * line about connecting.
 */
bool paste_names_here(struct span line)
{
	static const char words[] =
		"127.0.0.1|\"localhost\"|'localhost'|localhost:|localhost,|"
		"localhost port| ::1|[::1]|'::1'|host: localhost";

	return span_has_any(line, words);
}

struct paste_names paste_names(struct arena *a, const struct paste_lines *lines)
{
	struct names n = { .arena = a };

	for (size_t i = 0; i < lines->n && i < LIMIT_NAMES_LINES; i++) {
		struct span line = { lines->v[i].text, lines->v[i].len };

		read_hosts(&n, line);
		read_alone(&n, line);
		read_port(&n, line);
		read_addresses(a, line, user_keys, ARRAY_LEN(user_keys), &n.user);
		read_addresses(a, line, from_keys, ARRAY_LEN(from_keys), &n.from);
		read_send_as(a, line, &n);
		if (span_has_any(line, "connect|refused"))
			n.here |= paste_names_here(line);
	}
	return (struct paste_names) {
		.host = n.host ? n.host : "", .user = n.user ? n.user : "",
		.from = n.from ? n.from : "", .port = n.port > 0 ? (unsigned)n.port : 0,
		.here = n.here && !(n.host && *n.host),
	};
}
