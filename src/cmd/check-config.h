#ifndef CMD_CHECK_CONFIG_H
#define CMD_CHECK_CONFIG_H

/*
 * check-config - `check --from-config FILE[#NAME]`: another program's mail settings as options of
 * the check. What is said on the command line wins.
 */

#include <stdbool.h>

struct arena;
struct ask;
struct check_options;
struct mail_settings;
struct strv;

struct check_config {
	struct mail_settings	*list;		/* all of the file; NULL = no --from-config */
	struct mail_settings	*chosen;
};

/*
 * Reads the file of o->from_config, sets the options that it says and the command line does not,
 * adds the target where none is given, and prints on standard error what was taken. OPT_GO, or the
 * exit status after an error was printed: also when several settings are in the file and none is
 * named, or when the user name is not shown (config/shown.h) because it could be a secret.
 */
int check_config_take(struct check_config *c, struct arena *a, struct check_options *o,
		      struct strv *targets);
void check_config_release(struct check_config *c);

/*
 * The port's way of beginning TLS, where the target is that of the settings: on 587 it may be
 * implicit, and on 465 not.
 */
void check_config_ask(struct ask *ask);
/* Takes the secret that is written there for the ask, when it belongs to the user who logs in: as
 * token with a mechanism of OAuth. False: there is none. */
bool check_config_secret(struct check_config *c, struct check_options *o);

#endif
