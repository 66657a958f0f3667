#include "lab/line.h"

struct span line_word(struct scan *s)
{
	scan_blanks(s);
	return scan_until(s, " \t\r");
}

struct span line_rest(struct scan *s)
{
	return span_trim(scan_rest(s));
}

bool line_number(struct span w, unsigned long max, unsigned long *ret)
{
	struct scan s = scan_span(w);
	unsigned long n = scan_number(&s, max);

	if (scan_failed(&s) || scan_left(&s) > 0)
		return false;
	*ret = n;
	return true;
}

bool line_duration(struct span w, unsigned long max_ms, int64_t *ret_ms)
{
	struct scan s = scan_span(w);
	unsigned long n = scan_number(&s, max_ms);

	if (scan_accept_str(&s, "ms"))
		;
	else if (scan_accept(&s, 's'))
		n *= 1000;
	else
		scan_fail(&s);
	if (scan_failed(&s) || scan_left(&s) > 0 || n > max_ms)
		return false;
	*ret_ms = (int64_t)n;
	return true;
}
