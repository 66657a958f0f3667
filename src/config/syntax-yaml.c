/*
 * syntax-yaml - as much of YAML as configuration files use: nested blocks, sequences
 * ("notify[0].server"), quotes, block scalars, tags (`!secret name` is a value that stands
 * elsewhere), comments, several documents (groups), {a: b} and [a, b] inside a line.
 * Anchors are passed over.
 */
#include <string.h>

#include "base/arena.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

enum { ANCHORS_MOST = 32, COPIES_MOST = 256 };

/* An open block: keys further to the right belong to it. */
struct level {
	size_t		 indent;
	const char	*path;
	unsigned	 items;		/* of a sequence, so far */
};

struct yaml {
	struct entries	*e;
	struct scan	 s;
	unsigned	 line;
	struct level	 level[ENTRIES_DEPTH + 1];
	int		 depth;
	const char	*pending;	/* a key whose value may be the deeper block */
	size_t		 pending_indent;
	unsigned	 pending_line;
	/* of the key whose block scalar goes on; (size_t)-1 none */
	size_t		 literal_indent;
	struct entry	*literal;
	struct span	 block;		/* its lines so far */
	struct { const char *name, *path; } anchors[ANCHORS_MOST];
	size_t		 n_anchors;
};

static void flow(struct yaml *y, const char *path, struct span v, int depth);

/* Where a plain or quoted scalar ends: a comment, or stop characters of a flow. */
static size_t scalar_end(struct span v, const char *stops)
{
	size_t i = 0;

	if (v.len && (*v.p == '"' || *v.p == '\'')) {
		for (i = 1; i < v.len && v.p[i] != *v.p; i++)
			if (*v.p == '"' && v.p[i] == '\\')
				i++;
		return i < v.len ? i + 1 : v.len;
	}
	for (; i < v.len; i++)
		if ((v.p[i] == '#' && (i == 0 || ascii_is_space(v.p[i - 1]))) ||
		    strchr(stops, v.p[i] ? v.p[i] : ' '))
			break;
	return i;
}

static const char *unquote(struct yaml *y, struct span v)
{
	char quote = *v.p, *out = arena_alloc(y->e->arena, v.len + 1);
	size_t n = 0;

	for (size_t i = 1; i + 1 < v.len; i++) {
		char c = v.p[i];

		if (c == quote && quote == '\'' && v.p[i + 1] == quote)
			i++;
		if (c == '\\' && quote == '"' && i + 2 < v.len) {
			c = ascii_mapped(v.p[++i], "ntr", "\n\t\r");
		}
		out[n++] = c;
	}
	out[n] = '\0';
	return out;
}

/* "${NAME:default}" (Spring), "%env(NAME)%" (Symfony), "$__env{NAME}". */
static void placeholder(struct yaml *y, struct entry *entry)
{
	static const struct { const char *begin, *end; } forms[] = {
		{ "${", "}" }, { "%env(", ")%" }, { "$__env{", "}" }
	};
	const char *v = entry->value;

	for (size_t i = 0; v && i < ARRAY_LEN(forms); i++) {
		size_t n = strlen(forms[i].begin), len = strlen(v), last = strlen(forms[i].end);
		const char *colon;

		if (!str_has_prefix(v, forms[i].begin) || len < n + last ||
		    !str_eq(v + len - last, forms[i].end))
			continue;
		colon = memchr(v + n, ':', len - n - last);
		/* %env(resolve:NAME)%: how it is processed, then the name */
		if (colon && forms[i].end[0] == ')') {
			colon = memrchr(v + n, ':', len - n - last);
			entry->variable = arena_strndup(y->e->arena, colon + 1,
							(size_t)(v + len - last - colon) - 1);
			entry->value = NULL;
			return;
		}
		entry->variable = arena_strndup(y->e->arena, v + n,
						colon ? (size_t)(colon - v) - n : len - n - last);
		entry->value = colon ? arena_strndup(y->e->arena, colon + 1,
						     (size_t)(v + len - last - colon) - 1) :
			       NULL;
		return;
	}
}

/*
 * Characters that can't begin a plain value (YAML 1.2.2, 5.3 and 7.3.3): ! begins a tag, @ and `
 * are reserved.
 */
static void first_character(struct yaml *y, struct entry *entry)
{
	static const char tags[] = "secret|env_var|vault|include*|input|ENV|Ref|Sub|GetAtt|"
				   "reference|lambda|ImportValue|!*|Join|FindInMap|file|env|base64";
	const char *v = entry->value;
	size_t n = strcspn(v, " ");

	if ((*v == '!' && n > 1 && !v[n] &&
	     !span_in((struct span) { v + 1, n - 1 }, tags)) || *v == '@' || *v == '`')
		entry_fault(y->e, entry, "lint.yaml-character", ERROR, ERROR,
			    "The first character means something else in YAML, where the value has "
			    "no quotes: ! begins a tag, @ and ` are reserved",
			    "put the value in single quotes");
}

static void scalar(struct yaml *y, const char *path, struct span v, unsigned line)
{
	struct entry *entry;
	bool quoted = v.len > 1 && (*v.p == '"' || *v.p == '\'');

	v = span_trim(v);
	if (v.len && *v.p == '&')	/* an anchor */
		for (; v.len && !ascii_is_space(*v.p); v.p++)
			v.len--;
	v = span_trim(v);
	if (!quoted && (v.len == 0 || span_eq(v, "~") || span_eq(v, "null")))
		return;
	entry = entries_add(y->e, line, path, quoted ? unquote(y, v) : span_dup(y->e->arena, v));
	if (!entry)
		return;
	entry->quoted = quoted;
	if (!quoted)
		first_character(y, entry);
	if (!quoted && (*v.p == '!' || *v.p == '*')) {
		entry->variable = entry->value;
		entry->value = NULL;
	} else {
		placeholder(y, entry);
	}
}

/* "{a: b, c: d}" or "[a, b]", which ends on its line. */
static void flow(struct yaml *y, const char *path, struct span v, int depth)
{
	bool map = *v.p == '{';
	unsigned item = 0;

	v.p++;
	v.len--;
	while (v.len && *v.p != '}' && *v.p != ']' && depth < 8) {
		const char *key = path;
		size_t n;

		while (v.len && (ascii_is_space(*v.p) || *v.p == ',')) {
			v.p++;
			v.len--;
		}
		n = scalar_end(v, map ? ":,}]" : ",}]");
		if (map && n < v.len && v.p[n] == ':') {
			struct span name = span_trim((struct span) { v.p, n });

			key = key_join(y->e, path,
				       name.len && (*name.p == '"' || *name.p == '\'') ?
				       unquote(y, name) : span_dup(y->e->arena, name));
			v.p += n + 1;
			v.len -= n + 1;
			while (v.len && ascii_is_space(*v.p)) {
				v.p++;
				v.len--;
			}
			n = scalar_end(v, ",}]");
		} else if (!map) {
			key = key_index(y->e, path, item++);
		}
		if (n == 0 && v.len && (*v.p == '{' || *v.p == '['))
			return;		/* deeper than anybody writes a mail server */
		scalar(y, key, (struct span) { v.p, n }, y->line);
		v.p += n;
		v.len -= n;
		if (n == 0)
			break;
	}
}

/* "&name" in front of a block: where it is; moves v behind it. */
static void anchor(struct yaml *y, const char *path, struct span *v)
{
	size_t n = 1;

	while (n < v->len && !ascii_is_space(v->p[n]))
		n++;
	if (y->n_anchors < ANCHORS_MOST) {
		y->anchors[y->n_anchors].name = arena_strndup(y->e->arena, v->p + 1, n - 1);
		y->anchors[y->n_anchors++].path = path;
	}
	*v = span_trim((struct span) { v->p + n, v->len - n });
}

/* "*name", as a block, or merged by <<: the anchor's entries once more. False: there is none. */
static bool alias(struct yaml *y, const char *path, struct span name)
{
	const char *from = NULL, *to = path, *last = strrchr(path, '.');
	size_t n, left = COPIES_MOST;

	for (size_t i = 0; i < y->n_anchors; i++)
		if (span_eq(name, y->anchors[i].name))
			from = y->anchors[i].path;
	if (!from)
		return false;
	if (str_eq(last ? last + 1 : path, "<<"))
		to = arena_strndup(y->e->arena, path, last ? (size_t)(last - path) : 0);
	n = strlen(from);
	for (const struct entry *i = y->e->first; i && left; i = i->next) {
		struct entry *copy;

		if (strncmp(i->key, from, n) != 0 || !strchr(".[", i->key[n]))
			continue;
		left--;
		copy = entries_add(y->e, i->line,
				   i->key[n] == '[' ?
				   arena_printf(y->e->arena, "%.*s%s", ENTRIES_KEY, to,
						i->key + n) :
				   key_join(y->e, to, i->key + n + (i->key[n] == '.')), i->value);
		if (copy) {
			copy->variable = i->variable;
			copy->quoted = i->quoted;
			copy->faults = i->faults;
			copy->copied = true;
		}
	}
	return left < COPIES_MOST;
}

static void value(struct yaml *y, const char *path, size_t indent, struct span v)
{
	v = span_trim(v);
	if (v.len > 1 && *v.p == '&')
		anchor(y, path, &v);
	if (v.len > 1 && *v.p == '*' && alias(y, path, (struct span) { v.p + 1, v.len - 1 }))
		return;
	if (v.len == 0 || *v.p == '#') {
		y->pending = path;
		y->pending_indent = indent;
		y->pending_line = y->line;
	} else if (*v.p == '|' || *v.p == '>') {
		y->literal_indent = indent;
		y->literal = entries_add(y->e, y->line, path, "");
	} else if (*v.p == '{' || *v.p == '[') {
		flow(y, path, v, 0);
	} else {
		size_t n = scalar_end(v, "");

		scalar(y, path, (struct span) { v.p, n }, y->line);
	}
}

/* The colon that ends a key, or NULL. */
static const char *colon_of(struct span v)
{
	size_t i = v.len && (*v.p == '"' || *v.p == '\'') ? scalar_end(v, "") : 0;

	for (; i < v.len; i++) {
		if (v.p[i] == '#' && (i == 0 || ascii_is_space(v.p[i - 1])))
			return NULL;
		if (v.p[i] == ':' && (i + 1 == v.len || ascii_is_space(v.p[i + 1])))
			return v.p + i;
	}
	return NULL;
}

/* The block at this indent: open it, or close what is deeper. */
static bool settle(struct yaml *y, size_t indent, bool item)
{
	/* A sequence may stand as far left as its key. */
	bool deeper = y->pending &&
		      (indent > y->pending_indent || (item && indent == y->pending_indent));

	while (y->depth > 0 && y->level[y->depth].indent > indent)
		y->depth--;
	if (deeper) {
		if (y->depth == ENTRIES_DEPTH)
			return entries_fail(y->e, y->line, "this is nested deeper than %d levels",
					    ENTRIES_DEPTH);
		/* The key's own level stays open below it. */
		y->depth++;
		y->level[y->depth] = (struct level) { indent, y->pending, 0 };
	} else if (y->depth > 0 && !item && y->level[y->depth].indent == indent &&
		   y->level[y->depth].items > 0 && y->level[y->depth - 1].indent == indent) {
		y->depth--;	/* the sequence that stood as far left as its key is over */
	}
	y->pending = NULL;
	return true;
}

static bool content(struct yaml *y, size_t indent, struct span v)
{
	const char *colon, *key;
	struct span name;

	while (v.len && *v.p == '-' && (v.len == 1 || ascii_is_space(v.p[1]))) {
		struct level *l;
		size_t skip = 1;

		if (!settle(y, indent, true))
			return false;
		l = &y->level[y->depth];
		while (skip < v.len && v.p[skip] == ' ')
			skip++;
		y->pending = key_index(y->e, l->path, l->items++);
		y->pending_indent = indent;
		y->pending_line = y->line;
		v.p += skip;
		v.len -= skip;
		indent += skip;
	}
	if (v.len == 0 || *v.p == '#')
		return true;
	colon = *v.p == '{' || *v.p == '[' ? NULL : colon_of(v);
	if (!colon) {
		const char *path = y->pending;

		y->pending = NULL;
		if (path)
			value(y, path, indent, v);
		return true;
	}
	if (!settle(y, indent, false))
		return false;
	name = span_trim((struct span) { v.p, (size_t)(colon - v.p) });
	key = name.len && (*name.p == '"' || *name.p == '\'') ? unquote(y, name) :
	      span_dup(y->e->arena, name);
	value(y, key_join(y->e, y->level[y->depth].path, key), indent,
	      (struct span) { colon + 1, (size_t)(v.p + v.len - colon) - 1 });
	return true;
}

/* A block that is over: of more than one line it is a text of its own, maybe a whole file. */
static void end_block(struct yaml *y)
{
	if (y->literal && memchr(y->block.p ? y->block.p : "", '\n', y->block.len))
		y->literal->block = span_dup(y->e->arena, y->block);
	y->literal_indent = (size_t)-1;
	y->literal = NULL;
	y->block = (struct span) { NULL, 0 };
}

static bool take_line(struct yaml *y, struct span l)
{
	size_t indent = 0;
	struct span v = span_trim(l);

	while (indent < l.len && l.p[indent] == ' ')
		indent++;
	if (v.len == 0)
		return true;
	if (y->literal_indent != (size_t)-1) {
		if (indent > y->literal_indent) {
			/* The first line says what it is; no setting of mail has more. */
			if (y->literal && !*y->literal->value) {
				y->literal->value = span_dup(y->e->arena, v);
				y->block = l;
			}
			y->block.len = (size_t)(l.p + l.len - y->block.p);
			return true;
		}
		end_block(y);
	}
	if (*v.p == '#' || *v.p == '%')
		return true;
	if (span_eq(v, "---") || span_eq(v, "...")) {
		y->e->groups += y->e->n > 0 && span_eq(v, "---");
		y->depth = 0;
		y->level[0] = (struct level) { 0, "", 0 };
		y->pending = NULL;
		return true;
	}
	if (indent < l.len && l.p[indent] == '\t')
		return entries_fail(y->e, y->line, "a tab cannot indent in YAML; use blanks");
	return content(y, indent, v);
}

bool parse_yaml(struct entries *e, const char *p, size_t n)
{
	struct yaml *y = arena_alloc(e->arena, sizeof(*y));
	struct span l;
	bool good = true;

	y->e = e;
	y->s = scan_over(p, n);
	y->level[0].path = "";
	y->literal_indent = (size_t)-1;
	scan_accept_str(&y->s, "\xef\xbb\xbf");
	while (good && !e->error && next_line(&y->s, &y->line, &l.p, &l.len))
		good = take_line(y, l);
	end_block(y);
	return good && !e->error;
}
