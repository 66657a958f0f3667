#ifndef LAB_TENANT_H
#define LAB_TENANT_H

/*
 * tenant - an organisation as its directory and its mail service know it: a `tenant` section of a
 * scenario. The web roles answer from it, and SMTP servers that validate tokens look into it.
 * Nothing here is decided by the client's code.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strv.h"

struct arena;
struct scenario;

enum { TENANT_MAX = 16, TENANT_MAX_ENTRIES = 256 /* lines of one kind */ };

/* TENANT_GOOGLE: users and apps that role google knows. */
enum tenant_cloud { CLOUD_WORLDWIDE, CLOUD_USGOV, CLOUD_CHINA, CLOUD_PERSONAL, CLOUD_GOOGLE };
enum tenant_switch { SWITCH_INHERIT, SWITCH_ON, SWITCH_OFF };
enum device_end { DEVICE_APPROVED, DEVICE_DECLINED, DEVICE_EXPIRED };

struct tenant_user {
	struct tenant_user	*next;
	const char		*name;		/* user principal name */
	const char		*id;
	const char		*display;
	/* "user", "shared", "room", "mailuser" (on premises), "none" */
	const char		*mailbox;
	bool			 disabled;
	enum tenant_switch	 smtp_auth;
	unsigned		 refuse;	/* AADSTS number of each sign-in, 0 = none */
	struct strv		 access;	/* other mailboxes this user may send from */
};

struct tenant_app {
	struct tenant_app	*next;
	const char		*id;		/* client id */
	const char		*name;
	const char		*object;	/* of the enterprise application in the directory */
	/* object id that Exchange was told; "" = the same, "none" = nobody told it */
	const char		*registered;
	const char		*secret;	/* "" = none */
	bool			 secret_expired;
	bool			 is_public;	/* "Allow public client flows" */
	bool			 disabled;
	bool			 consented;	/* false: only `scopes` are */
	struct strv		 roles;		/* application permissions that were granted */
	struct strv		 scopes;	/* delegated ones */
	struct strv		 redirects;
	struct strv		 access;	/* mailboxes, globs: "*" = all */
	const unsigned char	*certificate;	/* DER; NULL = none */
	size_t			 certificate_len;
	/* of a federated credential; NULL = none */
	const char		*issuer, *subject, *audience;
};

/* "refuse refresh_token 700082": what a kind of request is answered. */
struct tenant_refusal {
	struct tenant_refusal	*next;
	const char		*at;		/* a grant type, "authorize", "devicecode" or "*" */
	unsigned		 number;
	const char		*text;		/* "" = the usual words */
};

/* A line of the sign-in log. */
struct tenant_signin {
	struct tenant_signin	*next;
	unsigned		 layer;
	const char		*user;
	unsigned		 number;	/* 0 = it worked */
	unsigned		 minutes;	/* ago */
	const char		*ip;
	const char		*client;	/* "Authenticated SMTP" */
	/* conditional access policy that decided; "" = none */
	const char		*policy;
	const char		*app;
};

struct tenant_policy {
	struct tenant_policy	*next;
	unsigned		 layer;
	const char		*name;
	/* "enabled", "disabled", "enabledForReportingButNotEnforced" */
	const char		*state;
	const char		*clients;	/* "other,exchangeActiveSync" */
};

/* One object that a cmdlet of Exchange answers. */
struct tenant_cmdlet {
	struct tenant_cmdlet	*next;
	unsigned		 layer;
	const char		*name;
	const char		*json;		/* "" = no object at all; NULL = not allowed */
};

struct lab_tenant {
	struct lab_tenant	*next;
	const char		*domain;
	const char		*id;
	struct strv		 domains;	/* further ones */
	const char		*region, *sub_region;
	const char		*brand;
	const char		*sts;		/* federated: where people sign in; "" = managed */
	enum tenant_cloud	 cloud;
	bool			 security_defaults;
	bool			 smtp_auth_off;	/* for the whole tenant */
	bool			 no_premium;	/* no licence for the sign-in log */
	int64_t			 clock_s;	/* its clock is so far ahead */
	int64_t			 lifetime_s;	/* of access tokens */
	struct {
		unsigned	 pending, slow_down, interval, lasts;
		enum device_end	 end;
	} device;
	const char		*visitor;	/* who sits at the browser; "" = the first user */
	struct tenant_user	*users;
	struct tenant_app	*apps;
	struct tenant_refusal	*refusals;
	struct tenant_signin	*signins;
	struct tenant_policy	*policies;
	struct tenant_cmdlet	*cmdlets;
	unsigned		 n_entries;
};

/*
 * "DOMAIN" after `tenant`: goes on with one that is known, makes another. NULL and
 * what was expected.
 */
struct lab_tenant *tenant_section(struct scenario *s, struct arena *a, struct span rest,
				  const char **ret_expected);
/* One line below it. NULL, or what was expected. */
const char *tenant_line(struct lab_tenant *t, struct arena *a, struct span line, unsigned layer);

bool tenant_has_domain(const struct lab_tenant *t, const char *domain);
/* By user principal name, by id, or by client id; NULL = nobody. */
const struct tenant_user *tenant_user(const struct lab_tenant *t, const char *name);
const struct tenant_app *tenant_app(const struct lab_tenant *t, const char *id);
/* The tenant that has the domain of an address; NULL = none. */
const struct lab_tenant *tenant_of_address(const struct scenario *s, const char *address);
/* What a request of this kind is to be refused with; NULL = nothing. */
const struct tenant_refusal *tenant_refusal(const struct lab_tenant *t, const char *at);
/* The clock of a tenant, seconds since 1970. */
int64_t tenant_now(const struct lab_tenant *t);

#endif
