/*
 * settings - what is known of a program whose settings were read.
 */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "config/read.h"

const char *settings_tls_name(enum settings_tls t)
{
	static const char *const names[] = { "", "none", "opportunistic", "starttls", "implicit" };

	return names[t];
}

bool setting_is_set(const struct setting *s)
{
	return s->value || s->shape;
}

void settings_free(struct mail_settings *list)
{
	for (; list; list = list->next) {
		secret_free(list->secret);
		secret_free(list->client_secret);
		list->secret = list->client_secret = NULL;
	}
}

void settings_freep(struct mail_settings **list)
{
	settings_free(*list);
	*list = NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *settings_applications(struct arena *a)
{
	const struct program *const *p = programs_all();
	const char **names;
	size_t n = 0, k = 0;

	while (p[n])
		n++;
	names = arena_alloc(a, (n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		names[i] = program_name(p[i]);
	qsort(names, n, sizeof(*names), by_name);
	for (size_t i = 0; i < n; i++)
		if (k == 0 || !str_eq(names[k - 1], names[i]))
			names[k++] = names[i];
	names[k] = NULL;
	return names;
}

static const struct program *program_of(const char *name)
{
	const struct program *found = NULL;

	for (const struct program *const *p = programs_all(); *p; p++) {
		if (str_eq((*p)->id, name))
			return *p;
		if (!found && str_eq(program_name(*p), name))
			found = *p;
	}
	return found;
}

const char *settings_title(const char *application)
{
	const struct program *p = program_of(application);

	return p ? program_text(p, "title") : application;
}

const char *settings_source(const char *application)
{
	const struct program *p = program_of(application);

	return p ? program_text(p, "source") : "";
}

const char *settings_confidence(const char *application)
{
	const struct program *p = program_of(application);

	return p && !*program_text(p, "expert") && *program_text(p, "source") ? "official" :
	       "expert";
}

const char *settings_own(struct arena *a, const char *file, const char *bytes, size_t n)
{
	return programs_own(a, file, bytes, n);
}

bool settings_guessed(const char *application)
{
	const struct program *p = program_of(application);

	return p && *program_text(p, "generic");
}

bool settings_unverified(const char *application)
{
	const struct program *p = program_of(application);

	return p && !p->own && *program_text(p, "expert");
}
