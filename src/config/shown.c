/*
 * shown - which values of a configuration file may be printed.
 */
#include "config/shown.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"
#include "config/words.h"

enum {
	LABEL_MOST = 63, HOST_MOST = 253,	/* RFC 1035, 2.3.4 */
	LOCAL_MOST = 64, ADDRESS_MOST = 254,	/* RFC 5321, 4.5.3.1 */
};

static bool is_utf8(const char *p, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		len = str_utf8(p + i, n - i);
		if (len == 0)
			return false;
	}
	return true;
}

static bool is_guid_part(const char *p, size_t n)
{
	char text[40];

	if (n != 36)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return is_guid(text);
}

/* A name on its own, with no domain or folder that would say what it is. */
static bool is_plain_name(const char *p, size_t n, const char *between)
{
	return n > 0 && !is_guid_part(p, n) && !strchr(between, *p) &&
	       are_words(p, n, between, 1, true) && !looks_like_app_password(p, n);
}

/* --- hosts and addresses --- */

static bool is_label(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(p[i]) && p[i] != '-' && p[i] != '_')
			return false;
	return n > 0 && n <= LABEL_MOST;
}

static bool is_top(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alpha(p[i]))
			return n > 4 && strncmp(p, "xn--", 4) == 0;
	return n >= 2 && n <= 24;
}

static bool is_ip(const char *p, size_t n)
{
	char text[INET6_ADDRSTRLEN + 1], bytes[sizeof(struct in6_addr)];

	if (n == 0 || n >= sizeof(text))
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool is_word_label(const char *p, size_t n)
{
	return are_words(p, n, "-_", 2, false) || (n > 4 && strncmp(p, "xn--", 4) == 0);
}

/* Lower case, and in short pieces. */
static bool is_made_label(const char *p, size_t n)
{
	enum { LABEL = 32, PIECE = 12 };
	size_t run = 0;

	for (size_t i = 0; i < n; i++) {
		run = ascii_is_alnum(p[i]) ? run + 1 : 0;
		if ((p[i] >= 'A' && p[i] <= 'Z') || run > PIECE)
			return false;
	}
	return n <= LABEL;
}

/*
 * A name of one label is a word ("mailhog", "localhost"). Before a domain, labels may
 * be what machines make ("mx0a-001b2d01.pphosted.com"), as long as they have no upper
 * case: tokens have both.
 */
static bool is_name_of_host(const char *p, size_t n)
{
	size_t labels = 0, words = 0, start = 0, len = 0;

	n -= n > 1 && p[n - 1] == '.';
	if (n == 0 || n > HOST_MOST)
		return false;
	for (size_t i = 0; i < n; i = start + len + 1, labels++) {
		const char *dot = memchr(p + i, '.', n - i);

		start = i;
		len = dot ? (size_t)(dot - p) - i : n - i;
		if (!is_label(p + i, len))
			return false;
		words = is_word_label(p + i, len) ? words + 1 : 0;
		if (!words && !is_made_label(p + i, len))
			return false;
	}
	if (labels == 1)
		return is_plain_name(p, n, "-_");
	return start < n && is_top(p + start, len) && words >= 2;
}

static bool is_port(const char *value)
{
	static const char *const names[] = { "smtp", "smtps", "ssmtp", "submission",
					     "submissions", "urd" };
	unsigned long port;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(names[i], value))
			return true;
	return str_number(value, 65535, &port);
}

static bool is_port_part(const char *p, size_t n)
{
	char text[16];

	while (n && *p == ':') {	/* Exim's "host::port" */
		p++;
		n--;
	}
	if (n == 0 || n >= sizeof(text))
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	return is_port(text);
}

/* HOST, [HOST] or an address, then maybe a port. */
static bool is_host(const char *p, size_t n)
{
	const char *colon, *end;

	if (n && *p == '[') {
		end = memchr(p, ']', n);
		if (!end || !(is_ip(p + 1, (size_t)(end - p) - 1) ||
			      is_name_of_host(p + 1, (size_t)(end - p) - 1)))
			return false;
		end++;
		return end == p + n || (*end == ':' && is_port_part(end, (size_t)(p + n - end)));
	}
	if (is_ip(p, n))
		return true;
	colon = memchr(p, ':', n);
	if (colon && !is_port_part(colon, (size_t)(p + n - colon)))
		return false;
	n = colon ? (size_t)(colon - p) : n;
	return is_ip(p, n) || is_name_of_host(p, n);
}

/* Without the scheme that PHP programs put before a host. */
static bool is_host_of_url(const char *p, size_t n)
{
	static const char *const schemes[] = { "ssl://", "tls://", "tcp://", "smtp://",
					       "smtps://" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t len = strlen(schemes[i]);

		if (n > len && strncmp(p, schemes[i], len) == 0)
			return is_host(p + len, n - len);
	}
	return is_host(p, n);
}

static bool is_address(const char *p, size_t n)
{
	const char *at = memrchr(p, '@', n);
	size_t local = at ? (size_t)(at - p) : 0;

	return at && n <= ADDRESS_MOST && local > 0 && local <= LOCAL_MOST && is_utf8(p, local) &&
	       are_words(p, local, "._+=-'&", 1, false) && !memchr(at + 1, ':', n - local - 1) &&
	       is_host(at + 1, n - local - 1);
}

/* Each of several, which these characters separate. */
static bool are_all(const char *value, const char *between, bool (*is)(const char *p, size_t n))
{
	size_t count = 0;

	for (const char *p = value; *p; count++) {
		size_t n;

		p += strspn(p, between);
		n = strcspn(p, between);
		if (n == 0)
			break;
		if (!is(p, n))
			return false;
		p += n;
	}
	return count > 0;
}

/* --- users --- */

/* RESOURCE|GUID|GUID, or with full stops: Azure Communication Services. */
static bool is_acs_user(const char *value)
{
	size_t n = strlen(value), resource = n > 74 ? n - 74 : 0;

	return resource && strchr("|.", value[resource]) &&
	       value[resource + 37] == value[resource] &&
	       is_guid_part(value + resource + 1, 36) && is_guid_part(value + resource + 38, 36) &&
	       are_words(value, resource, "-._", 1, false);
}

/*
 * An access key's ID, which is not secret (docs.aws.amazon.com, IAM identifiers: "Unique
 * identifiers").
 */
static bool is_aws_id(const char *value)
{
	return strlen(value) == 20 && str_has_prefix(value, "AKIA") &&
	       strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == 20;
}

static bool is_user(const char *value)
{
	size_t n = strlen(value);
	const char *back = strchr(value, '\\');

	if (is_address(value, n) || is_acs_user(value) || is_aws_id(value))
		return true;
	if (n > LOCAL_MOST || !is_utf8(value, n))
		return false;
	if (back && !strchr(back + 1, '\\'))
		return is_plain_name(value, (size_t)(back - value), "-.") &&
		       is_plain_name(back + 1, strlen(back + 1), "._-");
	return is_plain_name(value, n, "._+-");
}

/* --- words --- */

static bool is_one_of(const char *p, size_t n, const char *const *words)
{
	for (; *words; words++)
		if (span_eq_nocase((struct span) { p, n }, *words))
			return true;
	return false;
}

static bool is_auth(const char *p, size_t n)
{
	static const char *const words[] = {
		"login", "plain", "xoauth2", "oauthbearer", "oauth2", "oauth", "token", "basic",
		"password", "cram-md5", "cram_md5", "crammd5", "digest-md5", "digest_md5", "ntlm",
		"gssapi", "gss-spnego", "kerberos", "external", "anonymous", "scram-sha-1",
		"scram-sha-1-plus", "scram-sha-256", "scram-sha-256-plus", "scram-sha-512", "srp",
		"otp", "none", "auto", "on", "off", "yes", "no", "true", "false", "static:all",
		"static:rest", NULL,
	};

	if (n && (*p == '!' || *p == ':')) {	/* Postfix: all but this; Ruby: a symbol */
		p++;
		n--;
	}
	return is_one_of(p, n, words);
}

static bool is_tls(const char *p, size_t n)
{
	static const char *const words[] = {
		"true", "false", "yes", "no", "on", "off", "0", "1", "2", "3", "4", "none", "null",
		"ssl", "tls", "starttls", "smtps", "smtp", "implicit", "explicit", "required",
		"optional", "may", "encrypt", "verify", "secure", "dane", "dane-only",
		"fingerprint", "force_tls", "peer", "client_once", "auto", "smtp+starttls",
		"smtp+startls", "MandatoryStartTLS", "NoStartTLS", "OpportunisticStartTLS",
		"SslOnConnect", "StartTls", "StartTlsWhenAvailable", "plain", "*", NULL,
	};

	return is_one_of(p, n, words);
}

static bool is_api(const char *p, size_t n)
{
	static const char *const words[] = {
		"graph", "microsoftgraph", "outlook", "ses", "ses-v2", "mailgun", "postmark",
		"resend", "sendmail", "qmail", "php", "mail", "null", "mailersend", "mailer_send",
		"sendgrid", "brevo", "sendinblue", "sparkpost", "mandrill", "mailchimp", "mailjet",
		"mailtrap", "mailpace", "infobip", "azure", "amazonses", "gmail", "google",
		"smtpcom", "smtp2go", "sendlayer", "pepipost", "pepipostapi", "zoho",
		"elasticemail", "elastic_email", "scaleway", "ohmysmtp", "sweego", "ahasend",
		"failover", "roundrobin", "log", "array", "dummy", "smtp+unix", "sendmail_path",
		"cyrus", "console", NULL,
	};

	return is_one_of(p, n, words);
}

/* --- files, addresses of services, names --- */

static bool is_path(const char *value)
{
	const char *p = value;

	if (ascii_is_alpha(p[0]) && p[1] == ':' && (p[2] == '\\' || p[2] == '/'))
		p += 2;
	return strlen(p) <= 1024 && is_utf8(p, strlen(p)) &&
	       are_words(p, strlen(p), "/\\._-~+", 2, false) &&
	       !looks_like_app_password(p, strlen(p));
}

/* Behind the host: words, or a GUID between slashes. */
static bool is_path_of_url(const char *p, size_t n)
{
	for (size_t i = 0, start; i < n; i += i < n) {
		start = i;
		while (i < n && p[i] != '/')
			i++;
		if (i > start && !is_guid_part(p + start, i - start) &&
		    !are_words(p + start, i - start, "._-~", 2, false))
			return false;
	}
	return true;
}

static bool is_url(const char *p, size_t n)
{
	static const char *const schemes[] = { "https://", "http://", "api://" };
	size_t len = 0, host;

	for (size_t i = 0; i < ARRAY_LEN(schemes) && !len; i++)
		if (n > strlen(schemes[i]) && strncmp(p, schemes[i], strlen(schemes[i])) == 0)
			len = strlen(schemes[i]);
	if (!len)
		return false;
	p += len;
	n -= len;
	for (host = 0; host < n && p[host] != '/'; host++)
		;
	return (is_host(p, host) || is_guid_part(p, host)) && is_path_of_url(p + host, n - host);
}

static bool is_scope(const char *p, size_t n)
{
	return is_url(p, n) || is_plain_name(p, n, "._:-");
}

static bool is_tenant(const char *value)
{
	return is_guid(value) || is_name_of_host(value, strlen(value));
}

static bool is_client_id(const char *value)
{
	static const char google[] = ".apps.googleusercontent.com";
	size_t n = strlen(value), tail = sizeof(google) - 1;

	if (is_guid(value) || is_plain_name(value, n, "._-"))
		return true;
	/*
	 * NUMBER-LETTERS.apps.googleusercontent.com: not secret
	 * (developers.google.com/identity/protocols/oauth2)
	 */
	return n > tail && n < 128 && str_eq(value + n - tail, google) && is_label(value, n - tail);
}

static bool is_name(const char *value)
{
	size_t n = strlen(value);

	return n <= 64 && is_utf8(value, n) &&
	       (is_address(value, n) || is_plain_name(value, n, "._-"));
}

static bool is_key(const char *value)
{
	size_t n = strlen(value);

	return n <= 256 && is_utf8(value, n) && are_words(value, n, "._-@[]*", 2, false);
}

/* --- the gate --- */

bool is_shown(enum shown kind, const char *value)
{
	if (!value || !*value)
		return false;
	switch (kind) {
	case SHOWN_NOTHING:
		return false;
	case SHOWN_HOST:
		return are_all(value, ";, ", is_host_of_url);
	case SHOWN_PORT:
		return is_port(value);
	case SHOWN_ADDRESS:
		return are_all(value, ";, ", is_address);
	case SHOWN_USER:
		return is_user(value);
	case SHOWN_AUTH:
		return are_all(value, ", ", is_auth);
	case SHOWN_TLS:
		return is_tls(value, strlen(value));
	case SHOWN_API:
		return is_api(value, strlen(value));
	case SHOWN_PATH:
		return is_path(value);
	case SHOWN_URL:
		return is_url(value, strlen(value));
	case SHOWN_SCOPE:
		return are_all(value, ", ", is_scope);
	case SHOWN_TENANT:
		return is_tenant(value);
	case SHOWN_CLIENT_ID:
		return is_client_id(value);
	case SHOWN_NAME:
		return is_name(value);
	case SHOWN_KEY:
		return is_key(value);
	}
	return false;
}

const char *shown_or(enum shown kind, const char *value, const char *other)
{
	return is_shown(kind, value) ? value : other;
}

const char *shape_of(struct arena *a, const char *value)
{
	size_t n = 0;

	for (const char *p = value; *p; p++)
		n += ((unsigned char)*p & 0xc0) != 0x80;
	return arena_printf(a, "%zu character%s%s", n, n == 1 ? "" : "s",
			    strchr(value, ' ') ? ", with blanks" : "");
}

const char *key_shown(const char *key)
{
	const char *last = strrchr(key, '.');

	if (is_shown(SHOWN_KEY, key))
		return key;
	return last && is_shown(SHOWN_KEY, last + 1) ? last + 1 : "a setting";
}

/* Between an opening and its end, in place. */
static bool is_inside(const char *value, const char *begin, char end, bool path)
{
	size_t n = strlen(value), from = strlen(begin);
	char text[128];

	if (!str_has_prefix(value, begin))
		return false;
	n -= from + (end != '\0');
	if (n == 0 || n >= sizeof(text) || (end && value[from + n] != end))
		return false;
	memcpy(text, value + from, n);
	text[n] = '\0';
	return path ? is_path(text) : is_plain_name(text, n, "._-");
}

const char *variable_shown(const char *variable)
{
	static const struct { const char *begin; char end; bool path; } forms[] = {
		{ "", '\0', false }, { "!secret ", '\0', false }, { "!env_var ", '\0', false },
		{ "${", '}', false },
		{ "$", '\0', false }, { "$__env{", '}', false }, { "$__file{", '}', true },
		{ "*", '\0', false },
	};
	static const char *const ours[] = { "an expression", "a call", "an environment variable" };

	for (size_t i = 0; variable && i < ARRAY_LEN(ours); i++)
		if (str_eq(variable, ours[i]))
			return variable;
	for (size_t i = 0; variable && i < ARRAY_LEN(forms); i++)
		if (strlen(variable) > strlen(forms[i].begin) + 1 &&
		    is_inside(variable, forms[i].begin, forms[i].end, forms[i].path))
			return variable;
	return "elsewhere";
}
