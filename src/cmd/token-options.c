/*
 * token-options - the options of `token`, one table for all it does.
 */
#include "cmd/token-options.h"

#include <stddef.h>

static const char *const flows[] = { "device", "browser", "client-credentials", "refresh", NULL };
static const char *const purposes[] = { "smtp", "graph", "signins", "exo", NULL };
static const char *const providers[] = { "microsoft", "google", NULL };
static const char *const algorithms[] = { "PS256", "RS256", NULL };

#define AT(member) offsetof(struct token_options, member)

static const struct opt table[] = {
	OPT_HEAD("What is in a token (inspect):"),
	OPT(TEXT, "token-file", "FILE", AT(source.token_file),
	    "read the access token from FILE (- is standard input)"),
	OPT(TEXT, "token-command", "COMMAND", AT(source.token_command),
	    "run COMMAND with the shell and take what it prints; else the environment's "
	    "SMTPWHY_TOKEN, else you are asked"),
	OPT(TEXT, "blob-file", "FILE", AT(source.blob_file), "read a captured login string, what a "
	    "program sends after AUTH XOAUTH2, from FILE (- is standard input)"),
	{ OPT_REFUSED, 0, "token", "", 0,
	  "everyone on this machine can read a command line, and the shell remembers it. Use "
	  "--token-file, --token-command, or the environment variable SMTPWHY_TOKEN", NULL },

	OPT_HEAD("Whom it is for (inspect, get):"),
	OPT(TEXT, "host", "NAME", AT(host), "the mail server it is for: smtp.office365.com"),
	OPT(TEXT, "user", "NAME", AT(user), "the user name of the login: the mailbox that sends"),
	OPT(TEXT, "tenant", "ID", AT(tenant),
	    "the tenant that has the mailbox, by its id; get takes its domain, too (contoso.com)"),

	OPT_HEAD("Getting one (get):"),
	{ OPT_CHOICE, 0, "flow", "WAY", AT(flow), "device (a code to enter in any browser), "
	  "browser (on this machine), client-credentials (an application, nobody signs in), "
	  "refresh (from the refresh token that is kept); else client-credentials where a secret, "
	  "a certificate or an assertion is given, device where not, browser at Google", flows },
	{ OPT_CHOICE, 0, "for", "WHAT", AT(purpose),
	  "smtp (the default), graph (to send by Graph), signins (to read the sign-in log), exo "
	  "(to read Exchange's settings): the right scope is taken for it", purposes },
	{ OPT_CHOICE, 0, "provider", "NAME", AT(provider),
	  "microsoft (the default) or google", providers },
	OPT(TEXT, "cloud", "NAME", AT(cloud), "worldwide (the default, GCC too), gcch, dod, 21v, "
	    "personal (outlook.com, hotmail.com), google"),
	OPT(TEXT, "client-id", "ID", AT(client_id),
	    "the application that asks: \"Application (client) ID\" of its registration"),
	OPT(TEXT, "client-secret-file", "FILE", AT(secret_file),
	    "read the application's secret (its Value, not its Secret ID) from FILE"),
	OPT(TEXT, "client-secret-command", "COMMAND", AT(secret_command), "run COMMAND and take "
	    "what it prints as the secret; else the environment's SMTPWHY_CLIENT_SECRET"),
	{ OPT_REFUSED, 0, "client-secret", "", 0, "everyone on this machine can read a command "
	  "line, and the shell remembers it. Use --client-secret-file, --client-secret-command, or "
	  "the environment variable SMTPWHY_CLIENT_SECRET", NULL },
	OPT(TEXT, "client-key", "FILE", AT(key), "prove it with a certificate: its private key "
	    "(PEM, PKCS#12), or the JSON file of a Google service account"),
	OPT(TEXT, "client-cert", "FILE", AT(cert),
	    "the certificate (PEM), where it isn't in the file of the key"),
	OPT(TEXT, "key-password-file", "FILE", AT(key_password_file),
	    "read the password of an encrypted key from FILE"),
	{ OPT_CHOICE, 0, "algorithm", "NAME", AT(algorithm),
	  "sign with PS256 (the default) or RS256, which old services want", algorithms },
	OPT(TEXT, "assertion-file", "FILE", AT(assertion_file),
	    "prove it with a token that another service issued: a federated credential"),
	OPT(LIST, "scope", "SCOPE", AT(scopes), "ask for this instead; may be repeated. What will "
	    "not work is told before anything is asked"),
	OPT_SWITCH("force-scope", AT(force_scope), "ask for it all the same"),
	OPT(TEXT, "token-url", "URL", AT(token_url),
	    "another service: where tokens are issued, ..."),
	OPT(TEXT, "device-url", "URL", AT(device_url), "... where device codes are given out, ..."),
	OPT(TEXT, "auth-url", "URL", AT(auth_url), "... where a browser signs in"),
	OPT_SWITCH("no-browser", AT(no_browser), "open no browser: only tell the address"),
	OPT(TEXT, "redirect-port", "PORT", AT(redirect_port),
	    "the browser comes back to http://localhost:PORT/; else to any free port"),

	OPT_HEAD("Keeping it (get, list, forget):"),
	OPT(TEXT, "name", "NAME", AT(name),
	    "the name to keep it by; else the user or the application, and what it is for"),
	OPT_SWITCH("force", AT(force), "ask the service even if a good one is kept"),
	OPT_SWITCH("no-cache", AT(no_cache), "neither take a kept one nor keep the new one"),
	OPT(TEXT, "token-out", "FILE", AT(token_out),
	    "write the token alone to FILE, which you alone can read"),
	OPT_SWITCH("show", AT(show), "print the token itself on standard output, and everything "
		   "else on standard error"),
	OPT_SWITCH("all", AT(all), "forget: all that are kept"),

	OPT_HEAD("The way there (get):"),
	NET_FAMILY_OPTIONS(struct token_options),
	OPT(TEXT, "proxy", "URL", AT(session.net.proxy),
	  "ask through this proxy (http://proxy.example:3128); else as https_proxy in the "
	  "environment says"),
	NET_RESOLVER_OPTION(struct token_options),
	OPT(LIST, "connect-to", "HOST:PORT:ADDR:PORT", AT(session.net.connect_to),
	  "dial ADDR:PORT when HOST:PORT is meant (empty: any); may be repeated"),
	NET_CA_FILE_OPTION(struct token_options),
	OPT(SECONDS, "timeout", "SEC", AT(session.net.timeout_ms), "for one try (15)"),
	OPT(SECONDS, "max-time", "SEC", AT(max_time_ms),
	    "for all of it (60; where somebody has to sign in, as long as the code is good)"),
	OPT(TEXT, "lab", "SCENARIO", AT(session.lab),
	  "start a simulated service, ask it, stop it"),
	OPT(TEXT, "trace", "LIST", AT(session.trace),
	  "tell on standard error what the program does: fiber, dns, net, tls, ... or all"),

	OPT_HEAD("The result:"),
	OUTPUT_OPTIONS(struct token_options),
	{ OPT_FLAG, 'v', "verbose", NULL, AT(output.verbose),
	  "show the fixes of what is only possible, too", NULL },
	OPT_END
};

const struct opt_command token_command = {
	.name = "token",
	.operands = "inspect | get | list | forget [NAME]",
	.about = "inspect says what an OAuth access token is for, whose it is, and what is wrong "
		 "with it for sending by SMTP; or what is wrong with a captured XOAUTH2 login "
		 "string; it sends nothing anywhere. get asks Microsoft, Google or another service "
		 "for a token, and says why there is none. The token itself is never shown, unless "
		 "--show says so; its signature is not checked. list and forget are for tokens "
		 "that get has kept. Exit status: 0 fit, or a token was got; 1 a problem was "
		 "found, or it was refused; 2 wrong usage; 3 it cannot be judged, or nobody could "
		 "be asked.",
	.table = table,
	.nouns = 1u << REPORT_INSPECTION | 1u << REPORT_TOKEN_GOT | 1u << REPORT_TOKENS,
};

void token_options_init(struct token_options *o)
{
	*o = (struct token_options) { .output = { .format = "text", .color = "auto" } };
}
