/*
 * Is a host's name a slip of the finger away from one that is known?
 */
#include "sending/inside.h"

#include "base/arena.h"
#include "base/str.h"

/*
 * Names shorter than LONG differ by one letter from too many others; two slips are
 * believed in longer ones.
 */
enum { SHORT = 10, LONG = 16 };

const char *path_near_host(const struct know *know, struct arena *a, const char *host,
			   const struct provider **ret)
{
	const struct provider *p;
	const char *best = NULL;
	size_t most = strlen(host) >= LONG ? 2 : 1;

	if (strlen(host) < SHORT || know_provider_of_host(know, host))
		return NULL;
	for (size_t i = 0; (p = know_provider_at(know, i)); i++) {
		for (size_t j = 0; j < p->hosts.n; j++) {
			size_t slips = strpbrk(p->hosts.v[j], "*?") ? STR_SLIPS_MOST :
				       str_slips(host, p->hosts.v[j]);

			if (slips && slips <= most) {
				most = slips - 1;
				best = p->hosts.v[j];
				*ret = p;
			}
		}
	}
	return best ? arena_strdup(a, best) : NULL;
}
