#ifndef CONFIG_PAIRS_H
#define CONFIG_PAIRS_H

/*
 * pairs - what names mean in a file of which nothing is known (syntax-pairs.c reads it): which
 * mail setting a name stands for, and whether a value can be one.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct entries;

enum pair_kind { PAIR_WORD, PAIR_TEXT, PAIR_SIGN };
struct pair_token { struct span text; unsigned line; enum pair_kind kind; };
struct pair_tokens { struct pair_token *v; size_t n, cap; const char *end; };

/* Without comments; the texts point into p. */
void pair_tokens(struct entries *e, const char *p, size_t n, struct pair_tokens *ret);

enum pair_setting {
	PAIR_NONE, PAIR_HOST, PAIR_PORT, PAIR_USER, PAIR_PASSWORD, PAIR_FROM,
	PAIR_STARTTLS,		/* the name says STARTTLS */
	PAIR_SSL,		/* "ssl": TLS from the first byte */
	PAIR_TLS,		/* "tls", "use_ssl", "encryption": the value or the port tells */
	PAIR_SECURE,		/* "secure": false says nothing against STARTTLS */
	PAIR_URL,
	PAIR_KINDS,
};

/* What a name in any spelling says: "smtpServerPort", "mail.smtp.user", ":user_name". */
struct pair_name {
	enum pair_setting	setting;
	bool			of_mail;	/* one of its words says that it is about mail */
};
struct pair_name pair_name(struct arena *a, struct span name);

/* true, off, starttls, SecureSocketOptions.StartTls: a word that says yes, no, or which TLS. */
bool pair_is_truth(struct span v);
/* A server's name or IP address, maybe with a port; of_mail: the names around are about mail. */
bool pair_is_host(struct span v, bool of_mail);
/* Looks like a mail server with no name beside it that says so: smtp.example.com. */
bool pair_is_smtp_host(struct span v);
/* A name with no dot, as servers have in a network of their own. */
bool pair_is_local_host(struct span v);
bool pair_is_url(struct span v);
bool pair_is_number(struct span v);

/* A value that is, or may be, a setting. */
struct pair_found {
	enum pair_setting	setting;
	struct span		value;
	/* where it is taken from, and the value is only a default, or empty; NULL */
	const char		*variable;
	unsigned		line;
	size_t			at;		/* the token that names it */
	bool			of_mail;	/* its name is about mail */
	bool			weak;		/* its name may mean something else, too */
};

struct pairs {
	struct entries		*e;
	struct pair_tokens	t;
	struct pair_name	*names;		/* of each token */
	struct pair_found	*v;
	size_t			n, cap;
	unsigned		left;		/* variables that are still looked for */
};

/* The value that begins at token i, from a variable of the file, too. False: there is none. */
bool pair_value(struct pairs *x, size_t i, unsigned line, struct pair_found *ret);
/* Is it a value that the setting can have? */
bool pair_fits(const struct pairs *x, const struct pair_found *f, bool named);
void pair_add(struct pairs *x, const struct pair_found *f);
/* The arguments of functions that many languages have: PlainAuth("", user, password, host). */
void pair_calls(struct pairs *x);

#endif
