/*
 * f-options - any bytes as what stands on a command line: the target, and in further lines
 * --connect-to, --resolver, --source, --ports and addresses. Refused in one line that says what, or
 * what was read holds.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/from-list.h"
#include "check/ask.h"
#include "net/dns.h"
#include "net/net.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

static void refused(const char *error)
{
	assert(error && *error && !strchr(error, '\n'));
	frame_shown(error);
}

static void target(struct arena *a, const char *text)
{
	struct ask ask = { .know = frame_know(), .host = "", .domain = "", .address = "",
			   .provider = "", .path = "" };
	const char *error = ask_target(&ask, a, text);

	if (error) {
		refused(error);
		return;
	}
	assert(*target_kind_name(ask.kind) && *ask.input);
	assert(ask.kind != TARGET_HOST || *ask.host);
	assert(ask.kind != TARGET_ADDRESS || is_mail_address(ask.address));
	assert(!ask.port_given ||
	       (ask.n_ports == 1 && ask.ports[0].port > 0 && ask.ports[0].port <= 65535));
	assert(!strpbrk(ask.host, " \r\n\t<>") && !strpbrk(ask.domain, " \r\n\t<>"));
}

static void network(struct arena *a, const struct net_options *o)
{
	const char *error = NULL;
	struct net *n = net_new(a, o, &error);
	struct net_address to;
	unsigned port = 0;

	if (!n) {
		refused(error);
		return;
	}
	if (net_connect_to(n, "mail.example.com", 25, &to, &port))
		assert(to.len && *to.text && port > 0 && port <= 65535);
	net_free(n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct net_options o = { .timeout_ms = 1000 };
	struct food f = food_of(data, size);
	struct arena *a = arena_new();
	struct span line;

	for (unsigned n = 0; n < 64 && food_line(&f, &line); n++) {
		const char *text = arena_strndup(a, line.p, line.len);

		target(a, text);
		dns_ascii_name(a, text);
		if (str_has_prefix(text, "resolver "))
			o.resolver = text + strlen("resolver ");
		else if (str_has_prefix(text, "source "))
			o.source = text + strlen("source ");
		else
			strv_add(&o.connect_to, a, text);
	}
	network(a, &o);
	o.connect_to.n = 0;
	network(a, &o);
	arena_free(a);
	return 0;
}
