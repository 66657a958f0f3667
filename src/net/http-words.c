/*
 * http-words - libcurl's codes in our words: who did what, and which class of failure it is.
 */
#include "net/http-words.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/failure.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/http-inside.h"

static const struct {
	CURLcode		 code;
	enum failure_class	 class;
	enum stage		 stage;
	const char		*words;
} codes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, FAILURE_DNS, STAGE_DNS, "its name cannot be looked up" },
	{ CURLE_COULDNT_RESOLVE_PROXY, FAILURE_DNS, STAGE_DNS,
	  "the proxy's name cannot be looked up" },
	{ CURLE_OPERATION_TIMEDOUT, FAILURE_TIMEOUT, STAGE_CONNECT, "no answer in time" },
	{ CURLE_GOT_NOTHING, FAILURE_NET, STAGE_UNKNOWN,
	  "it closed the connection without an answer" },
	{ CURLE_PARTIAL_FILE, FAILURE_NET, STAGE_UNKNOWN, "the answer ends in the middle" },
	{ CURLE_SEND_ERROR, FAILURE_NET, STAGE_UNKNOWN,
	  "the connection broke while the request was sent" },
	{ CURLE_RECV_ERROR, FAILURE_NET, STAGE_UNKNOWN,
	  "the connection broke before the answer was whole" },
	{ CURLE_HTTP2, FAILURE_PROTOCOL, STAGE_UNKNOWN, "its HTTP/2 makes no sense" },
	{ CURLE_HTTP2_STREAM, FAILURE_PROTOCOL, STAGE_UNKNOWN, "its HTTP/2 makes no sense" },
	{ CURLE_WEIRD_SERVER_REPLY, FAILURE_PROTOCOL, STAGE_UNKNOWN, "what it answers is no HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, FAILURE_PROTOCOL, STAGE_UNKNOWN,
	  "what it answers is no HTTP" },
	{ CURLE_BAD_CONTENT_ENCODING, FAILURE_PROTOCOL, STAGE_UNKNOWN,
	  "the answer is packed in a way that cannot be read" },
	{ CURLE_SSL_CACERT_BADFILE, FAILURE_LOCAL, STAGE_TLS,
	  "the file with the trusted authorities cannot be read" },
	{ CURLE_INTERFACE_FAILED, FAILURE_LOCAL, STAGE_CONNECT,
	  "the source address cannot be used for it" },
	{ CURLE_PEER_FAILED_VERIFICATION, FAILURE_TLS, STAGE_TLS,
	  "its certificate does not prove who it is (an inspecting firewall, a missing root, a "
	  "wrong clock, or the wrong server)" },
	{ CURLE_SSL_CONNECT_ERROR, FAILURE_TLS, STAGE_TLS, "the TLS handshake failed" },
	{ CURLE_SSL_CIPHER, FAILURE_TLS, STAGE_TLS, "no cipher in common" },
};

/* CURLE_COULDNT_CONNECT says nothing more; errno does. */
static const struct failure *not_connected(struct arena *a, const char *peer, const char *whom,
					   int err)
{
	enum failure_class class = FAILURE_NET;
	const char *why = "it cannot be reached";

	switch (err) {
	case ECONNREFUSED:
		why = "the connection was refused";
		break;
	case ECONNRESET:
		why = "the connection was reset";
		break;
	case EHOSTUNREACH:
		why = "a router on the way says that it can't be reached";
		break;
	case EACCES:
	case EPERM:
		why = "a firewall prohibits the connection";
		break;
	case ENETUNREACH:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		class = FAILURE_LOCAL;
		why = "this machine has no route to it";
		break;
	case EMFILE:
	case ENFILE:
		class = FAILURE_LOCAL;
		why = "this machine could not open a connection";
		break;
	}
	return failure_new(a, class, STAGE_CONNECT, err, peer, NULL, "cannot connect to %s: %s",
			   whom, why);
}

static const char *in_kilobytes(struct arena *a, size_t n)
{
	return arena_printf(a, n >= 1024 * 1024 ? "%zu MB" : "%zu KB",
			    n >= 1024 * 1024 ? n / (1024 * 1024) : n / 1024);
}

const struct failure *http_trouble(struct arena *a, const char *peer, const struct http_trouble *t)
{
	const char *whom = t->proxied ? arena_printf(a, "%s, through the proxy", peer) : peer;

	if (t->waited == -ECANCELED)
		return failure_new(a, FAILURE_CANCELLED, STAGE_UNKNOWN, 0, peer, NULL, "cancelled");
	if (t->waited < 0)
		return failure_new(a, FAILURE_TIMEOUT, STAGE_UNKNOWN, 0, peer, NULL,
				   "%s: no whole answer in time", whom);
	if (t->headers)
		return failure_new(a, FAILURE_PROTOCOL, STAGE_UNKNOWN, 0, peer, NULL,
				   "%s: the answer has more than %s of header fields", whom,
				   in_kilobytes(a, LIMIT_HTTP_HEADERS));
	if (t->too_large)
		return failure_new(a, FAILURE_PROTOCOL, STAGE_UNKNOWN, 0, peer, NULL,
				   "%s: the answer is longer than %s, which no answer to this has "
				   "a reason to be", whom, in_kilobytes(a, t->limit));
	if (t->proxy_status >= 300)
		return failure_new(a, FAILURE_REFUSED, STAGE_CONNECT, 0, peer,
				   NULL, "the proxy does not let the request through to %s: it "
				   "answers %d%s", peer, t->proxy_status,
				   t->proxy_status == 407 ? " (it wants its own login)" : "");
	if (t->code == CURLE_COULDNT_CONNECT)
		return not_connected(a, peer, whom, t->err);
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if ((int)codes[i].code == t->code)
			return failure_new(a, codes[i].class, codes[i].stage, t->err, peer, NULL,
					   "%s: %s", whom, codes[i].words);
	return failure_new(a, FAILURE_PROTOCOL, STAGE_UNKNOWN, t->err, peer, NULL, "%s: %s", whom,
			   *t->said ? str_escaped(a, t->said, strlen(t->said)) :
			   "libcurl gives up");
}
