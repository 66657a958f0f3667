#ifndef DOMAIN_DKIM_INSIDE_H
#define DOMAIN_DKIM_INSIDE_H

/*
 * dkim-inside - what the dkim-*.c and arc.c share. Nobody else includes it.
 */

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/scan.h"
#include "domain/dkim.h"

/* --- dkim-tags.c: a tag list (RFC 6376, 3.2) --- */

struct dkim_tag { struct span name, value; };

enum { DKIM_TAGS_MOST = 64 };

struct dkim_tags {
	struct dkim_tag		 v[DKIM_TAGS_MOST];
	size_t			 n;
	enum dkim_fault		 fault;		/* DKIM_OK, DKIM_SYNTAX, DKIM_DUPLICATE */
	const char		*why;
};

void dkim_tags_read(struct arena *a, struct span text, struct dkim_tags *ret);
/* The value without blanks at its ends; p is NULL when the tag is not there. */
struct span dkim_tag(const struct dkim_tags *t, const char *name);
/* Without any blanks and line ends. */
struct span dkim_compact(struct arena *a, struct span s);
/* Base64 with blanks in it. False: it is none, or is empty. */
bool dkim_base64(struct arena *a, struct span s, struct span *ret);
/* The next word of a list that colons part, without blanks; false at its end. */
bool dkim_word(struct scan *s, struct span *ret);
bool dkim_list_has(struct span list, const char *word);	/* letters' case ignored */
bool dkim_is_domain(struct span s, size_t labels);	/* at least so many labels */

/* --- dkim-read.c --- */

enum dkim_kind { DKIM_MESSAGE, DKIM_ARC_MESSAGE, DKIM_SEAL };

struct dkim_sig *dkim_sig_new(struct arena *a, struct span raw);
/* The tags that DKIM-Signature, ARC-Message-Signature (RFC 8617, 4.1.2) and ARC-Seal (4.1.3) share,
 * into sig. The first fault stays. */
void dkim_sig_tags(struct arena *a, struct dkim_sig *sig, const struct dkim_tags *t,
		   enum dkim_kind kind);
/* Notes a fault, if none is there. */
void dkim_wrong(struct dkim_sig *sig, enum dkim_fault f, const char *why);

/* --- dkim-message.c: header fields as they came --- */

struct dkim_field {
	struct span		 raw;		/* with its last line end */
	struct span		 name;		/* empty: not a field */
	size_t			 above;		/* 1 + the number of its like above; 0 */
};

struct dkim_message {
	struct dkim_field	*v;
	size_t			 n, cap;
	bool			 cut;
	struct span		 body;
	struct map		*last;		/* name in lower case -> the last field of it */
};

void dkim_message_read(struct arena *a, struct span text, struct dkim_message *ret);

/* --- dkim-crypto.c: the only one that knows GnuTLS --- */

enum dkim_hash { DKIM_HASH_SHA1, DKIM_HASH_SHA256 };
enum { DKIM_DIGEST_MOST = 32 };

struct dkim_hasher;
struct dkim_hasher *dkim_hasher_new(enum dkim_hash h);
void dkim_hasher_freep(struct dkim_hasher **h);
void dkim_hasher_add(struct dkim_hasher *h, const void *p, size_t n);
/* What it is so far; the hasher may go on. Bytes of the digest. */
size_t dkim_hasher_digest(const struct dkim_hasher *h, unsigned char ret[DKIM_DIGEST_MOST]);

/* Bits of a key in p=; 0 = it is none of that kind. */
unsigned dkim_key_bits(struct span data, bool ed25519);
/* Did that key sign this digest? RSASSA-PKCS1-v1_5, or Ed25519 over the digest (RFC 8463, 3). */
bool dkim_key_signed(const struct dkim_key *key, enum dkim_hash hash, struct span digest,
		     struct span signature);

/* --- dkim-canon.c: RFC 6376, 3.4 --- */

struct dkim_sink {
	void	(*add)(struct dkim_sink *k, const char *p, size_t n);
	/* A body line that is not empty has ended, and every byte so far was added; may be NULL. */
	void	(*line)(struct dkim_sink *k, struct span behind);
};

/* A header field, its last line end included. */
void dkim_canon_field(struct dkim_sink *k, struct span raw, bool relaxed);
void dkim_canon_body(struct dkim_sink *k, struct span body, bool relaxed);
/* The same field with the value of b= taken out, and without its last line end (3.7). */
void dkim_canon_own(struct arena *a, struct dkim_sink *k, struct span raw, bool relaxed);

/* --- dkim.c --- */

enum dkim_hash dkim_hash_of(const struct dkim_sig *sig);
struct dkim_hash_sink { struct dkim_sink sink; struct dkim_hasher *hasher; };
void dkim_hash_bytes(struct dkim_sink *k, const char *p, size_t n);

/* Looks the key up, and whether it can be used for this signature. */
_waits_ void dkim_find_key(struct arena *a, const struct domain_dns *dns, struct dkim_sig *sig);
/* A key that is too short makes a signature of no use. */
void dkim_judge_bits(struct arena *a, struct dkim_sig *sig);
/* One signature of a message; nothing where it cannot be computed. */
_waits_ void dkim_judge(struct arena *a, const struct domain_dns *dns, struct dkim_sig *sig,
			const struct dkim_message *m, int64_t now);
/* The digest of the header that was signed; of h=, skip names the one that is left out (or
 * n_headers), replace stands for the Subject field when it is not empty. */
size_t dkim_header_digest(struct arena *a, const struct dkim_message *m,
			  const struct dkim_sig *sig, bool relaxed, size_t skip,
			  struct span replace, unsigned char ret[DKIM_DIGEST_MOST]);

/* --- dkim-change.c: what can be said of a change --- */

void dkim_body_change(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m);
void dkim_header_change(struct arena *a, struct dkim_sig *sig, const struct dkim_message *m);

#endif
