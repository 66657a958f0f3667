#ifndef CONFIG_SHOWN_H
#define CONFIG_SHOWN_H

/*
 * shown - may a value from somebody's configuration file be printed? The one gate between such a
 * file and every output, report, error message and annotation (which may be public). People put
 * passwords into any setting: `EMAIL_SERVER=smtp://user:PW@host`, `static:user:PW`, a key in place
 * of the user name. So nothing is printed because of the name of its setting: a value is printed
 * only when it is proven to be what the setting takes - a host name, a port, an address, a known
 * word. Of everything else only the shape is shown: "24 characters".
 *
 * Readers don't call it for settings: take_setting() (config/read.h) does, so that struct setting
 * never holds anything else. They call it for what goes into a note's words.
 *
 * The limit of what can be proven: a password that is a plain word ("sommer", "sales.contoso") has
 * the shape of a user or host name and is shown where one is expected. Whatever has punctuation
 * that names don't have, or changes between letters and digits or upper and lower case as generated
 * secrets do, is not.
 */

#include <stdbool.h>

#include "base/status.h"

struct arena;

enum shown {
	SHOWN_NOTHING,		/* never: a password */
	/* HOST, HOST:PORT, [HOST]:PORT, SCHEME://HOST:PORT, several with ; */
	SHOWN_HOST,
	SHOWN_PORT,		/* a number up to 65535, or a service's name */
	SHOWN_ADDRESS,		/* mail addresses, several with commas */
	/* an address, DOMAIN\name, RESOURCE|GUID|GUID, a plain name; not a lone GUID */
	SHOWN_USER,
	SHOWN_AUTH,		/* names of SASL mechanisms and the words for them */
	SHOWN_TLS,		/* on, off, starttls, ssl ... */
	SHOWN_API,		/* a name of a service that sends otherwise than by SMTP */
	SHOWN_PATH,		/* a file's name */
	SHOWN_URL,		/* http and https without user, query and fragment */
	SHOWN_SCOPE,		/* of OAuth: addresses and words */
	SHOWN_TENANT,		/* a GUID, a domain, "common" ... */
	SHOWN_CLIENT_ID,	/* a GUID, Google's form, a plain name */
	SHOWN_NAME,		/* of an account, a profile, a variable */
	SHOWN_KEY,		/* of a setting: "spring.mail.host", "notify[0].server" */
};

/* Is the value proven to be what the setting takes? NULL and "" are not. Pure. */
bool is_shown(enum shown kind, const char *value);

/* The value when it may be printed, else `other`. */
const char *shown_or(enum shown kind, const char *value, const char *other);

/*
 * What is said about a value that is not printed: "24 characters", "24 characters, with blanks".
 * In the arena.
 */
const char *shape_of(struct arena *a, const char *value);

/* A key as far as it may be printed: whole, its last part, or "a setting". Points into `key`. */
const char *key_shown(const char *key);

/*
 * The name of what a value is taken from, without the signs around it; "elsewhere" when it may not
 * be printed. NULL is fine.
 */
const char *variable_shown(const char *variable);

/*
 * Is it no value, but a word on where the value is kept: ${NAME}, {{ name }}, vault:..., ENC(...),
 * asterisks of an export? With secret, the forms that programs know for passwords only. What it is
 * can't be seen from here.
 */
bool is_reference(const char *value, bool secret);

/* "your-password", "XXX", "<...>", "changeme": what everybody has to replace. */
bool is_placeholder(const char *value, bool secret);
/* How grave one is: INFO where the value was only taken out, or a template fills it in. */
enum severity placeholder_severity(const char *value);
/*
 * What can be said of a value that is to be a port, a host or an address, whatever its program:
 * "placeholder", "left-out", "not-a-number", "scheme", "path", "at", "blank",
 * "not-an-address", "guid"; NULL.
 */
const char *value_form(enum shown kind, const char *value);

#endif
