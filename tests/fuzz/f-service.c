/*
 * f-service - any bytes as what a web service answers: Graph and Exchange's door, the two questions
 * about a domain, an account. The first byte chooses the status.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "microsoft/graph-send.h"
#include "microsoft/service.h"
#include "microsoft/tenant.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

static const int statuses[] = { 200, 202, 302, 400, 401, 403, 404, 429, 500, 503 };

static void service(struct arena *a, int status, const char *p, size_t n)
{
	struct service_answer r;

	service_judge(a, status, "application/json", p, n, &r);
	assert(r.body && r.why && r.code && r.request_id && r.status == status);
	assert(r.state != SERVICE_ANSWERED || (r.body == p && r.body_len == n));
	assert(r.state == SERVICE_ANSWERED || *r.why);
	assert(strlen(r.why) <= 400 && strlen(r.code) <= 400);
}

static void tenant(struct arena *a, int status, const char *p, size_t n)
{
	struct tenant t = { .id = "", .region = "", .sub_region = "", .instance = "", .graph = "",
			    .realm = "", .brand = "", .sts = "" };

	if (tenant_read_configuration(a, status, p, n, &t)) {
		assert(t.state != TENANT_UNKNOWN);
		assert(t.state != TENANT_FOUND || is_guid(t.id));
	}
	if (tenant_read_realm(a, status, p, n, &t)) {
		assert(*t.realm && strlen(t.sts) <= 253 && !strpbrk(t.sts, " /@:\"'`$"));
		assert(strlen(t.brand) <= 256);
	}
	assert(strlen(t.region) <= 256 && strlen(t.graph) <= 256);
}

static void account(struct arena *a, int status, const char *p, size_t n)
{
	struct graph_answer r = { .code = "", .message = "", .request_id = "", .peer = "", .id = "",
				  .name = "", .mail = "" };

	graph_read(a, status, 200, p, n, &r);
	assert(r.code && r.message && r.id && r.name && r.mail);
	assert(!r.good || status == 200);
}

/*
 * Where a token may follow a link to: the scheme and host of the base, and nothing
 * behind them but a path.
 */
static void links(struct arena *a, const char *p, size_t n)
{
	static const char base[] = "https://graph.microsoft.com";
	char *link = arena_strndup(a, p, n);

	if (service_same_host(base, link))
		assert(strncasecmp(link, base, sizeof(base) - 1) == 0 &&
		       strchr("/?", link[sizeof(base) - 1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct food f = food_of(data, size);
	int status = statuses[food_choice(&f, ARRAY_LEN(statuses))];
	struct arena *a = arena_new();

	service(a, status, f.rest.p, f.rest.len);
	tenant(a, status, f.rest.p, f.rest.len);
	account(a, status, f.rest.p, f.rest.len);
	links(a, f.rest.p, f.rest.len);
	arena_free(a);
	return 0;
}
