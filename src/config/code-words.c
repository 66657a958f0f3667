/*
 * code-words - source text cut into words.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"
#include "config/code.h"

static bool is_word(char c)
{
	return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

bool code_is_constant(const struct code_token *t)
{
	static const char *const constants[] = { "true", "false", "null", "none", "nil",
						 "undefined" };

	for (size_t i = 0; t->kind == TOKEN_WORD && i < ARRAY_LEN(constants); i++)
		if (str_eq_nocase(t->text, constants[i]))
			return true;
	return false;
}

static void comment_block(struct code *c)
{
	while (!scan_done(&c->s) && !scan_accept_str(&c->s, "*/"))
		c->line += scan_u8(&c->s) == '\n';
}

/* Blanks and comments. True when a line end was among them. */
static bool skip(struct code *c)
{
	bool ended = false;

	for (;;) {
		int next = scan_peek(&c->s);

		if (next == '\n') {
			c->line++;
			ended = true;
		}
		/* Python: the line goes on */
		if (next == '\\' && scan_left(&c->s) > 1 && c->s.p[1] == '\n') {
			scan_take(&c->s, 2);
			c->line++;
		} else if (next >= 0 && (ascii_is_space((char)next) || next == 0)) {
			scan_take(&c->s, 1);
		} else if ((next == '#' && c->language != CODE_JS) ||
			   (c->language != CODE_PYTHON && c->language != CODE_RUBY &&
			    scan_looking_at(&c->s, "//"))) {
			scan_until(&c->s, "\n");
		} else if (c->language != CODE_PYTHON && c->language != CODE_RUBY &&
			   scan_accept_str(&c->s, "/*")) {
			comment_block(c);
		} else {
			return ended;
		}
	}
}

/* Behind the opening quote. Where a string may not go over a line end, the line ends it. */
static void text(struct code *c, const char *quote, bool raw)
{
	size_t n = 0, most = scan_left(&c->s), q = strlen(quote), len = 0;
	bool lines = q == 3 || *quote == '`' || c->language == CODE_PHP,
		single = *quote == '\'' && c->language != CODE_JS && c->language != CODE_PYTHON;
	char *out;

	while (len < most && len < LIMIT_SECRET &&
	       !(most - len >= q && memcmp(c->s.p + len, quote, q) == 0) && (lines ||
									     c->s.p[len] != '\n'))
		len += c->s.p[len] == '\\' && !raw && len + 1 < most ? 2 : 1;
	if (len > most)
		len = most;
	out = arena_alloc(c->e->arena, len + 1);
	for (size_t i = 0; i < len; i++) {
		char b = c->s.p[i];

		c->line += b == '\n';
		if (b == '\\' && !raw && i + 1 < len &&
		    (!single || c->s.p[i + 1] == '\\' || c->s.p[i + 1] == '\''))
			b = ascii_mapped(c->s.p[++i], "ntr", "\n\t\r");
		out[n++] = b;
	}
	scan_take(&c->s, len);
	if (scan_left(&c->s) >= q && memcmp(c->s.p, quote, q) == 0)
		scan_take(&c->s, q);
	c->token.kind = TOKEN_TEXT;
	c->token.text = out;
	if ((*quote == '`' && strstr(out, "${")) ||
	    (c->language == CODE_RUBY && *quote == '"' && strstr(out, "#{")) ||
	    (c->language == CODE_PHP && *quote == '"' && strchr(out, '$')))
		c->token.computed = true;
}

static bool quote_here(struct code *c, bool raw, bool format)
{
	static const char *const quotes[] = { "\"\"\"", "'''", "\"", "'", "`" };

	for (size_t i = c->language == CODE_PYTHON ? 0 : 2; i < ARRAY_LEN(quotes); i++)
		if (scan_accept_str(&c->s, quotes[i])) {
			text(c, quotes[i], raw);
			c->token.computed |= format && strchr(c->token.text, '{');
			return true;
		}
	return false;
}

static void word(struct code *c)
{
	struct span w = scan_while(&c->s, is_word);
	bool prefix = c->language == CODE_PYTHON && w.len <= 2;

	for (size_t i = 0; i < w.len && prefix; i++)
		prefix = strchr("rbuf", ascii_lower(w.p[i])) != NULL;
	if (prefix && quote_here(c, memchr(w.p, 'r', w.len) || memchr(w.p, 'R', w.len),
				 memchr(w.p, 'f', w.len) || memchr(w.p, 'F', w.len)))
		return;
	if (w.len > ENTRIES_KEY)
		w.len = ENTRIES_KEY;
	c->token.kind = ascii_is_digit(*w.p) ? TOKEN_NUMBER : TOKEN_WORD;
	c->token.text = span_dup(c->e->arena, w);
}

void code_next(struct code *c)
{
	static const char *const puncts[] = {
		"===", "!==", "=>", "==", "!=", "<=", ">=", "->", "::", "?.", "||", "&&", "??",
		"?:", "+=", "=", "(", ")", "[", "]", "{",
			"}", ",", ";", ":", ".",
		"?", "+", "-", "*", "/", "%", "!", "<", ">", "&", "|", "^", "~", "@", "\\",
	};
	bool ended = skip(c);
	int next;

	c->token = (struct code_token) { .kind = TOKEN_END, .text = "", .line = c->line };
	if (ended &&
	    (c->language == CODE_PYTHON || c->language == CODE_RUBY || c->language == CODE_JS)) {
		c->token.kind = TOKEN_LINE;
		return;
	}
	next = scan_peek(&c->s);
	if (next < 0)
		return;
	if (next == '$') {	/* PHP's variables; elsewhere part of a name */
		scan_take(&c->s, 1);
		next = scan_peek(&c->s);
	}
	if (next >= 0 && is_word((char)next)) {
		word(c);
		return;
	}
	if (quote_here(c, false, false))
		return;
	c->token.kind = TOKEN_PUNCT;
	for (size_t i = 0; i < ARRAY_LEN(puncts); i++)
		if (scan_accept_str(&c->s, puncts[i])) {
			c->token.text = puncts[i];
			return;
		}
	c->token.text = "?";
	if (next >= 0)
		scan_take(&c->s, 1);
}

void code_begin(struct code *c, struct entries *e, enum code_language language, const char *p,
		size_t n)
{
	const char *open = language == CODE_PHP && n ? memmem(p, n, "<?php", 5) : NULL;

	*c = (struct code) { .e = e, .s = scan_over(p, n), .language = language, .line = 1 };
	if (open)
		for (struct span before = scan_take(&c->s, (size_t)(open - p) + 5); before.len;
		     before.len--)
			c->line += *before.p++ == '\n';
	code_next(c);
}
