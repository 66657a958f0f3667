#ifndef CONFIG_CODE_H
#define CONFIG_CODE_H

/*
 * code - the words of PHP, Python, Ruby and JavaScript, as far as literals and names go.
 */

#include "base/scan.h"
#include "config/entries.h"

enum code_language { CODE_PHP, CODE_PYTHON, CODE_RUBY, CODE_JS };

enum code_token_kind {
	TOKEN_END,
	TOKEN_TEXT,		/* a string, without its quotes and escapes */
	TOKEN_NUMBER,
	TOKEN_WORD,		/* a name, without PHP's $ */
	TOKEN_PUNCT,
	TOKEN_LINE,		/* a line end, where the language ends statements by it */
};

struct code_token {
	enum code_token_kind	 kind;
	const char		*text;
	unsigned		 line;
	/* of a string: something is put into it when the program runs */
	bool			 computed;
};

struct code {
	struct entries		*e;
	struct scan		 s;
	enum code_language	 language;
	unsigned		 line;
	struct code_token	 token;		/* the one that is looked at */
};

void code_begin(struct code *c, struct entries *e, enum code_language language, const char *p,
		size_t n);
void code_next(struct code *c);
/* true, false, null and their like. */
bool code_is_constant(const struct code_token *t);

#endif
