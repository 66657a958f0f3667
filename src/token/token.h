#ifndef TOKEN_TOKEN_H
#define TOKEN_TOKEN_H

/*
 * token - what an OAuth access token says of itself, offline: its form, its claims, and what is
 * wrong with them for sending by SMTP, or by Microsoft Graph.
 *
 *	struct token t;
 *
 *	token_read(a, secret_bytes(s), secret_len(s), &t);
 *	token_judge(a, &t, &wanted, &faults);
 *
 * A token is a secret: nothing here keeps or tells a byte of it but the claims of a short list
 * (token_claims_read()), cut to LIMIT_CLAIM. Its signature is not checked: the server does that.
 * Pure functions; none waits.
 */

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/str.h"
#include "base/strv.h"
#include "token/scope.h"

struct arena;
struct cloud;
struct facts;
struct know;

/* One claim's bytes that are kept; claims that are kept; how deep a token's JSON may be nested. */
enum { LIMIT_CLAIM = 2048, LIMIT_CLAIMS = 24, LIMIT_TOKEN_DEPTH = 16 };

enum token_kind { TOKEN_UNKNOWN, TOKEN_ACCESS, TOKEN_ID, TOKEN_REFRESH, TOKEN_OPAQUE,
		  TOKEN_GOOGLE };
/* "unknown", "access", "id", "refresh", "opaque", "google" */
const char *token_kind_name(enum token_kind k);

struct token_claim {
	const char	*name;		/* as in the token: "aud" */
	/* a list's members with blanks between; of unknown origin */
	const char	*text;
	bool		 is_number;
	long long	 number;
};

struct token {
	enum token_kind		 kind;
	bool			 guessed;	/* the kind: by its first letters, not proven */
	/* "a JWT", "an encrypted token (JWE)" ...; "" unknown */
	const char		*form;
	/* what is wrong with its form, a sentence without a byte of it; "" = nothing */
	const char		*damage;
	/*
	 * what is wrong with its signature's form, likewise; nobody checks here whether it is right
	 */
	const char		*signature;
	bool			 readable;	/* its claims were read */
	bool			 app_only;	/* an application's own: nobody signed in for it */
	size_t			 len;
	struct token_claim	 claims[LIMIT_CLAIMS];
	size_t			 n_claims;
	time_t			 exp, begins;	/* begins: nbf, else iat; 0 = not said */
};

/*
 * Never fails: what cannot be read is TOKEN_UNKNOWN with its damage told. Strings
 * live in the arena.
 */
void token_read(struct arena *a, const char *p, size_t n, struct token *ret);
/*
 * The claims out of a JWT's second part, decoded: JSON. NULL, or what is wrong with it, in words.
 * Fills readable, claims, times.
 */
const char *token_claims_read(struct arena *a, const char *json, size_t n, struct token *t);

/* "" when it is not there */
const char *token_claim(const struct token *t, const char *name);
const char *token_app(const struct token *t);			/* appid (v1) or azp (v2); "" */
/* upn, unique_name, preferred_username or email, the first there is; "" */
const char *token_user(const struct token *t);

/* A string that was sent after AUTH XOAUTH2 (or OAUTHBEARER), and the token in it. */
struct initial_response {
	/* as it stands there; "" = none was found, or it may be a token */
	const char	*user;
	struct strv	 faults;	/* sentences: what is wrong with the string itself */
	struct token	 token;		/* TOKEN_UNKNOWN with damage when there is none in it */
};

/* Takes it as it was captured: with "AUTH XOAUTH2" before it, or cut into lines. Never fails. */
void login_string_read(struct arena *a, const char *p, size_t n, struct initial_response *ret);

/* --- what is wrong with it --- */

/* In the order in which they decide: the first that is there makes the later ones idle. */
enum token_fault {
	FAULT_LOGIN_STRING, FAULT_DAMAGED, FAULT_WRONG_KIND, FAULT_EXPIRED, FAULT_EARLY,
	FAULT_FOREIGN, FAULT_CLOUD, FAULT_AUDIENCE, FAULT_SCOPE, FAULT_ROLES, FAULT_TENANT,
	FAULT_PERSONAL, FAULT_APP_AS_USER, FAULT_USER, FAULT_SIGNATURE, TOKEN_FAULTS
};
/* "login-string", "damaged", "wrong-kind", ... */
const char *token_fault_name(enum token_fault f);

/* What it is to be good for. Strings are "" when unknown: then nothing is judged by them. */
struct token_wanted {
	/* PURPOSE_GRAPH: to send by Microsoft Graph, the host is its; all else is by SMTP */
	enum token_purpose	 purpose;
	const struct know	*know;		/* whose tokens count where */
	const char	*host;
	const char	*provider, *path;	/* ids of providers.tsv, of the host */
	const char	*user, *tenant;
	time_t		 now;
	bool		 server_clock;		/* now is what the server's clock says */
};

struct token_faults {
	const char	*why[TOKEN_FAULTS];	/* a sentence, without a full stop; NULL = not so */
	bool		 judged;		/* whether it is for this service could be told */
	/* the user that was given is the one who signed in */
	bool		 user_fits;
};

/*
 * The cloud whose Graph or mail service it is for, else the one that issued it; NULL
 * when neither is told.
 */
const struct cloud *token_cloud(const struct know *k, const struct token *t);
void token_judge(struct arena *a, const struct token *t, const struct token_wanted *w,
		 struct token_faults *ret);
enum token_fault token_first_fault(const struct token_faults *f);	/* TOKEN_FAULTS = none */

/*
 * Leaves token.kind .guessed .aud .scp .roles .tid .oid .appid .upn .idtyp .expires-in-s ...,
 * token.readable and token.app-only.
 */
void token_facts(struct facts *f, const struct token *t, const struct token_wanted *w);
/*
 * Leaves token.fault.NAME for each, token.fit when nothing speaks against it, token.user-fits. What
 * rules.tsv judges.
 */
void token_fault_facts(struct facts *f, const struct token *t, const struct token_faults *faults);

/* "48 minutes", "3 days": never one of a unit. */
char *token_span_words(struct arena *a, long long seconds);
/*
 * In one line, for people: "for https://outlook.office.com, SMTP.Send,
 * scan@contoso.com, 48 minutes left".
 */
char *token_words(struct arena *a, const struct token *t, time_t now);

#endif
