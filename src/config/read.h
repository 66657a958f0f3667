#ifndef CONFIG_READ_H
#define CONFIG_READ_H

/*
 * read - from entries to settings. What a program calls its settings, what it takes when nothing is
 * said, and what its words for TLS mean are rows of data/mail-programs.tsv; what rows can't say is
 * a function of its own. programs.c lists the programs.
 *
 * A program's rows were compared with its documentation or source, which `source` and the comments
 * name; where they were not, `expert` says so, and so does every finding that rests on them.
 */

#include <stdbool.h>
#include <stddef.h>

#include "config/entries.h"
#include "config/settings.h"

/* What a key sets. */
enum field {
	FIELD_NONE, FIELD_HOST, FIELD_PORT, FIELD_HOST_PORT, FIELD_URL, FIELD_USER, FIELD_PASSWORD,
	FIELD_AUTH, FIELD_FROM, FIELD_TO, FIELD_HELO, FIELD_CA, FIELD_CERT, FIELD_SCOPE,
	FIELD_TOKEN_URL, FIELD_AUTHORITY, FIELD_CLIENT_ID, FIELD_CLIENT_SECRET,
	FIELD_TENANT, FIELD_API,
};

struct reading;

/* What of a program is code: rows can't say it. */
struct program_code {
	const char		*id;		/* of its rows */
	entries_parser		*parse;		/* NULL: as the row `syntax` says, or read() does */
	void			(*read)(struct reading *r);	/* NULL: by the rows */
	/* after the rows; may be NULL */
	void			(*finish)(struct reading *r, struct mail_settings *s,
					  unsigned group);
};

/* A row of data/mail-programs.tsv: its head explains the cells. */
struct program_row { const char *kind, *name, *words, *means, *port; };

/* A program that can be read: its rows, and maybe code. */
struct program {
	const char			*id;
	entries_parser			*parse;		/* NULL: code->read() does it */
	const struct program_code	*code;		/* NULL: its rows are all */
	struct program_row		*rows;
	size_t				 n, cap;
	size_t				 own;		/* 0: built in; else the user's file */
};

/* "spring": the same for all its kinds of files */
const char *program_name(const struct program *p);
/* The words of its one row of this kind: "title", "source", "port" ...; "" without one. */
const char *program_text(const struct program *p, const char *row);

/* Rows of one kind, each with one of the names it has. */
struct program_rows {
	struct program_row	*v;
	size_t			 n, cap;
};
/* Those of a kind in their order, a row for each name in it, in the arena. */
void program_rows(const struct program *p, const char *kind, struct arena *a,
		  struct program_rows *ret);

/*
 * All, NULL-terminated: the user's own first. A program that is set up in several kinds of files
 * has an id for each.
 */
const struct program *const *programs_all(void);
/* What is wrong with a row of a program; NULL. */
const char *program_row_fault(const struct program_row *row);
/*
 * A table of the user's, in the form of data/mail-programs.tsv: its programs come before all
 * others, and take the place of those with the same id. NULL, or what is wrong with it (in the
 * arena). Before the first file is read.
 */
const char *programs_own(struct arena *a, const char *file, const char *bytes, size_t n);

struct reading {
	struct arena		*arena;		/* of the settings */
	/* wiped at the end: for all that may hold a password */
	struct arena		*work;
	const struct program	*program;
	const char		*file;
	const char		*bytes;
	size_t			 len;
	struct entries		 entries;
	struct program_rows	 keys, tls, verify;
	int			 group;		/* of those that are read; -1 all */
	bool			 inherit;	/* groups take what group 0 says */
	struct mail_settings	*list, **end;
	size_t			 n;
	const char		*error;		/* in arena; NULL */
	unsigned		 error_line;
};

/*
 * What was read of a file of no known program, or of source code, and the words beside it say more
 * (guess.c): the fields that are not known. Only where there is one of the settings.
 */
void guess_complete(struct reading *r);
/* What the program is called, by a word of the file or the file's name; "" nothing tells. */
const char *guess_name(struct reading *r);

/* --- for readers of their own --- */

/* One more, appended; NULL past 64. */
struct mail_settings *reading_new(struct reading *r, const char *name);
/*
 * What a program may be called that no rows know: as its image ("docmost/docmost:0.20"), else its
 * service ("services.docmost.environment..."), else what stands before the words for mail in a key
 * ("OVERLEAF_EMAIL_SMTP_HOST"). The name of the group otherwise. In the arena.
 */
const char *name_of_unknown(struct reading *r, const struct mail_settings *s, const char *image);
/*
 * Copies value, key and line; the value only when it may be shown (config/shown.h), else its shape.
 * What is not in the file (value NULL, or a reference such as ${NAME}) leaves a note. The same
 * without looking for references and without a note: setting_put(). `to` has to be a setting of s.
 */
void setting_put(struct reading *r, const struct mail_settings *s, struct setting *to,
		 const struct entry *e);
void take_setting(struct reading *r, struct mail_settings *s, struct setting *to,
		  const struct entry *e);
void take_secret(struct reading *r, struct mail_settings *s, const struct entry *e);
/*
 * The password is kept where it can't be seen from here: e says where that is told, words how. Not
 * if it is known.
 */
void secret_elsewhere(struct reading *r, struct mail_settings *s, const struct entry *e,
		      const char *words);
/* Of the forms of values (values.c), when all has been read. */
void note_values(struct reading *r, struct mail_settings *s);
/* What people write around a host's name, off it, with a note where the program minds. */
void trim_host(struct reading *r, struct mail_settings *s, const struct entry *e);
/* A note for each value that is not shown; when all has been read. */
void note_not_shown(struct reading *r, struct mail_settings *s);
void take_field(struct reading *r, struct mail_settings *s, enum field field,
		const struct entry *e);
/* when nothing is said; line 0; "" does nothing */
void set_default(struct setting *to, const char *value);
/* "[name]:port", "name:port", "name": splits into host and port. */
void take_host_port(struct reading *r, struct mail_settings *s, const struct entry *e);
void take_tls(struct reading *r, struct mail_settings *s, enum settings_tls tls,
	      const struct entry *e);
/* The rows of the program, for one group. */
void take_rows(struct reading *r, struct mail_settings *s, unsigned group);
/* Keys that are there twice, and keys that are nearly one of the program's (keys.c). */
void note_twice(struct reading *r, struct mail_settings *s, const struct entry *e);
void note_misspelt(struct reading *r, struct mail_settings *s, unsigned group);
/* The other rows of the program: what switches mail off, what must be there (rows.c). */
void take_acts(struct reading *r, struct mail_settings *s, unsigned group);
const struct entry *find(const struct reading *r, const char *glob, unsigned group);
bool is_true(const struct entry *e);			/* NULL is not */
bool is_false(const struct entry *e);
bool value_is(const struct entry *e, const char *words);	/* globs, separated by | */
/*
 * finding: a row of data/findings.tsv. The words must not hold a secret: of the file's own bytes
 * only what is_shown(), of keys key_shown(). Never NULL.
 */
struct settings_note *note(struct reading *r, struct mail_settings *s, unsigned line,
			   enum severity severity,
			   const char *finding, const char *fix, const char *fmt, ...)
	_printf_(7, 8);
/*
 * A file beside the one that is read (the name's folder is left out): its text in the work arena,
 * "" empty; NULL when it can't be read.
 */
const char *beside(struct reading *r, const char *name, size_t *ret_len, const char **ret_path);
/* "smtp://user:pass@host:port/?query" into the settings; false when it is no address for mail. */
bool take_url(struct reading *r, struct mail_settings *s, const struct entry *e);

#endif
