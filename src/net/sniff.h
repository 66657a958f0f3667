#ifndef NET_SNIFF_H
#define NET_SNIFF_H

/*
 * sniff - what do the first bytes of a peer look like? For naming what answers where
 * something else was due.
 */

#include <stdbool.h>
#include <stddef.h>

enum sniffed {
	SNIFF_NOTHING,		/* no bytes, or too few to say */
	SNIFF_TLS,		/* a TLS record */
	SNIFF_TLS_ALERT,
	SNIFF_SSL2,
	SNIFF_SMTP,		/* a reply of class 2 or 3 */
	SNIFF_SMTP_REFUSAL,	/* a reply of class 4 or 5 */
	SNIFF_HTTP,
	SNIFF_HTML,
	SNIFF_SSH,
	SNIFF_POP3,
	SNIFF_IMAP,
	SNIFF_OTHER,
};

enum sniffed sniff(const char *p, size_t n);
/* "HTTP", "a TLS alert", "an SMTP reply in the clear" ... */
const char *sniff_words(enum sniffed what);
bool sniff_is_tls(enum sniffed what);		/* a TLS record of any kind, or nothing */

/* Could these bytes be the start of a reply line (RFC 5321, 4.2)? True for none. */
bool sniff_may_be_reply(const char *p, size_t n);

#endif
