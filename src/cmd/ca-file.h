#ifndef CMD_CA_FILE_H
#define CMD_CA_FILE_H

/*
 * ca-file - is what --ca-file names a file of certificates? Asked before anything is dialled.
 */

struct arena;

/*
 * Why no certificates can be read from the file, for a message after "--ca-file: ", or NULL. Looks
 * at the first 16 MiB; whether the certificates can be used is for GnuTLS to say, later.
 */
const char *ca_file_trouble(struct arena *a, const char *path);

#endif
