#ifndef CMD_CHECK_CONFIG_H
#define CMD_CHECK_CONFIG_H

/*
 * check-config - `check --from-config FILE[#NAME]`: another program's mail settings as options of the check. What is said on the command line wins.
 */

#include <stdbool.h>

struct arena;
struct ask;
struct check_options;
struct mail_settings;
struct secret;

struct check_config {
	struct mail_settings	*list;		/* all of the file; NULL = no --from-config */
	struct mail_settings	*chosen;
};

/* Reads the file. OPT_GO, or the exit status after an error was told: also when several settings are in it and none is named. */
int check_config_read(struct arena *a, const char *spec, struct check_config *ret);
void check_config_release(struct check_config *c);

/* Sets the options that the settings say and nobody else did: after the command line was parsed. */
void check_config_fill(const struct check_config *c, struct check_options *o);
/*
 * After the command line was parsed: OPT_GO, or EXIT_USAGE when a login is set up there and its user name is not
 * shown (config/shown.h) because it could be a secret, and none was given.
 */
int check_config_test(const struct check_config *c, const struct check_options *o);
/* "smtp.office365.com:587". */
const char *check_config_target(const struct check_config *c, struct arena *a);
/* The port's way of beginning TLS, where the target is that of the settings: on 587 it may be implicit, and on 465 not. */
void check_config_ask(struct ask *ask);
/* Takes the secret that is written there for the ask, when it belongs to the user who logs in: as
 * token with a mechanism of OAuth. False: there is none. */
bool check_config_secret(struct check_config *c, struct check_options *o);
/* Tells on standard error what was taken. */
void check_config_tell(const struct check_config *c, struct arena *a, const struct check_options *o);

#endif
