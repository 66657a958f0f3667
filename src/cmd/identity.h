#ifndef CMD_IDENTITY_H
#define CMD_IDENTITY_H

/*
 * identity - the certificate of --client-cert and the key of --client-key.
 */

struct arena;
struct tls_identity;

/*
 * Reads both. OPT_GO, or EXIT_USAGE after one line was told: a file that can't be read, a key that
 * others may read (as ssh does it). Not for fibers. The caller frees with tls_identity_free().
 */
int identity_read(struct arena *a, const char *cert_file, const char *key_file,
		  struct tls_identity **ret);

#endif
