/*
 * Who speaks in a line without a code: what a program advises its reader to do is not what a server
 * said, though it has the same words.
 */
#include "paste/paste.h"

#include "base/buf.h"
#include "base/scan.h"

/* Each makes its sentence the program's own. No server asks the reader to look at settings. */
static const char advice[] =
	"please verify|please check your|please check the |please check that|please make sure|"
	"verify that |verify the mail|verify the e|verify the s|verify your |check the log|"
	"check your |check that |check if |make sure that|"
	"make sure you|possible cause|possible reason|if you |if the problem|if two-|if 2-|"
	"configured correctly|settings may need|for more details see the log|see the log|"
	"may have disabled|may not be correctly";

/* Behind the last ':' or '=' of a sentence: the setting is not so. */
static bool says_no(struct span sentence)
{
	const char *mark = NULL;

	sentence = span_trim(sentence);
	while (sentence.len && strchr(".;,!", sentence.p[sentence.len - 1]))
		sentence.len--;
	for (size_t i = 0; i < sentence.len; i++) {
		if (sentence.p[i] == ':' || sentence.p[i] == '=')
			mark = sentence.p + i;
	}
	return mark && span_in(span_trim(span_from(sentence, mark + 1)),
			       "false|no|off|none|null|0|nein|non");
}

/* The next sentence, with what ends it: a full stop or a semicolon before a blank. */
static struct span next_sentence(struct scan *s)
{
	const char *from = s->p;

	while (!scan_done(s)) {
		char c = scan_take(s, 1).p[0];

		if ((c == '.' || c == ';' || c == '!') && scan_peek(s) == ' ')
			break;
	}
	return (struct span) { from, (size_t)(s->p - from) };
}

char *paste_without_advice(struct arena *a, struct span line)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(128 * 1024);
	struct scan s = scan_span(line);

	if (!span_has_any(line, advice) && !says_no(line))
		return span_dup(a, line);
	while (!scan_done(&s)) {
		struct span sentence = next_sentence(&s);

		if (!span_has_any(sentence, advice) && !says_no(sentence))
			buf_add(&b, sentence.p, sentence.len);
	}
	return arena_strdup(a, buf_str(&b));
}
