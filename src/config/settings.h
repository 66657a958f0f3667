#ifndef CONFIG_SETTINGS_H
#define CONFIG_SETTINGS_H

/*
 * settings - how a program is set up to send mail, as its configuration says, before anything is
 * sent. Readers (src/config) fill them from a file; `smtpwhy lint` and the check path.fit judge
 * them (sending/path.h). Readers have no opinion on Microsoft, Google or what is recommended: they
 * tell what is written, where, and what the program itself makes of it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct arena;
struct program;
struct secret;

enum settings_tls {
	SETTINGS_TLS_UNSAID,		/* not written, and the program's default isn't known */
	SETTINGS_TLS_NONE,		/* clear text */
	SETTINGS_TLS_OPPORTUNISTIC,	/* STARTTLS if it's offered */
	SETTINGS_TLS_STARTTLS,		/* STARTTLS or nothing */
	SETTINGS_TLS_IMPLICIT,		/* TLS from the first byte, often called "SSL" */
};
/* "", "none", "opportunistic", "starttls", "implicit" */
const char *settings_tls_name(enum settings_tls t);

/* One thing that is written, or that the program takes when nothing is. */
struct setting {
	/*
	 * Never a secret: only what is proven to be a host name, an address, a port, a known word
	 * ... (config/shown.h). NULL = not said, or not shown: then `shape` tells of it.
	 */
	const char	*value;
	const char	*key;		/* as written there: "spring.mail.host", "relayhost"; "" */
	/* 1 = the first; 0 = the program's default, nowhere written */
	unsigned	 line;
	/* NULL = the settings' own; a file beside it that was read, too */
	const char	*file;
	/* of a value that is written and not shown: "24 characters"; else NULL */
	const char	*shape;
	/* what can be said of it (value_form(), config/shown.h): "blank", "guid" ...; NULL */
	const char	*form;
};

/* Is it written, or known by default? Its value may still not be shown. */
bool setting_is_set(const struct setting *s);

/*
 * What the reader itself saw to be wrong in this program's own terms: two keys that contradict each
 * other, a quote that ends a password.
 */
struct settings_note {
	struct settings_note	*next;
	/* "lint.both-tls-modes": a contract: data/findings.tsv */
	const char		*finding;
	const char		*message;	/* one sentence */
	const char		*fix;		/* what to write instead; "" */
	/* NULL = the settings' own; a file beside it that was read, too */
	const char		*file;
	unsigned		 line;
	enum severity		 severity;
};

/* One way of sending: a file may hold several (msmtp accounts, Symfony mailers, Jenkins). */
struct mail_settings {
	struct mail_settings	*next;
	const char		*file;
	/* "postfix", "django": settings_applications() lists them */
	const char		*application;
	const char		*name;		/* of several: the account, the profile; "" */

	struct setting		 host;		/* as written, without port, brackets and scheme */
	/* digits; default filled in where the program has one */
	struct setting		 port;
	enum settings_tls	 tls;
	struct setting		 tls_said;	/* the words that say so: "SSL", "secure: true" */
	/* only the scheme of an address says so, smtp://: rows of the program may know better */
	bool			 tls_by_scheme;
	/* certificates are not looked at; verify_said says where */
	bool			 verify_off;
	struct setting		 verify_said;
	struct setting		 ca_file;
	/* file or alias: a client certificate is presented */
	struct setting		 client_cert;
	/* lower case: "login", "plain", "xoauth2", "none", "auto" ... */
	struct setting		 auth;
	struct setting		 user;
	/* value is always NULL; key and line say where it stands */
	struct setting		 password;
	struct setting		 from;		/* the address alone */
	struct setting		 to;
	struct setting		 helo;
	/* of OAuth */
	struct setting		 scope, token_url, authority, client_id, tenant;
	/* "graph", "ses" ...: it does not send by SMTP; value names the door */
	struct setting		 api;

	/*
	 * Neither user nor password is written, and files of this kind often leave them to another:
	 * a container's secrets, the environment
	 */
	bool			 login_elsewhere;

	const struct program	*program;	/* its reader: for settings_line() */
	/* the password, where one is written; NULL. Freed by settings_free() */
	struct secret		*secret;
	struct secret		*client_secret;	/* of OAuth */
	struct settings_note	*notes;
};

/* Wipes and frees the secrets; the rest lives in the arena. */
void settings_free(struct mail_settings *list);
void settings_freep(struct mail_settings **list);

/*
 * Reads a file's bytes. application NULL = recognise it by name and content. NULL and *ret_error
 * (one line: "FILE:LINE: what was expected") when it can't be read as what it is, when no
 * application recognises it, or when there are no mail settings in it. Limits: LIMIT_PASTE bytes,
 * 64 settings a file.
 */
struct mail_settings *settings_read(struct arena *a, const char *file, const char *application,
				    const char *bytes, size_t len,
				    const char **ret_error);

/*
 * Programs of the user's own, in the form of data/mail-programs.tsv; before the first file is read.
 * NULL, or one line that says what is wrong (in the arena).
 */
const char *settings_own(struct arena *a, const char *file, const char *bytes, size_t n);
/* Is it nobody's documented file, but read by what its keys look like? */
bool settings_guessed(const char *application);
/* Were its built-in rows not compared with its documentation? A user's own rows are the user's. */
bool settings_unverified(const char *application);

/* The names settings_read() knows, NULL-terminated, in alphabetical order. */
const char *const *settings_applications(struct arena *a);
/* "Postfix"; the name itself when it isn't known */
const char *settings_title(const char *application);
const char *settings_source(const char *application);	/* where its settings are documented; "" */
/* of what is said of them: "official", or "expert" */
const char *settings_confidence(const char *application);
/*
 * The lines that set something in this program's own spelling, for this kind of file: what is
 * "host", "port", "host+port" (HOST:PORT), "user", "from", "url", "tls=starttls", "tls=implicit",
 * "auth=login" ... NULL when the program has no such line, or the value can't be written into one.
 */
const char *settings_line(struct arena *a, const struct mail_settings *s, const char *what,
			  const char *value);

#endif
