#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

/*
 * message - what the header of a delivered message says of its way: why it went to junk, came late,
 *or which path it took. A reader: it leaves facts "message.*"; data/rules.tsv judges them.
 *
 *	struct message *m = message_read(a, know, text);
 *	struct message_judged *j = message_judge(m);
 *
 * Whose words count: only the receiving organization's own fields; everything below the Received
 *line of its first server can be forged (RFC 8601, 7.1). Pure functions; bounded; nothing is asked
 *or fetched, but by message_verify().
 */

#include "domain/arc.h"
#include "judge/diagnosis.h"
#include "message/fields.h"
#include "message/parts.h"

struct facts;
struct know;

enum { LIMIT_HOPS = 2000 };

/* One check of the sender's identity, as the receiver saw it. Strings are "" when unknown. */
struct identity_check {
	const char	*result;	/* "pass", "fail", "none" ...; "" = nothing is said */
	const char	*domain;	/* that was checked: of the envelope sender, d=, of From */
	const char	*words;		/* the receiver's comment */
	bool		 aligned;	/* the domain belongs to that of From */
};

enum trust {
	TRUST_NONE,     /* there is no such field */
	TRUST_RECEIVER, /* of the receiving organization */
	TRUST_BETWEEN,  /* of a server on the way, or the receiver can't be told */
	TRUST_FILTER,   /* worked out from a spam filter's list of tests, or from Received-SPF */
};

struct authentication {
	enum trust		 trust;
	const char *by; /* who says so: the authserv-id, "Microsoft", a host */
	struct identity_check	 spf, dkim, dmarc;
	const char *action; /* of dmarc: "none", "quarantine", "oreject"; Google's dis= */
	const char *policy; /* "reject", "quarantine", "none" where the comment says it */
	const char		*compauth, *reason;	/* Microsoft's: "fail", "001" */
	const char		*arc;		/* "pass", "fail", "none" */
	const char		*client;	/* the address that SPF was judged by */
	struct authres		 all;		/* every result of the fields that count */
};

/* What Microsoft's fields say, where a server of Microsoft wrote them. */
struct microsoft {
	size_t from_field; /* fields below this one may be of its servers; all, where no server is
			      named */
	bool receiver;     /* the message was delivered there, or to an Exchange Server */
	bool		 cloud;		/* ... and not to an Exchange Server on premises */
	bool		 consumer;	/* Outlook.com */
	struct antispam	 report;	/* X-Forefront-Antispam-Report, the receiver's */
	struct antispam outbound; /* the sender's: -Untrusted, or the report at another receiver */
	struct antispam	 bulk;		/* X-Microsoft-Antispam */
	struct antispam	 delivery;	/* X-Microsoft-Antispam-Mailbox-Delivery */
	const char	*scl, *auth_as, *auth_source, *auth_mechanism, *custom_spam;
	const char	*directionality, *entity, *connecting, *skip_listed, *representing;
};

/* A field whose value a table explains. */
struct decoded {
	const char	*header, *key, *value, *meaning, *source, *confidence;
};

enum { LIMIT_DECODED = 64 };

/* When it was late: the hop that waited longest. */
struct lateness {
	bool		 known;		/* two hops at least have a date */
	int64_t		 total_ms;	/* from the first to the last */
	size_t		 hop;		/* index of the longest wait; of n hops */
	int64_t		 wait_ms;	/* 0 = nobody waited */
	const char	*where;		/* "sender", "border", "receiver" */
	int64_t before_ms; /* from the Date field to the first server; 0 = unknown, or a wrong clock
			    */
};

/* Signatures and seals as message_verify() found them. */
struct verified {
	bool			 asked;
	const char		*why_not;	/* a sentence; "" = they were judged */
	bool			 no_body;	/* only the header is there */
	const struct dkim	*dkim;		/* NULL = not judged */
	const struct arc	*arc;		/* NULL = not judged, or there is no seal */
};

struct message {
	struct arena		*arena;
	const struct know	*know;
	struct fields		 fields;
	const char		*from, *from_domain, *envelope, *envelope_domain, *subject, *id;
	struct header_date	 date;
	struct hop		*hops;		/* the oldest first */
	size_t			 n_hops, cap_hops;
	size_t border;        /* the hop into the receiving organization; n_hops = unknown */
	const char *receiver; /* its name: "Microsoft 365", "Gmail", "example.com"; "" */
	struct authentication	 auth;
	struct microsoft	 ms;
	struct spam_status	 spam;
	const char		*spam_field;	/* that gave the verdict */
	struct dkim_signature	*signatures;
	size_t			 n_signatures;
	struct verified		 verified;
	int64_t			 greylisted_s;	/* 0 = it was not */
	const char		*greylisted_by;
	struct lateness		 late;
	const char *loop; /* the server that the message passed more than once; "" */
	const char		*path;		/* "direct-send" ...; "" unknown */
	const char		*path_words;	/* a sentence without a full stop: what shows it */
	bool			 forwarded;
	const char		*forwarded_by;	/* domain or name; "" */
	bool			 list;		/* a mailing list passed it on */
	struct strv		 clocks;	/* sentences: wrong clocks */
	struct strv forged; /* names of fields that no server of Microsoft wrote */
	struct decoded		*decoded;
	size_t			 n_decoded;
};

/* Never NULL. A text without a header gives a message with no fields. */
struct message *message_read(struct arena *a, const struct know *know, struct span text);

/* Verifies DKIM signatures and ARC seals with the keys that are published now (RFC 6376, RFC 8617).
 * now: seconds since 1970. Before message_judge(). */
_waits_ void message_verify(struct message *m, const struct domain_dns *dns, int64_t now);

/* Of the signatures that were judged the one that counts: it passes, and is aligned. NULL: none. */
const struct dkim_sig *message_signature(const struct message *m);

/* What became of it, in words without a full stop: "pass", "fail: the body was changed ...". */
const char *message_signature_words(const struct message *m, const struct dkim_sig *s);

/* Has it what only a delivered message has: Received, or a receiver's verdict? */
bool message_delivered(const struct message *m);

/* A sentence: which identity passed, for which domain, and whether it is that of From. "" = nothing
 * is known. */
const char *message_alignment(const struct message *m);

/* Leaves message.*; see data/facts.tsv. */
void message_facts(const struct message *m, struct facts *f);

struct message_judged {
	const struct message	*message;
	const struct facts	*facts;
	struct evidence		*evidence;
	struct diagnosed	*diagnosis;
	size_t			 n_diagnosis;
	struct apart		 apart;
	struct strv		 next;
	bool			 problem;	/* the first cause is at least likely */
};

struct message_judged *message_judge(const struct message *m);

/* "25 h 6 min", "12 s": of milliseconds, never negative. */
char *message_span(struct arena *a, int64_t ms);

#endif
