#ifndef NET_DNS_H
#define NET_DNS_H

/*
 * dns - questions to the resolver, answers as they came. c-ares asks, we read: one reader for every
 * record type, so TTLs, the CNAME chain and the AD bit come from one place.
 *
 *	const struct dns_answer *r = dns_ask(net_dns(net), arena, "contoso.com", DNS_MX);
 *	for (const struct dns_record *mx = r->records; mx; mx = mx->next)
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/strv.h"
#include "net/net.h"

struct arena;
struct dns;

enum dns_type {
	DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SRV = 33, DNS_TLSA = 52, DNS_CAA = 257,
};

enum dns_status {
	DNS_OK,			/* there is at least one record of the type */
	DNS_NXDOMAIN,		/* the name does not exist */
	DNS_NODATA,		/* the name exists, not with this type */
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_TIMEOUT,		/* no resolver answered */
	DNS_BAD_NAME,		/* not a name that can be asked */
	DNS_BAD_ANSWER,		/* malformed, too big, or another rcode */
	DNS_LOCAL,		/* our side: no resolver configured, no socket, cancelled */
};

const char *dns_status_name(enum dns_status s);	/* "ok", "nxdomain", "nodata", "servfail", ... */
const char *dns_type_name(enum dns_type t);

struct dns_record {
	struct dns_record	*next;
	enum dns_type		 type;
	uint32_t		 ttl;
	struct net_address	 address;	/* A, AAAA */
	/*
	 * MX exchange, CNAME, PTR, NS, SRV target, SOA mname; lower case, no final dot; "" = root
	 */
	const char		*name;
	/* TXT (strings joined), CAA value; TLSA data as hex */
	const char		*text;
	size_t			 text_len;
	unsigned		 priority;	/* MX, SRV */
	unsigned		 weight, port;	/* SRV */
	unsigned		 usage, selector, matching;	/* TLSA */
	unsigned		 flags;		/* CAA */
	const char		*tag;		/* CAA */
	uint32_t		 serial, minimum;	/* SOA */
};

struct dns_answer {
	const char		*name;		/* as asked, A-label form */
	enum dns_type		 type;
	enum dns_status		 status;
	int			 rcode;
	/* the resolver says DNSSEC-validated: as good as the way to the resolver */
	bool			 ad;
	bool			 tcp;		/* came by TCP after a truncated UDP answer */
	struct strv		 cnames;	/* the chain that was followed, in order */
	/* of the asked type, in the order of the answer (MX: by priority) */
	struct dns_record	*records;
	size_t			 count;
	uint32_t		 ttl;		/* the least of chain and records */
	int64_t			 us;
	/* the resolver whose answer it is, "192.0.2.53", "[2001:db8::53]:5353"; "" = nobody's */
	const char		*server;
	/* our words when it's not as asked: "192.0.2.53 does not answer"; "" */
	const char		*why;
};

/* Made by net_new(). resolver as in net_options. NULL and *ret_error when it can't be. */
struct dns *dns_new(struct arena *a, const char *resolver, int64_t timeout_ms,
		    const char **ret_error);
void dns_free(struct dns *d);

/*
 * Asks once per name and type and run: later askers share the answer (what was cancelled is asked
 * again). Never NULL. The answer lives as long as the dns. Name: any case, with or without final
 * dot, U-labels are converted (IDNA 2008). Waits.
 */
_waits_ const struct dns_answer *dns_ask(struct dns *d, const char *name, enum dns_type type);

/*
 * All at once, and waits for all. Each answer is one of dns_ask(); NULL when it could not
 * be asked any more.
 */
struct dns_question {
	const char		*name;
	enum dns_type		 type;
	const struct dns_answer	*answer;
};
_waits_ void dns_ask_all(struct dns *d, struct dns_question *q, size_t n);

/*
 * All addresses of a host in dialling order (families interleaved, IPv6 first), both families asked
 * at once, up to LIMIT_ADDRESSES. family as in net_options. A literal address is its own answer,
 * "localhost" is the loopback (RFC 6761, 6.3), and a name in /etc/hosts has the addresses that
 * stand there, as for every other program of this machine. With --resolver the hosts file is not
 * read: who names a resolver wants its answer.
 */
struct dns_addresses {
	enum dns_status		 status;	/* DNS_OK when there is at least one */
	const char		*source;	/* "dns", "hosts", "localhost", "literal" */
	const struct dns_answer	*a, *aaaa;	/* NULL when not asked */
	struct net_address	*list;
	size_t			 count;
};
_waits_ struct dns_addresses dns_addresses(struct dns *d, struct arena *a, const char *host,
					   int family);

/*
 * The A-label form of a name in lower case without final dot, or NULL: not a name (empty label,
 * over 63 or 253 octets, blanks, ...).
 */
char *dns_ascii_name(struct arena *a, const char *name);

/*
 * What a hosts file (its text) says of a name; appends at most room addresses of the family and
 * answers how many.
 */
size_t dns_hosts_find(const char *text, size_t n, const char *name, int family,
		      struct net_address *ret, size_t room);

#endif
