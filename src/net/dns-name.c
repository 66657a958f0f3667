/*
 * dns-name - names of hosts and domains as DNS wants them, and what the hosts file says of them.
 */
#include "net/dns.h"

#include <idn2.h>

#include "base/arena.h"
#include "base/scan.h"

/*
 * May it be asked: labels of 1 to 63 octets, 253 in all (RFC 1035, 2.3.4), nothing
 * but printable ASCII?
 */
static bool name_valid(struct span name)
{
	struct scan s = scan_span(name);

	if (name.len == 0 || name.len > 253)
		return false;
	for (;;) {
		struct span label = scan_until(&s, ".");

		if (label.len == 0 || label.len > 63)
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!ascii_is_print(label.p[i]) ||
			    strchr(" \\\"'()<>[]{}|^`@,;:!#$%&+?=~", label.p[i]))
				return false;
		if (!scan_accept(&s, '.'))
			return scan_done(&s);
	}
}

char *dns_ascii_name(struct arena *a, const char *name)
{
	struct span s = span_of(name);
	bool ascii = true;
	char *alabel = NULL, *copy;

	if (s.len && s.p[s.len - 1] == '.')
		s.len--;
	for (size_t i = 0; i < s.len; i++)
		ascii &= (unsigned char)s.p[i] < 0x80;
	if (ascii)
		return name_valid(s) ? str_lower(a, span_dup(a, s)) : NULL;

	/*
	 * IDNA 2008, as every browser does it (UTS 46, non-transitional). Underscores may stand
	 * beside U-labels.
	 */
	if (s.len > 1000)
		return NULL;
	if (idn2_to_ascii_8z(span_dup(a, s), &alabel, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) !=
	    IDN2_OK)
		return NULL;
	copy = name_valid(span_of(alabel)) ? str_lower(a, alabel) : NULL;
	idn2_free(alabel);
	return copy;
}

static bool blank(char c)
{
	return ascii_is_space(c);
}

/* Is the name among the words of the rest of the line? */
static bool line_has(struct scan *line, const char *name)
{
	while (scan_while(line, blank), !scan_done(line)) {
		struct span word = scan_until(line, " \t\r\v\f");

		if (word.len && word.p[word.len - 1] == '.')
			word.len--;
		if (span_eq_nocase(word, name))
			return true;
	}
	return false;
}

size_t dns_hosts_find(const char *text, size_t n, const char *name, int family,
		      struct net_address *ret, size_t room)
{
	struct scan s = scan_over(text, n);
	size_t found = 0;

	while (!scan_done(&s) && found < room) {
		struct scan whole = scan_span(scan_line(&s)),
			line = scan_span(scan_until(&whole, "#"));
		char literal[64];
		struct span word;
		struct net_address address;

		scan_while(&line, blank);
		word = scan_until(&line, " \t\r\v\f");
		if (word.len == 0 || word.len >= sizeof(literal))
			continue;
		memcpy(literal, word.p, word.len);
		literal[word.len] = '\0';
		if (!net_address_parse(literal, &address) ||
		    (family != AF_UNSPEC && net_address_family(&address) != family) ||
		    !line_has(&line, name))
			continue;
		if (!net_address_listed(ret, found, &address))
			ret[found++] = address;
	}
	return found;
}
