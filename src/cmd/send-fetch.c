/*
 * send-fetch - the message in the recipient's mailbox.
 */
#include "cmd/send-fetch.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/failure.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "cmd/progress.h"
#include "fiber/fiber.h"
#include "message/message.h"
#include "net/cert.h"
#include "proto/mailbox-find.h"

enum {
	WAIT_MS = 60000, WAIT_MOST_MS = 3600000,
	STEP_MS = 2000,
	OTHERS_MOST = 50,		/* folders beside inbox and junk that are looked at */
	REOPEN_MOST = 3,
};

/* --- the options --- */

/* "ann%40example.net" is "ann@example.net" (RFC 3986, 2.1). NULL: a control character is in it. */
static const char *decoded(struct arena *a, const char *p, size_t n)
{
	char *out = arena_alloc(a, n + 1);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		if (c == '%' && i + 2 < n && ascii_hex(p[i + 1]) >= 0 && ascii_hex(p[i + 2]) >= 0) {
			c = (char)(ascii_hex(p[i + 1]) * 16 + ascii_hex(p[i + 2]));
			i += 2;
		}
		if ((unsigned char)c < ' ' || c == '\x7f')
			return NULL;
		out[len++] = c;
	}
	out[len] = '\0';
	return out;
}

int fetch_read(struct fetch *f, struct arena *a)
{
	const char *scheme = str_has_prefix_nocase(f->from, "imaps://") ? "imaps://" : "imap://";
	const char *rest = f->from + strlen(scheme), *at;
	size_t n = strcspn(rest, "/");

	if (!str_has_prefix_nocase(f->from, scheme))
		return opt_wrong("send", "--fetch: '%s' begins with neither imaps:// nor "
				 "imap://", f->from);
	/* A name may be an address itself: the last one separates. */
	at = memrchr(rest, '@', n);
	if (!at || at == rest || at + 1 == rest + n || (rest[n] && rest[n + 1]))
		return opt_wrong("send", "--fetch: after %s go the user, an @ and the host, and "
				 "nothing else", scheme);
	if (memchr(rest, ':', (size_t)(at - rest)))
		return opt_wrong("send", "--fetch: everyone on this machine can read a command "
				 "line; give the user alone, and the password by "
				 "--fetch-password-file");
	f->user = decoded(a, rest, (size_t)(at - rest));
	if (!f->user)
		return opt_wrong("send", "--fetch: control characters are in the user");
	if (f->wait_ms > WAIT_MOST_MS)
		return opt_wrong("send", "--wait: an hour is the most, 3600");
	f->host = arena_strndup(a, at + 1, n - (size_t)(at + 1 - rest));
	f->url = arena_printf(a, "%s%s", scheme, f->host);
	f->arrival = (struct arrival) {
		.state = ARRIVAL_MISSING, .folder = "", .trouble = "",
		.mailbox = arena_printf(a, "%s at %s", f->user, f->host),
	};
	return OPT_GO;
}

int fetch_credentials(struct fetch *f)
{
	return credentials_mailbox("send", &f->secret, f->user, &f->password, &f->token);
}

/* --- the session --- */

/* Why the certificate does not prove whose server it is; "" when it does (as in talk/mailbox.c). */
static const char *distrust(struct fetch *f)
{
	const struct tls_info *t = mailbox_tls(f->mailbox);
	struct strv names = { NULL, 0, 0 };

	if (!t || !t->chain)
		return "it was not looked at";
	if (t->chain->unjudged)
		return t->chain->unjudged;
	for (unsigned bit = 1; bit && bit <= t->chain->trouble; bit <<= 1)
		if (t->chain->trouble & bit & ~(unsigned)CERT_WEAK)
			strv_add(&names, f->arena, cert_trouble_name(bit));
	return strv_join(&names, f->arena, ", ");
}

static const char *log_in(struct fetch *f)
{
	const struct secret *secret = f->token ? f->token : f->password;
	const char *mechanism = mailbox_mechanism(f->mailbox, f->token != NULL);

	if (!mailbox_tls(f->mailbox))
		return arena_printf(f->arena, "%s offers no TLS, and a secret is not sent without",
				    f->host);
	if (*distrust(f) && !f->untrusted)
		return arena_printf(f->arena, "the certificate does not prove that this is %s (%s)"
				    ", so the secret is not shown to it", f->host, distrust(f));
	if (!*mechanism)
		return arena_printf(f->arena, "no login that a %s serves is offered: %s",
				    f->token ? "token" : "password",
				    strv_join(mailbox_offers(f->mailbox), f->arena, " "));
	if (mailbox_login(f->mailbox, mechanism, f->user, secret))
		return NULL;
	if (mailbox_failure(f->mailbox)->class != FAILURE_REFUSED)
		return mailbox_failure(f->mailbox)->text;
	return arena_printf(f->arena, "%s refused the login of %s: %s", f->host, f->user,
			    mailbox_said(f->mailbox));
}

const char *fetch_open(struct fetch *f)
{
	struct mailbox *m;
	const char *why;

	fetch_close(f);
	f->mailbox = m = mailbox_open(f->net, f->arena, f->url);
	if (!mailbox_greeting(m) || !mailbox_capabilities(m) || !mailbox_starttls(m) ||
	    (mailbox_tls(m) && !mailbox_capabilities(m)))
		return mailbox_failure(m)->text;
	why = log_in(f);
	if (why)
		return why;
	/* After a login a server may offer more (RFC 9051, 6.2). */
	return mailbox_capabilities(m) ? NULL : mailbox_failure(m)->text;
}

void fetch_close(struct fetch *f)
{
	mailbox_close(f->mailbox);
	f->mailbox = NULL;
}

/* --- looking --- */

struct looking {
	struct fetch		*fetch;
	const char		*mark;
	time_t			 since;
	struct mailbox_folders	 folders;
	const char		*header;	/* NULL = not found yet */
};

/* Folders first to (not including) last. False when the session broke. */
_waits_ static bool look_into(struct looking *l, size_t first, size_t last)
{
	struct arrival *r = &l->fetch->arrival;
	struct mailbox_found found;

	for (size_t i = first; i < last && i < l->folders.n; i++) {
		const struct mailbox_folder *folder = &l->folders.v[i];

		if (!mailbox_find(l->fetch->mailbox, folder, l->mark, l->since, &found))
			return false;
		r->n_folders = i + 1 > r->n_folders ? i + 1 : r->n_folders;
		if (!found.header)
			continue;
		l->header = found.header;
		r->folder = folder->name;
		r->inbox = folder->role == FOLDER_INBOX;
		r->junk = folder->role == FOLDER_JUNK;
		return true;
	}
	return true;
}

/* So many folders stand before the others: inbox and junk. */
static size_t first_of_others(const struct mailbox_folders *all)
{
	size_t n = 0;

	while (n < all->n && all->v[n].role <= FOLDER_JUNK)
		n++;
	return n;
}

/* Inbox and junk, again and again; at the end the other folders, where a rule may have put it. */
_waits_ static bool look_until(struct looking *l, int64_t from, int64_t wait_ms,
			       struct progress *progress)
{
	struct arena *a = l->fetch->arena;
	size_t others;
	int64_t gone;

	if (!mailbox_folders(l->fetch->mailbox, &l->folders))
		return false;
	others = first_of_others(&l->folders);
	for (;;) {
		gone = clock_ms() - from;
		progress_show(progress, arena_printf(a, "accepted; looking for it in the mailbox "
						     "of %s: %lld s of %lld s",
						     l->fetch->arrival.mailbox,
						     (long long)gone / 1000,
						     (long long)wait_ms / 1000));
		if (!look_into(l, 0, others))
			return false;
		gone = clock_ms() - from;
		if (l->header || gone >= wait_ms)
			break;
		if (fiber_sleep(wait_ms - gone < STEP_MS ? wait_ms - gone : STEP_MS) < 0)
			return false;
	}
	return l->header || look_into(l, others, others + OTHERS_MOST);
}

static bool worth_reopening(const struct mailbox *m)
{
	const struct failure *f = mailbox_failure(m);

	return f && (f->class == FAILURE_NET || f->class == FAILURE_TIMEOUT ||
		     f->class == FAILURE_TLS);
}

void fetch_look(struct fetch *f, const char *mark, const struct know *know,
		struct progress *progress)
{
	struct looking l = { .fetch = f, .mark = mark, .since = clock_wall() };
	int64_t from = clock_ms(), wait_ms = f->wait_ms ? f->wait_ms : WAIT_MS;
	const char *why = NULL;
	bool looked = look_until(&l, from, wait_ms, progress);

	/* A server may have hung up while the message was on its way. */
	for (int i = 0; !looked && !why && i < REOPEN_MOST && worth_reopening(f->mailbox); i++) {
		why = fetch_open(f);
		looked = !why && look_until(&l, from, wait_ms, progress);
	}
	f->arrival.after_ms = clock_ms() - from;
	if (!looked) {
		f->arrival.state = ARRIVAL_UNREAD;
		f->arrival.trouble = "interrupted";
		if (why || mailbox_failure(f->mailbox))
			f->arrival.trouble = why ?: mailbox_failure(f->mailbox)->text;
	} else if (l.header) {
		f->arrival.state = ARRIVAL_FOUND;
		f->arrival.judged = message_judge(message_read(f->arena, know,
							       span_of(l.header)));
	}
	progress_erase(progress);
}
