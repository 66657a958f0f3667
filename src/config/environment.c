/*
 * environment - variables that a program is started with, whatever they are written in.
 *
 *	KEY=value				a .env file, a shell's script
 *	services.x.environment			docs.docker.com/reference/compose-file
 *	containers[0].env[1].name, .value	Kubernetes: kubernetes.io/docs/reference
 *	data.KEY, stringData.KEY		... ConfigMap; Secret, where data is base64
 *	env.KEY, extraEnv[0].name		Helm's values, GitHub's workflows, launchers
 *	[Service] Environment="KEY=value"	systemd.exec(5)
 *	ENV KEY=value				a Dockerfile
 */
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/str.h"
#include "config/entries.h"

enum { GROUPS_MOST = 256, NEAR = 16 };

static bool is_name(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(p[i]) && p[i] != '_' && p[i] != '.' && p[i] != '-')
			return false;
	return n > 0 && n <= 128 && !ascii_is_digit(*p);
}

/* --- units and Dockerfiles --- */

/* A word with its quotes taken off, as shells and systemd do; moves v behind it. */
static const char *next_word(struct entries *e, struct span *v)
{
	char *out = arena_alloc(e->arena, v->len + 1), quote = '\0';
	size_t n = 0, i = 0;

	while (i < v->len && ascii_is_space(v->p[i]))
		i++;
	for (; i < v->len && (quote || !ascii_is_space(v->p[i])); i++) {
		char c = v->p[i];

		if (c == quote)
			quote = '\0';
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else if (c == '\\' && quote != '\'' && i + 1 < v->len)
			out[n++] = v->p[++i];
		else
			out[n++] = c;
	}
	v->p += i;
	v->len -= i;
	return out;
}

static struct entry *pair(struct entries *e, unsigned line, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || !is_name(text, (size_t)(equals - text)))
		return NULL;
	return entries_add(e, line, arena_strndup(e->arena, text, (size_t)(equals - text)),
			   equals + 1);
}

/* "KEY=value KEY=value", or of a Dockerfile "KEY value". */
static void pairs(struct entries *e, unsigned line, struct span v, bool docker)
{
	const char *first = next_word(e, &v), *word = first;
	struct entry *entry;

	if (docker && !strchr(first, '=') && is_name(first, strlen(first))) {
		entries_add(e, line, first, span_dup(e->arena, span_trim(v)));
		return;
	}
	for (; *word && !e->error; word = next_word(e, &v)) {
		entry = pair(e, line, word);
		if (entry && docker && strchr(entry->value, '$')) {
			entry->variable = entry->value;
			entry->value = NULL;
		}
	}
}

static bool parse_lines(struct entries *e, const char *p, size_t n, bool docker)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	struct span l;

	while (!e->error && next_line(&s, &line, &l.p, &l.len)) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(LIMIT_SECRET);
		unsigned first = line;
		struct scan in;

		l = span_trim(l);
		while (l.len && l.p[l.len - 1] == '\\') {
			buf_add(&b, l.p, l.len - 1);
			buf_addc(&b, ' ');
			if (!next_line(&s, &line, &l.p, &l.len))
				l.len = 0;
			l = span_trim(l);
		}
		buf_add(&b, l.p, l.len);
		in = scan_over(arena_strndup(e->arena, buf_str(&b), b.len), b.len);
		buf_wipe(&b);
		if (scan_accept_str(&in, docker ? "ENV " : "Environment="))
			pairs(e, first, scan_rest(&in), docker);
	}
	return !e->error;
}

/* --- trees: YAML and JSON --- */

struct tree {
	struct entries	*e;		/* where variables go */
	struct entries	 in;		/* what is written */
	struct { unsigned doc; const char *prefix; } of[GROUPS_MOST];
	unsigned	 n;
	bool		 compose, kube;
};

/* The value of PREFIX.NAME in a document; "". */
static const char *text_at(const struct tree *t, unsigned doc, const char *prefix,
			   const char *name)
{
	size_t n = strlen(prefix);

	for (const struct entry *i = t->in.first; i; i = i->next)
		if (i->group == doc && i->value && strncmp(i->key, prefix, n) == 0 &&
		    str_eq(i->key + n + (n && i->key[n] == '.'), name))
			return i->value;
	return "";
}

/* The group of what stands at the prefix of a document; made when it is new. */
static unsigned group_of(struct tree *t, unsigned doc, const char *prefix)
{
	struct entry_group *g;
	const char *dot = strrchr(prefix, '.');

	for (unsigned i = t->n; i-- > 0;)
		if (t->of[i].doc == doc && str_eq(t->of[i].prefix, prefix))
			return i;
	if (t->n == GROUPS_MOST - 1)
		return t->n - 1;
	g = &t->e->groups_of[t->n];
	g->name = text_at(t, doc, prefix, "name");
	if (!*g->name)
		g->name = dot ? dot + 1 : prefix;
	g->image = text_at(t, doc, prefix, "image");
	if (!*g->image)
		g->image = text_at(t, doc, prefix, "image.repository");
	t->of[t->n].doc = doc;
	t->of[t->n].prefix = prefix;
	t->e->groups = t->n;
	return t->n++;
}

static struct entry *add(struct tree *t, const struct entry *from, const char *prefix,
			 const char *name, const char *value)
{
	unsigned group = group_of(t, from->group, prefix);
	struct entry *new = entries_add(t->e, from->line, name, value);

	if (!new)
		return NULL;
	new->variable = from->variable;
	new->group = group;
	new->quoted = from->quoted;
	new->faults = from->faults;
	new->copied = from->copied;
	return new;
}

/*
 * What compose makes of $: ${NAME}, ${NAME:-default} and $NAME come from its own environment, $$ is
 * a dollar sign (docs.docker.com/reference/compose-file/interpolation).
 */
static void interpolate(struct tree *t, struct entry *e)
{
	const char *v = e->value, *end, *minus;
	const char *dollar = v ? strchr(v, '$') : NULL;

	while (dollar && dollar[1] == '$')
		dollar = strchr(dollar + 2, '$');
	if (!dollar || !(ascii_is_alpha(dollar[1]) || dollar[1] == '_' || dollar[1] == '{'))
		return;
	end = dollar[1] == '{' ? strchr(dollar, '}') : dollar + strlen(dollar);
	if (dollar == v && dollar[1] == '{' && end && !end[1]) {
		minus = memchr(v, '-', (size_t)(end - v));
		e->variable = arena_strndup(t->e->arena, v + 2, strcspn(v + 2, ":-?+}"));
		e->value = NULL;
		if (minus)
			e->value = arena_strndup(t->e->arena, minus + 1,
						 (size_t)(end - minus) - 1);
	} else if (dollar[1] == '{' || (dollar == v && is_name(v + 1, strlen(v + 1)) &&
					strcspn(v, "_") < strlen(v))) {
		e->variable = v;
		e->value = NULL;
	} else {
		entry_fault(t->e, e, "lint.dollar-replaced", WARNING, ERROR,
			    "Compose takes a $ with letters behind it for the name of a variable, "
			    "and puts that variable's value, or nothing, in its place",
			    "write every $ of the value as $$");
	}
}

/* "- KEY=value": quotes inside belong to the value. */
static void list_item(struct tree *t, const struct entry *i, const char *prefix)
{
	const char *text = i->value ? i->value : "", *equals = strchr(text, '='), *v;
	size_t n = equals ? (size_t)(equals - text) : strlen(text);
	struct entry *e;

	if (!is_name(text, n))
		return;
	e = add(t, i, prefix, arena_strndup(t->e->arena, text, n), equals ? equals + 1 : NULL);
	if (!e)
		return;
	v = e->value;
	if (!v) {
		e->variable = e->key;
		return;
	}
	n = strlen(v);
	if (n > 1 && (*v == '"' || *v == '\'') && v[n - 1] == *v) {
		e->meant = arena_strndup(t->e->arena, v + 1, n - 2);
		entry_fault(t->e, e, "lint.quotes-in-value", ERROR, ERROR,
			    "In a list, quotes behind the = are part of the value: the program "
			    "gets them, too", "put the quotes around the whole item: "
			    "- \"KEY=value\"; or write KEY: value");
	}
	if (t->compose)
		interpolate(t, e);
}

/* "- name: KEY", and value: or valueFrom: beside it. */
static void named_item(struct tree *t, const struct entry *i, const char *item,
		       const char *prefix)
{
	size_t n = strlen(item), left = NEAR;
	struct entry *e;

	if (!i->value || !is_name(i->value, strlen(i->value)))
		return;
	for (const struct entry *k = i->next; k && left && !strncmp(k->key, item, n);
	     k = k->next, left--) {
		if (str_eq(k->key + n, ".value")) {
			e = add(t, k, prefix, i->value, k->value);
			if (e && t->kube && k->value && !k->quoted &&
			    (strspn(k->value, "0123456789") == strlen(k->value) ||
			     str_in(k->value, "true|false|yes|no|on|off")))
				entry_fault(t->e, e, "lint.not-a-string", ERROR, ERROR,
					    "Kubernetes takes only text as the value of a "
					    "variable, and this is a number or a truth value: it "
					    "refuses the whole object", "put it in quotes");
			return;
		}
		if (str_has_prefix(k->key + n, ".valueFrom.") &&
		    str_has_suffix_nocase(k->key, "KeyRef.key")) {
			e = add(t, k, prefix, i->value, NULL);
			if (e)
				e->variable = k->value;
			return;
		}
	}
}

/* Data of a Secret: base64, of which the program gets what is in it. */
static void decode(struct tree *t, struct entry *e)
{
	_cleanup_(buf_wipe_release) struct buf b = BUF_INIT(LIMIT_SECRET);

	if (!e || !e->value || !*e->value)
		return;
	if (!base64_decode(&b, e->value, strlen(e->value)) || memchr(buf_str(&b), '\0', b.len)) {
		e->variable = "an expression";
		e->value = NULL;
		entry_fault(t->e, e, "lint.not-base64", ERROR, ERROR,
			    "data of a Secret is base64, and this is not: Kubernetes refuses the "
			    "object", "write it under stringData, as it is; or encode it: "
			    "printf %s VALUE | base64");
		return;
	}
	if (b.len && buf_str(&b)[b.len - 1] == '\n') {
		entry_fault(t->e, e, "lint.ends-in-newline", ERROR, ERROR,
			    "There is a line end inside the base64, as echo adds one: the program "
			    "gets it as part of the value", "encode it anew: "
			    "printf %s VALUE | base64");
		e->meant = arena_strndup(t->e->arena, buf_str(&b), b.len - 1);
	}
	e->value = arena_strndup(t->e->arena, buf_str(&b), b.len);
}

static bool is_map(const char *name, size_t n)
{
	static const char maps[] = "environment|env|extraEnv|extraEnvs|envVars|extraEnvVars|"
				   "environmentVariables|variables|data|stringData|envs|envVar";

	return span_in((struct span) { name, n }, maps);
}

/* A key of the tree: is it a variable's? */
static void branch(struct tree *t, const struct entry *i)
{
	const char *key = i->key, *dot = strrchr(key, '.'), *open = strrchr(key, '['), *name, *up;
	size_t n = strlen(key), parent;
	const char *prefix;
	struct entry *e;

	if (open && key[n - 1] == ']') {
		parent = (size_t)(open - key);
	} else if (dot && str_eq(dot, ".name") && dot > key && dot[-1] == ']' && open) {
		parent = (size_t)(open - key);
		up = memrchr(key, '.', parent);
		prefix = arena_strndup(t->e->arena, key, up ? (size_t)(up - key) : 0);
		named_item(t, i, arena_strndup(t->e->arena, key, (size_t)(dot - key)), prefix);
		return;
	} else if (dot && is_name(dot + 1, strlen(dot + 1))) {
		parent = (size_t)(dot - key);
	} else {
		return;
	}
	up = memrchr(key, '.', parent);
	name = up ? up + 1 : key;
	if (!is_map(name, parent - (size_t)(name - key)))
		return;
	prefix = arena_strndup(t->e->arena, key, up ? (size_t)(up - key) : 0);
	if (open && key[n - 1] == ']') {
		list_item(t, i, prefix);
		return;
	}
	e = add(t, i, prefix, dot + 1, i->value);
	if (t->kube && str_has_prefix(name, "data.") &&
	    str_eq(text_at(t, i->group, "", "kind"), "Secret"))
		decode(t, e);
	else if (e && t->compose)
		interpolate(t, e);
}

/* The objects of Kubernetes that hold values for others: they count as one. */
static unsigned holder(const struct tree *t, unsigned doc)
{
	return t->kube && str_in(text_at(t, doc, "", "kind"), "ConfigMap|Secret") ? UINT32_MAX :
	       doc;
}

/*
 * A container takes what ConfigMaps and Secrets of the same file hold: all of it, or where it names
 * one key, that.
 */
static void join(struct tree *t)
{
	unsigned held = UINT32_MAX, taker = UINT32_MAX;

	for (unsigned g = 0; g < t->n; g++)
		if (holder(t, t->of[g].doc) == UINT32_MAX)
			held = held == UINT32_MAX ? g : held;
	for (unsigned g = 0; g < t->n && taker == UINT32_MAX; g++)
		if (holder(t, t->of[g].doc) != UINT32_MAX && *t->e->groups_of[g].image)
			taker = g;
	if (held == UINT32_MAX)
		return;
	for (struct entry *i = t->e->first; i; i = i->next)
		if (holder(t, t->of[i->group].doc) == UINT32_MAX)
			i->group = taker == UINT32_MAX ? held : taker;
	for (struct entry *i = t->e->first; i; i = i->next) {
		if (!i->variable || i->value || i->group != taker)
			continue;
		for (struct entry *k = t->e->first; k; k = k->next)
			if (k != i && k->value && str_eq(k->key, i->variable)) {
				i->value = k->value;
				i->faults = k->faults;
				i->meant = k->meant;
				i->line = k->line;
				i->variable = NULL;
				break;
			}
	}
}

static bool parse_tree(struct entries *e, const char *p, size_t n, entries_parser *parse)
{
	struct tree *t = arena_alloc(e->arena, sizeof(*t));

	*t = (struct tree) { .e = e };
	e->groups_of = arena_alloc(e->arena, GROUPS_MOST * sizeof(*e->groups_of));
	for (unsigned g = 0; g < GROUPS_MOST; g++)
		e->groups_of[g] = (struct entry_group) { "", "" };
	entries_init(&t->in, e->arena);
	if (!parse(&t->in, p, n))
		return entries_fail(e, t->in.error_line, "%s", t->in.error);
	for (const struct entry *i = t->in.first; i; i = i->next) {
		t->compose |= str_has_prefix(i->key, "services.");
		t->kube |= str_eq(i->key, "apiVersion");
	}
	for (const struct entry *i = t->in.first; i && !e->error; i = i->next)
		branch(t, i);
	if (t->kube)
		join(t);
	return !e->error;
}

/* --- which of them it is --- */

/* The first line that says something. */
static struct span first_line(const char *p, size_t n)
{
	struct scan s = scan_over(p, n);
	unsigned line = 0;
	struct span l = { "", 0 };

	scan_accept_str(&s, "\xef\xbb\xbf");
	while (next_line(&s, &line, &l.p, &l.len)) {
		l = span_trim(l);
		if (l.len && *l.p != '#' && *l.p != ';' && !span_eq(l, "---"))
			return l;
	}
	return (struct span) { "", 0 };
}

/* "key: value" or "- item", and no "KEY=". */
static bool is_yaml(struct span l)
{
	const char *colon = memchr(l.p, ':', l.len), *equals = memchr(l.p, '=', l.len);

	return (*l.p == '-' && l.len > 1 && l.p[1] == ' ') ||
	       (colon && (!equals || colon < equals) &&
		(colon + 1 == l.p + l.len || ascii_is_space(colon[1])));
}

bool parse_environment(struct entries *e, const char *p, size_t n)
{
	struct span l = first_line(p, n);

	if (!l.len)
		return parse_env(e, p, n);
	if (span_has_prefix_nocase(l, "FROM ") || span_has_prefix_nocase(l, "ARG ") ||
	    span_has_prefix_nocase(l, "ENV "))
		return parse_lines(e, p, n, true);
	if (*l.p == '{')
		return parse_tree(e, p, n, parse_json);
	if (*l.p == '[' && memmem(p, n, "[Service]", 9))
		return parse_lines(e, p, n, false);
	return is_yaml(l) ? parse_tree(e, p, n, parse_yaml) : parse_env(e, p, n);
}
