/*
 * http-lib - libcurl through dlopen(): the program starts without it and what it brings along
 * (Kerberos, LDAP, SSH ...), some milliseconds that `explain` and `codes` have no use for.
 */
#include <dlfcn.h>

#include "base/str.h"
#include "net/http-inside.h"

/* Debian's GnuTLS flavour first: one TLS library in the process. Any other flavour does as well. */
static const char *const names[] = { "libcurl-gnutls.so.4", "libcurl.so.4" };

static struct http_lib functions;
static bool loaded;

static bool look_up(void *so)
{
#define LOOK_UP(name) \
	functions.name = (__typeof__(functions.name))dlsym(so, #name); \
	if (!functions.name) \
		return false;
	HTTP_FUNCTIONS(LOOK_UP)
	return true;
}

const struct http_lib *http_lib(void)
{
	/* Never closed: the libraries behind it can't be unloaded. */
	for (size_t i = 0; !loaded && i < ARRAY_LEN(names); i++) {
		void *so = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);

		loaded = so && look_up(so) &&
			 functions.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
	}
	return loaded ? &functions : NULL;
}

const char *http_missing(void)
{
	return http_lib() ? NULL :
	       "libcurl is not installed, and HTTPS needs it (Debian: libcurl3-gnutls)";
}
