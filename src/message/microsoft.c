/*
 * What Microsoft's filters wrote into the header, and what somebody else wrote there in their name:
 * a field of the organization counts only below a Received line of a server of Microsoft.
 */
#include "message/inside.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"

/* A Received line of Exchange Online, or of an Exchange Server. */
static bool by_exchange(const struct hop *h)
{
	return host_is_microsoft(h->by_host) ||
	       str_has_prefix_nocase(h->with, "Microsoft SMTP Server") ||
	       str_has_prefix_nocase(h->with, "mapi") ||
	       (str_has_prefix_nocase(h->with, "HTTPS") && host_is_microsoft(h->via));
}

/* Below its topmost line. Without any Received line nothing can be said: all is believed. */
static size_t first_field(const struct message *m)
{
	size_t first = m->fields.n;

	for (size_t i = 0; i < m->n_hops; i++)
		if (by_exchange(&m->hops[i]) && hop_field(m, i) < first)
			first = hop_field(m, i);
	return m->n_hops ? first : 0;
}

static bool is_backed(const struct message *m, const struct field *f)
{
	return (size_t)(f - m->fields.v) >= m->ms.from_field;
}

/* Fields that only a server of Microsoft writes. */
static const char *const fields_of_microsoft[] = {
	"X-MS-Exchange-Organization-*",          "X-Forefront-Antispam-Report",
	"X-Microsoft-Antispam-Mailbox-Delivery", "X-Microsoft-Antispam",
	"X-MS-Exchange-CrossTenant-*",
};

static bool is_of_microsoft(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(fields_of_microsoft); i++)
		if (str_glob(fields_of_microsoft[i], name))
			return true;
	return false;
}

static void find_forged(struct message *m)
{
	enum { MOST = 6 };

	for (size_t i = 0; i < m->fields.n && m->forged.n < MOST; i++) {
		const struct field *f = &m->fields.v[i];

		if (is_of_microsoft(f->name) && !is_backed(m, f) &&
		    !strv_has_nocase(&m->forged, f->name))
			strv_add(&m->forged, m->arena, f->name);
	}
}

/* The value of the topmost field of that name that a server of Microsoft wrote; "". */
static const char *believed(const struct message *m, const char *name)
{
	for (const struct field *f = NULL; (f = fields_find(&m->fields, name, f)); )
		if (is_backed(m, f))
			return f->value;
	return "";
}

/* The server that has the message now: the newest one that is not only a program on the same
 * machine. */
static bool is_receiver(const struct message *m, bool *ret_cloud)
{
	for (size_t i = m->n_hops; i-- > 0; ) {
		const struct hop *h = &m->hops[i];

		if (!strchr(h->by_host, '.'))
			continue;
		*ret_cloud = host_is_microsoft(h->by_host);
		return by_exchange(h);
	}
	*ret_cloud = true;
	return *fields_value(&m->fields, "X-Microsoft-Antispam-Mailbox-Delivery") ||
	       *fields_value(&m->fields, "X-Forefront-Antispam-Report") ||
	       *fields_value(&m->fields, "X-MS-Exchange-Organization-SCL") ||
	       str_find_nocase(fields_value(&m->fields, "Authentication-Results"), "compauth=");
}

/* Outlook.com and its like: no report of Forefront, servers of "olc". */
static bool is_consumer(const struct message *m)
{
	if (*believed(m, "X-SID-Result") || *fields_value(&m->fields, "X-SID-PRA"))
		return true;
	for (size_t i = 0; i < m->n_hops; i++)
		if (str_find_nocase(m->hops[i].by_host, ".olc.protection.outlook.com"))
			return true;
	return false;
}

void microsoft_read(struct message *m)
{
	struct microsoft *ms = &m->ms;
	const char *report;

	ms->from_field = first_field(m);
	report = believed(m, "X-Forefront-Antispam-Report");
	ms->receiver = is_receiver(m, &ms->cloud);
	ms->consumer = ms->receiver && is_consumer(m);
	antispam_read(m->arena, ms->receiver ? report : "", &ms->report);
	antispam_read(m->arena,
		      ms->receiver ? believed(m, "X-Forefront-Antispam-Report-Untrusted") : report,
		      &ms->outbound);
	antispam_read(m->arena, ms->receiver ? believed(m, "X-Microsoft-Antispam") : "", &ms->bulk);
	antispam_read(m->arena,
		      ms->receiver ? believed(m, "X-Microsoft-Antispam-Mailbox-Delivery") : "",
		      &ms->delivery);
	ms->scl = ms->receiver ? believed(m, "X-MS-Exchange-Organization-SCL") : "";
	if (*antispam_value(&ms->report, "SCL"))
		ms->scl = antispam_value(&ms->report, "SCL");
	ms->custom_spam = ms->receiver ? fields_value(&m->fields, "X-CustomSpam") : "";
	ms->auth_as = believed(m, "X-MS-Exchange-Organization-AuthAs");
	ms->auth_source = believed(m, "X-MS-Exchange-Organization-AuthSource");
	ms->auth_mechanism = believed(m, "X-MS-Exchange-Organization-AuthMechanism");
	ms->directionality = believed(m, "X-MS-Exchange-Organization-MessageDirectionality");
	ms->entity = believed(m, "X-MS-Exchange-CrossTenant-FromEntityHeader");
	ms->connecting =
		believed(m, "X-MS-Exchange-CrossTenant-OriginalAttributedTenantConnectingIp");
	ms->skip_listed = believed(m, "X-MS-Exchange-SkipListedInternetSender");
	ms->representing = believed(m, "X-MS-Exchange-MessageSentRepresentingType");
	find_forged(m);
}

static bool is_one_of(const char *word, const char *list)
{
	size_t n = strlen(word);
	const char *at = n ? strstr(list, word) : NULL;

	return at && (at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]);
}

/* SCL -1, 0, 1 (2 to 4 are hardly ever stamped, and count as clean), or a word that says so. */
bool microsoft_found_clean(const struct message *m)
{
	const char *sfv = antispam_value(&m->ms.report, "SFV");
	unsigned long scl;

	if (*sfv)
		return is_one_of(sfv, "NSPM SFE SKA SKN SKI SKQ");
	return str_eq(m->ms.scl, "-1") || (str_number(m->ms.scl, 9, &scl) && scl <= 4);
}

bool microsoft_found_spam(const struct message *m)
{
	const char *sfv = antispam_value(&m->ms.report, "SFV");
	unsigned long scl;

	return is_one_of(sfv, "SPM SKS SKB BLK") || (str_number(m->ms.scl, 9, &scl) && scl >= 5);
}
