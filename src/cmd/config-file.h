#ifndef CMD_CONFIG_FILE_H
#define CMD_CONFIG_FILE_H

/*
 * config-file - another program's configuration file, read for a command.
 */

#include "config/settings.h"

struct buf;

/*
 * Reads FILE ("-" = standard input); application NULL = recognise it. OPT_GO, or EXIT_USAGE after
 * an error was told. From then on no core file is written: there may be a password in the settings.
 */
int config_file_read(struct arena *a, const char *command, const char *file,
		     const char *application, struct mail_settings **ret);

/*
 * The same without telling: NULL, or one line in the arena that says what is wrong; it begins with
 * the file's name.
 */
const char *config_file_load(struct arena *a, const char *file, const char *application,
			     struct mail_settings **ret);

/*
 * The bytes of FILE, at most as many as the buffer takes. NULL, or what is wrong, as above. From
 * then on no core file is written.
 */
const char *config_file_bytes(struct arena *a, const char *file, struct buf *ret);

/*
 * Programs of the user's own: first those of mail-programs.tsv in the folder of the user's tables,
 * then those of map (NULL = none), which go before them. Once, before a file is read. NULL, or what
 * is wrong, as above.
 */
const char *config_file_programs(struct arena *a, const char *map);

#endif
