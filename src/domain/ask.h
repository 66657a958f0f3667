#ifndef DOMAIN_ASK_H
#define DOMAIN_ASK_H

/*
 * ask - how the evaluators of this room ask DNS: through two functions, so that a test can answer
 * from a table. The real ones ask net/dns.h, which asks each question once per run.
 */

#include "net/dns.h"

struct domain_dns {
	void	*arg;
	/* Never NULL; the answer lives as long as the run. */
	_waits_ const struct dns_answer *(*ask)(void *arg, const char *name, enum dns_type type);
	/* Side by side; whoever needs an answer asks again. NULL = not done. */
	_waits_ void (*ask_all)(void *arg, struct dns_question *q, size_t n);
};

/* The questions of this run, by net/dns.h. */
struct domain_dns domain_dns_of(struct dns *d);

/*
 * Can it be asked at all: labels of 1 to 63 octets, 253 in all, a final dot left out of account
 * (RFC 1035, 2.3.4)?
 */
bool domain_name_fits(const char *name);

/* Is the name that domain, or below it? Letters' case and final dots are ignored. */
bool domain_name_under(const char *name, const char *domain);

/* Bytes from outside for people: escaped, and no more than 80 of them. */
const char *domain_shown(struct arena *a, const char *p, size_t n);

#endif
