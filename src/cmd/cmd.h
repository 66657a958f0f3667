#ifndef CMD_CMD_H
#define CMD_CMD_H

/*
 * cmd - the commands. One file each; main() looks the name up in the table and runs it.
 */

enum { EXIT_GOOD = 0, EXIT_PROBLEM = 1, EXIT_USAGE = 2, EXIT_UNTESTED = 3 };

/* The exit status of several: wrong usage outweighs a problem, and that what was not tested. */
int exit_worse(int a, int b);

/* Each gets its own name as argv[0] and answers the exit status. */
int cmd_check(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_codes(int argc, char **argv);
int cmd_send(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_headers(int argc, char **argv);
int cmd_lint(int argc, char **argv);
int cmd_sink(int argc, char **argv);
int cmd_lab(int argc, char **argv);

#endif
