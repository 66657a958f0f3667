#include "cmd/case-options.h"

#include "base/arena.h"
#include "base/str.h"

const char *const case_recipients[] = { "internal", "external", NULL };
const char *const case_yes_no[] = { "yes", "no", NULL };

enum { VOLUME_MOST = 1000000000 };

static enum path_known *ability(struct path_means *m, const char *word)
{
	const struct { const char *word; enum path_known *at; } table[] = {
		{ "oauth", &m->can_oauth }, { "tls12", &m->can_tls12 }, { "auth", &m->can_auth },
		{ "cert", &m->can_cert }, { "admin", &m->admin },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (str_eq_nocase(table[i].word, word))
			return table[i].at;
	return NULL;
}

static int read_abilities(const struct strv *lists, enum path_known value, const char *option,
			  const char *command, struct arena *a,
			  struct path_means *m)
{
	struct strv words = { NULL, 0, 0 };

	for (size_t i = 0; i < lists->n; i++)
		strv_split(&words, a, lists->v[i], ',');
	if (lists->n && !words.n)
		return opt_wrong(command,
				 "--%s: it is empty; it takes oauth, tls12, auth, cert, admin",
				 option);
	for (size_t i = 0; i < words.n; i++) {
		enum path_known *at = ability(m, words.v[i]);

		if (!at)
			return opt_wrong(command,
					 "--%s: '%s' is none of oauth, tls12, auth, cert, admin",
					 option, str_escaped(a, words.v[i], strlen(words.v[i])));
		if (*at && *at != value)
			return opt_wrong(command, "'%s' is in --can and in --cannot", words.v[i]);
		*at = value;
		m->given = true;
	}
	return OPT_GO;
}

static enum path_known yes_no(const char *word, const char *yes)
{
	if (!word)
		return PATH_UNKNOWN;
	return str_eq(word, yes) ? PATH_YES : PATH_NO;
}

int case_options_read(const struct case_options *o, const char *command, struct arena *a,
		      struct path_means *ret)
{
	struct path_means m = {
		.given = o->recipients || o->volume || o->static_ip || o->port_25 || o->own_code,
		.external = yes_no(o->recipients, "external"),
		.static_ip = yes_no(o->static_ip, "yes"), .port_25 = yes_no(o->port_25, "yes"),
		.own_code = o->own_code ? PATH_YES : PATH_UNKNOWN,
	};
	unsigned long volume = 0;
	int status = read_abilities(&o->can, PATH_YES, "can", command, a, &m);

	if (status == OPT_GO)
		status = read_abilities(&o->cannot, PATH_NO, "cannot", command, a, &m);
	if (status != OPT_GO)
		return status;
	if (o->volume && (!str_number(o->volume, VOLUME_MOST, &volume) || !volume))
		return opt_wrong(command,
				 "--volume: '%s' is no number of recipients a day, 1 to %d",
				 str_escaped(a, o->volume, strlen(o->volume)), VOLUME_MOST);
	m.volume = (long)volume;
	*ret = m;
	return OPT_GO;
}
