#ifndef CONFIG_ENTRIES_H
#define CONFIG_ENTRIES_H

/*
 * entries - a configuration file as a flat list of keys and values with their lines,
 * whatever it is written in. "spring.mail.host" is what a YAML file nests and a properties
 * file spells out. Parsers know syntax, not programs. They take any bytes: bounded, and
 * lenient where the programs are.
 *
 * Values may be passwords: entries live in an arena that is wiped (arena_wipe()), and no
 * message quotes one.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/status.h"

struct arena;
struct scan;

enum { ENTRIES_MOST = 20000, ENTRIES_DEPTH = 64, ENTRIES_KEY = 256, ENTRIES_NAMES = 100000 };

/* What the syntax itself does to a value, and people don't see: told where the value is used. */
struct fault {
	struct fault	*next;
	const char	*finding;	/* a row of data/findings.tsv */
	const char	*message, *fix;
	enum severity	 severity;	/* for a setting, */
	enum severity	 of_secret;	/* ... and for a password */
};

struct entry {
	struct entry	*next;
	const char	*key;		/* "smtp.password" */
	const char	*value;		/* what the program gets; NULL = not in this file */
	/* where it comes from instead: "MAIL_HOST", "!secret x", "an expression"; NULL */
	const char	*variable;
	unsigned	 line;		/* 1 = the first */
	const char	*file;		/* NULL = the one that is read; another beside it */
	/* document, call or section it belongs to; 0 = the first, or all */
	unsigned	 group;
	/* a comment character right behind it ended it: a `#` in a password does that */
	bool		 comment_cut;
	bool		 quoted;
	/* quoted so that nothing in it is replaced: '${X}' in a shell */
	bool		 literal;
	/* what was meant, where the syntax makes something else of it; NULL = value */
	const char	*meant;
	/* a whole text, as a block of YAML holds one, which begins on the next line; NULL */
	const char	*block;
	bool		 copied;	/* by an alias of YAML: another may take its place */
	struct fault	*faults;
};

/* What a group is: a service, a container; "" where nothing tells. */
struct entry_group { const char *name, *image; };

struct entries {
	struct arena	*arena;
	struct entry_group *groups_of;	/* NULL where groups have no names */
	struct entry	*first, **end;
	size_t		 n;
	size_t		 names;		/* made so far, at most ENTRIES_NAMES */
	unsigned	 groups;	/* the highest group */
	const char	*error;		/* "expected a colon"; NULL */
	unsigned	 error_line;
};

void entries_init(struct entries *e, struct arena *a);
/* Takes key and value as they are, which live as long as the arena. NULL past the limits. */
struct entry *entries_add(struct entries *e, unsigned line, const char *key, const char *value);
/* A fault of the entry; entry NULL is fine. Message and fix are ours: no bytes of the file. */
void entry_fault(struct entries *e, struct entry *entry, const char *finding,
		 enum severity severity, enum severity of_secret, const char *message,
		 const char *fix);
/* Remembers the first error; answers false. */
bool entries_fail(struct entries *e, unsigned line, const char *fmt, ...) _printf_(3, 4);
/* The last one whose key matches the glob, in the group or (inherit) before it in group 0; NULL. */
const struct entry *entries_find(const struct entries *e, const char *glob, unsigned group,
				 bool inherit);

/* Never NULL. */
const struct entry_group *entries_group(const struct entries *e, unsigned group);

/* Each reads a whole file; false and error, error_line when it isn't written like that. */
typedef bool entries_parser(struct entries *e, const char *p, size_t n);
entries_parser parse_env;		/* KEY=value, export KEY="value", # comments */
/*
 * The environment of programs, whatever it is written in: lines of KEY=value, docker-compose,
 * Kubernetes, Helm's values, GitHub's workflows, systemd's units, a Dockerfile. Each container,
 * unit or map is a group, entries_group() tells its name and image.
 */
entries_parser parse_environment;
entries_parser parse_words;		/* "key value", "set key = value", # comments */
entries_parser parse_pairs;		/* any text: what looks like a setting */
entries_parser parse_ini;		/* as go-ini reads it: Grafana, Gitea */
entries_parser parse_git;		/* as git does: [sendemail "name"] */
/* Java's Properties.load(); Spring's #--- separates documents */
entries_parser parse_properties;
/* a subset: blocks, quotes, tags, documents; flow only inside a line */
entries_parser parse_yaml;
entries_parser parse_json;		/* with comments and final commas, as .NET takes it */
/* elements and attributes ("a.b@c"); nothing is expanded or fetched */
entries_parser parse_xml;
/* the literals of a program: assignments, arrays, define(), calls */
entries_parser parse_php;
entries_parser parse_python;
entries_parser parse_ruby;
entries_parser parse_js;

/* What parsers share. The next line of s, without its line end; *line counts. False at the end. */
bool next_line(struct scan *s, unsigned *line, const char **ret_p, size_t *ret_n);
/* prefix + "." + key; either may be "". Both are cut at ENTRIES_KEY. */
const char *key_join(struct entries *e, const char *prefix, const char *key);
const char *key_index(struct entries *e, const char *prefix, unsigned i);	/* "prefix[3]" */

#endif
