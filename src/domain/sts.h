#ifndef DOMAIN_STS_H
#define DOMAIN_STS_H

/*
 * sts - MTA-STS: which hosts take a domain's mail by TLS, said in DNS and by HTTPS (RFC 8461); and
 * where reports about TLS go (TLS-RPT, RFC 8460). Pure: the caller fetches the policy. Everything
 * lives in the arena.
 */

#include "base/str.h"
#include "domain/ask.h"

enum sts_found {
	STS_NONE,		/* no record, or several: MTA-STS is not there (RFC 8461, 3.1) */
	STS_SYNTAX,		/* a record that cannot be read */
	STS_DNS_ERROR,
	STS_FOUND,
};

struct sts_record {
	enum sts_found	 found;
	size_t		 n;		/* records that begin as one */
	const char	*text;		/* of the first; escaped; "" = none */
	const char	*id;		/* of the policy; "" */
	struct strv	 reports;	/* TLS-RPT: where reports go */
	const char	*why;		/* what is wrong, or ""; one sentence without a full stop */
};

/* The record at _mta-sts.DOMAIN. */
_waits_ struct sts_record sts_look(struct arena *a, const struct domain_dns *dns,
				   const char *domain);
/* The record at _smtp._tls.DOMAIN. */
_waits_ struct sts_record tlsrpt_look(struct arena *a, const struct domain_dns *dns,
				      const char *domain);
/* One record: NULL when it is right, "" when it does not begin as one, else what is wrong. */
const char *sts_read(struct arena *a, struct span text, struct sts_record *ret);
const char *tlsrpt_read(struct arena *a, struct span text, struct sts_record *ret);

enum sts_mode { STS_MODE_MISSING, STS_MODE_NONE, STS_MODE_TESTING, STS_MODE_ENFORCE };
const char *sts_mode_name(enum sts_mode m);	/* "missing", "none", "testing", "enforce" */

enum {
	STS_MAX_AGE_MOST	= 31557600,	/* s */
	STS_POLICY_MOST		= 64 * 1024,	/* bytes */
	STS_PATTERNS_MOST	= 256,
	STS_FAULTS_MOST		= 16,
};

struct sts_policy {
	enum sts_mode	 mode;
	int64_t		 max_age;	/* s; -1 = missing */
	struct strv	 mx;		/* patterns, lower case */
	struct strv	 faults;	/* what makes it invalid; none = it is valid */
	struct strv	 remarks;	/* what a reader should know */
};

/* Reads mta-sts.txt (RFC 8461, 3.2). */
struct sts_policy sts_policy_read(struct arena *a, struct span text);
/* Is the host in the policy? "*." stands for exactly one label (RFC 8461, 4.1). */
bool sts_policy_names(const struct sts_policy *p, const char *host);

#endif
