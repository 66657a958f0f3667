/*
 * psl - the public suffix list, by libpsl. https://publicsuffix.org/list/
 */
#include "domain/dmarc.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

struct psl {
	psl_ctx_t *own; /* read from the system's file; NULL = the built-in one */
	const psl_ctx_t		*list;
};

struct psl *psl_load(const char *file)
{
	psl_ctx_t *own = file ? psl_load_file(file) : psl_latest(NULL);
	const psl_ctx_t *list = own || file ? own : psl_builtin();
	struct psl *p;

	if (!list)
		return NULL;
	p = xmalloc(sizeof(*p));
	*p = (struct psl) { .own = own, .list = list };
	return p;
}

void psl_freep(struct psl **p)
{
	if (!*p)
		return;
	psl_free((*p)->own);
	free(*p);
	*p = NULL;
}

const char *psl_registrable(const struct psl *p, struct arena *a, const char *name,
			    bool private_too)
{
	int type = private_too ? PSL_TYPE_ANY : PSL_TYPE_ICANN;
	const char *lower = str_lower(a, name), *below = NULL;

	if (!domain_name_fits(name))
		return NULL;
	/* From the whole name up: the last one that was no suffix. */
	for (const char *at = lower; at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL) {
		if (psl_is_public_suffix2(p->list, at, type))
			return below;
		below = at;
	}
	return below;
}

const char *psl_org(const char *name)
{
	const psl_ctx_t *list = psl_builtin();
	char lower[256];
	size_t n = strlen(name), below = 0;

	if (n >= sizeof(lower))
		return name;
	for (size_t i = 0; i <= n; i++)
		lower[i] = ascii_lower(name[i]);
	/* From the whole name up, as psl_registrable(). */
	for (size_t at = 0; at < n; at += strcspn(lower + at, ".") + 1) {
		bool suffix = list ? psl_is_public_suffix2(list, lower + at, PSL_TYPE_ANY)
				   : !strchr(lower + at, '.');

		if (suffix)
			return name + below;
		below = at;
	}
	return name;
}
