/*
 * pair-names - what the names and values of an unknown file say.
 */
#include "config/pairs.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"

enum { WORDS_MOST = 8, WORD_LONGEST = 40 };

/* Words of one name, in lower case; of many the last ones. */
struct words { const char *v[WORDS_MOST]; size_t n; };

static void keep(struct words *w, const char *word)
{
	if (w->n == WORDS_MOST) {
		memmove(w->v, w->v + 1, (WORDS_MOST - 1) * sizeof(*w->v));
		w->n--;
	}
	w->v[w->n++] = word;
}

/* What names without capitals and separators are made of: "smtpserverport", "enablessl". */
static const char parts[] =
	"smtp|mail|email|mailer|server|host|name|port|user|username|pass|password|passwd|auth|use|"
	"enable|enabled|ssl|tls|start|starttls|from|sender|send|address|addr|login|account|relay|"
	"smart|smarthost|secure|security|my|out|outgoing|type|hostname|is|usetls|usessl|set";

/* Cuts a word into parts from its end on; false: something of it is none. */
static bool split(struct arena *a, struct words *w, const char *word, size_t n)
{
	if (n == 0)
		return true;
	for (size_t len = n; len >= 2; len--) {
		struct span end = { word + n - len, len };

		if (!span_in(end, parts) || !split(a, w, word, n - len))
			continue;
		keep(w, span_dup(a, end));
		return true;
	}
	return false;
}

static bool begins_word(const char *p, size_t i)
{
	bool upper = p[i] >= 'A' && p[i] <= 'Z', before = p[i - 1] >= 'a' && p[i - 1] <= 'z';

	return upper && before;
}

static void words_of(struct arena *a, struct span name, struct words *w)
{
	size_t i = 0;

	*w = (struct words) { .n = 0 };
	while (i < name.len) {
		size_t from = i;
		struct words cut = { .n = 0 };
		const char *word;

		while (i < name.len && (ascii_is_alnum(name.p[i]) ||
					(unsigned char)name.p[i] >= 0x80) &&
		       (i == from || !begins_word(name.p, i)))
			i++;
		if (i == from) {
			i++;
			continue;
		}
		word = str_lower(a, arena_strndup(a, name.p + from, i - from));
		if (i - from <= WORD_LONGEST && split(a, &cut, word, strlen(word)))
			for (size_t k = 0; k < cut.n; k++)
				keep(w, cut.v[k]);
		else
			keep(w, word);
	}
}

static bool has(const struct words *w, const char *list)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_in(w->v[i], list))
			return true;
	return false;
}

static const char of_hosts[] =
	"host|hostname|server|servername|address|addr|relay|relayhost|smarthost|mailserver|"
	"mailhost|smtphost|smtpserver|smtp|serveur|servidor|hote|mailhub|outgoing|gateway|endpoint";
static const char of_users[] =
	"user|username|login|userid|uid|uname|account|usuario|utilisateur|benutzer|benutzername|"
	"usr|authuser|smtpuser";
static const char of_passwords[] =
	"password|pass|passwd|pwd|secret|passphrase|senha|passwort|kennwort|mdp|clave|contrasena|"
	"smtppass|token|credentials";
static const char of_ports[] = "port|puerto|porta|smtpport|service";
static const char of_senders[] =
	"from|sender|fromaddr|fromaddress|mailfrom|remitente|absender|expediteur|remetente|"
	"fromemail|senderemail|originator";
static const char mail_words[] =
	"smtp|mail|email|mailer|relay|relayhost|smarthost|mailserver|mailhost|smtphost|smtpserver|"
	"smtpmail|mailhub|curlopt|postal|mailto|smtps";

/* Settings of something else, or the message's own fields. */
static bool is_of_another(const struct words *w)
{
	if (has(w, "imap|imaps|pop|pop3|incoming|inbox|proxy|ldap|redis|ssh|ftp|sftp|subject|"
		   "reply|bcc|cc|recipient|recipients|to|callback|ehlo|helo|timeout"))
		return true;
	return has(w, "db|database|mysql|postgres|postgresql|mongo|mongodb|rabbitmq|amqp|kafka|"
		      "admin|web") && !has(w, mail_words);
}

static enum pair_setting of_tls(const struct words *w, const char *last, const char *before)
{
	if (has(w, "starttls") || (str_eq(last, "tls") && str_eq(before, "start")))
		return PAIR_STARTTLS;
	if (str_eq(last, "secure"))
		return PAIR_SECURE;
	if (str_in(last, "ssl|smtps") && !has(w, "use|enable|is"))
		return PAIR_SSL;
	if (str_in(last, "tls|ssl|usetls|usessl|encryption|security|encrypt|cifrado"))
		return PAIR_TLS;
	if (has(w, "ssl|tls") && str_in(last, "enable|enabled|mode|type|on"))
		return PAIR_TLS;
	if (str_eq(last, "type") && str_in(before, "connection|stream"))
		return PAIR_TLS;
	return PAIR_NONE;
}

static enum pair_setting setting_of(struct words *w)
{
	const char *last, *before;
	enum pair_setting tls;

	if (!w->n || is_of_another(w))
		return PAIR_NONE;
	if (w->n > 1 && str_in(w->v[w->n - 1], "name|id|value|string|str|var|env|number") &&
	    !has(w, "display"))
		w->n--;
	last = w->v[w->n - 1];
	before = w->n > 1 ? w->v[w->n - 2] : "";
	if (str_in(last, "name|displayname"))
		return PAIR_NONE;
	tls = of_tls(w, last, before);
	if (tls)
		return tls;
	if (str_in(last, of_ports))
		return PAIR_PORT;
	if (str_in(last, of_passwords))
		return PAIR_PASSWORD;
	if (str_in(last, of_users) || (str_eq(before, "smtp") && str_in(last, "email|mail")) ||
	    (str_in(last, "email|mail") && has(w, of_users)))
		return PAIR_USER;
	if (has(w, of_senders) && !str_in(last, "type|method|password"))
		return PAIR_FROM;
	/* Somebody whom the program writes to, or names, is not who sends. */
	if (has(w, "admin|administrator|contact|support|owner|webmaster|destination|notify"))
		return PAIR_NONE;
	if (str_in(last, "email|mail") || (str_in(before, "email|mail") &&
					   str_in(last, "address|addr")))
		return PAIR_FROM;
	return str_in(last, of_hosts) ? PAIR_HOST : PAIR_NONE;
}

struct pair_name pair_name(struct arena *a, struct span name)
{
	struct words w;
	struct pair_name n;

	words_of(a, name, &w);
	n.of_mail = has(&w, mail_words);
	n.setting = setting_of(&w);
	return n;
}

/* --- values --- */

bool pair_is_truth(struct span v)
{
	for (size_t i = v.len; i-- > 0;)
		if (v.p[i] == '.' || v.p[i] == '/') {
			v = (struct span) { v.p + i + 1, v.len - i - 1 };
			break;
		}
	return span_in(v, "true|yes|on|1|false|no|off|0|none|null|nil|always|required|enabled|ssl|"
		       "tls|starttls|smtps|implicit|explicit|if_available|never|ssl/tls|t|"
		       "sslonconnect|starttlswhenavailable|auto|curlusessl_all|mandatory|"
		       "encryption_smtps|encryption_starttls|tls1.2");
}

bool pair_is_number(struct span v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!ascii_is_digit(v.p[i]))
			return false;
	return v.len > 0 && v.len < 6;
}

static bool is_ip(struct span v)
{
	size_t dots = 0;

	for (size_t i = 0; i < v.len; i++) {
		if (!ascii_is_digit(v.p[i]) && v.p[i] != '.')
			return false;
		dots += v.p[i] == '.';
	}
	return dots == 3;
}

/* Without a scheme and a port around it. */
static struct span bare_host(struct span v)
{
	const char *sep = v.len > 3 ? memmem(v.p, v.len, "://", 3) : NULL, *colon;

	if (sep)
		v = (struct span) { sep + 3, (size_t)(v.p + v.len - sep) - 3 };
	colon = v.len ? memchr(v.p, ':', v.len) : NULL;
	if (colon && pair_is_number((struct span) { colon + 1,
						    (size_t)(v.p + v.len - colon) - 1 }))
		v.len = (size_t)(colon - v.p);
	return v;
}

/* Has it the form of a domain name? How many dots are in it; -1: it has not. */
static int dots_of_name(struct span v)
{
	int dots = 0;
	size_t letters = 0;

	if (!v.len || v.len > 253 || !ascii_is_alnum(*v.p) || !ascii_is_alnum(v.p[v.len - 1]))
		return -1;
	for (size_t i = 0; i < v.len; i++) {
		if (!ascii_is_alnum(v.p[i]) && v.p[i] != '.' && v.p[i] != '-')
			return -1;
		letters += ascii_is_alpha(v.p[i]);
		dots += v.p[i] == '.';
	}
	return letters ? dots : -1;
}

/* What stands behind the last dot of a file's name or of a member, and is no top-level domain. */
static bool is_code(struct span v)
{
	const char *dot = memrchr(v.p, '.', v.len);
	struct span last = { dot ? dot + 1 : v.p, 0 };

	last.len = (size_t)(v.p + v.len - last.p);
	for (size_t i = 0; i < last.len; i++)
		if (last.p[i] >= 'A' && last.p[i] <= 'Z')
			return last.len > 3;
	return span_in(last, "php|js|ts|py|rb|java|go|conf|cfg|ini|yml|yaml|json|xml|html|txt|log|"
			     "class|send|host|port|user|pass|password|username|from|auth|enable|"
			     "required|smtp|mail|starttls|ssl|tls|protocol|message|config|email|"
			     "address|text|util|mime|server|debug|timeout|env|default|el|tpl|erb");
}

bool pair_is_host(struct span v, bool of_mail)
{
	int dots;

	v = bare_host(v);
	if (is_ip(v))
		return of_mail;
	dots = dots_of_name(v);
	if (of_mail && dots == 0)
		return span_in(v, "localhost|mailhog|mailpit|postfix|mailcatcher|mailserver|"
				  "maildev|smtp4dev|exim|mail");
	return dots > 0 && !is_code(v) && (of_mail || span_has_any(v, "smtp|mail"));
}

/* A name of one label, where nothing but a server's name can stand. */
static bool is_short_host(struct span v)
{
	return dots_of_name(v) == 0 && v.len > 2 && v.len <= 63 && !pair_is_truth(v) &&
	       !span_in(v, "smtp|smtps|host|server|string|true|false|default|port|user|password");
}

bool pair_is_local_host(struct span v)
{
	return is_short_host(bare_host(v));
}

bool pair_is_smtp_host(struct span v)
{
	v = bare_host(v);
	return dots_of_name(v) >= 2 && !is_code(v) &&
	       (span_has_prefix_nocase(v, "smtp.") || span_has_prefix_nocase(v, "mail.") ||
		span_has_prefix_nocase(v, "email-smtp.") || span_has_prefix_nocase(v, "smtp-"));
}

bool pair_is_url(struct span v)
{
	return span_has_prefix_nocase(v, "smtp://") || span_has_prefix_nocase(v, "smtps://") ||
	       span_has_prefix_nocase(v, "smtp+starttls://") ||
	       span_has_prefix_nocase(v, "smtp+tls://");
}
