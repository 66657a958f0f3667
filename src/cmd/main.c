/*
 * main - finds the command and runs it.
 */
#include <stdio.h>

#include "cmd/cmd.h"

int main(void)
{
	fputs("usage: smtpwhy COMMAND\n", stderr);
	return EXIT_USAGE;
}
