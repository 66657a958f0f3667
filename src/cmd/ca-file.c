/*
 * ca-file - looks for the beginning of a certificate.
 */
#include "cmd/ca-file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

enum { LOOK_MOST = 16 * 1024 * 1024 };		/* a device has no end */

/* PEM as everybody has it, else DER. */
const char *ca_file_trouble(struct arena *a, const char *path)
{
	static const char begin[] = "-----BEGIN ";
	FILE *f = fopen(path, "re");
	size_t at = 0;
	int c = f ? getc(f) : EOF, err = !f || ferror(f) ? errno : 0;
	bool good = c == 0x30;		/* an ASN.1 SEQUENCE */

	for (int looked = 1; c != EOF && !good && looked < LOOK_MOST; looked++, c = getc(f)) {
		if (c == begin[at])
			at++;
		else if (c != '-')
			at = 0;
		else
			at = at == 5 ? 5 : 1;
		good = begin[at] == '\0';
	}
	if (f)
		fclose(f);
	if (err)
		return arena_printf(a, "cannot read '%s': %s", path, strerrordesc_np(err));
	return good ? NULL : arena_printf(a, "there is no certificate in '%s' (PEM: -----BEGIN "
					  "CERTIFICATE-----)", path);
}
