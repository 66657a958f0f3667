/*
 * http-loop - libcurl's multi interface on the loop that the fibers wait on: it says which
 * sockets it wants watched and when it wants to be called, on the hub; a fiber waits for the
 * end of its transfer.
 */
#include <errno.h>

#include <stdlib.h>

#include "base/mem.h"
#include "fiber/watch.h"
#include "net/http-inside.h"

struct watched {
	struct watched	*next;
	struct watch	*watch;
};

/* The handle keeps connections for the next request to the same host. */
struct http {
	const struct http_lib	*lib;
	/* NULL when nothing was asked yet, or nothing is to be kept */
	CURLM			*multi;
	struct timer		*timer;		/* while a transfer is on its way */
	struct watched		*watched;
	unsigned		 running;
};

/* Wakes the fibers that wait for transfers that have ended. */
static void tell(struct http *h)
{
	struct transfer *t;
	CURLMsg *m;
	int left;

	while ((m = h->lib->curl_multi_info_read(h->multi, &left))) {
		if (m->msg != CURLMSG_DONE)
			continue;
		h->lib->curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		t->code = m->data.result;
		event_set(&t->done);
	}
}

static void act(struct http *h, curl_socket_t fd, int what)
{
	int running;

	h->lib->curl_multi_socket_action(h->multi, fd, what, &running);
	tell(h);
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	act(arg, fd, (ready & FIBER_READ ? CURL_CSELECT_IN : 0) |
		     (ready & FIBER_WRITE ? CURL_CSELECT_OUT : 0));
}

static void on_time(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static void forget(struct http *h, struct watched *w)
{
	for (struct watched **at = &h->watched; *at; at = &(*at)->next) {
		if (*at == w) {
			*at = w->next;
			watch_free(w->watch);
			free(w);
			return;
		}
	}
}

/* CURLMOPT_SOCKETFUNCTION; the watch goes before libcurl closes the socket. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *of_socket)
{
	struct watched *w = of_socket;
	struct http *h = arg;
	unsigned ask = (what & CURL_POLL_IN ? FIBER_READ : 0u) |
		       (what & CURL_POLL_OUT ? FIBER_WRITE : 0u);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		forget(h, w);
		h->lib->curl_multi_assign(h->multi, fd, NULL);
	} else if (w) {
		watch_set(w->watch, ask);
	} else {
		w = xcalloc(1, sizeof(*w));
		w->watch = watch_new(fd, ask, on_ready, h);
		w->next = h->watched;
		h->watched = w;
		h->lib->curl_multi_assign(h->multi, fd, w);
	}
	return 0;
}

/* CURLMOPT_TIMERFUNCTION; -1 = no longer. */
static int on_timer(CURLM *multi, long ms, void *arg)
{
	struct http *h = arg;

	(void)multi;
	if (!h->timer)
		return 0;
	if (ms < 0)
		timer_stop(h->timer);
	else
		timer_in(h->timer, ms);
	return 0;
}

struct http *http_new(const struct http_lib *lib)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->lib = lib;
	return h;
}

static void end_multi(struct http *h)
{
	if (h->multi)
		h->lib->curl_multi_cleanup(h->multi);
	h->multi = NULL;
	while (h->watched)
		forget(h, h->watched);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	end_multi(h);
	free(h);
}

static void begin(struct http *h)
{
	if (h->running++)
		return;
	h->timer = timer_new(on_time, h);
	if (h->multi)
		return;
	h->multi = h->lib->curl_multi_init();
	if (!h->multi)
		out_of_memory();
	h->lib->curl_multi_setopt(h->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	h->lib->curl_multi_setopt(h->multi, CURLMOPT_SOCKETDATA, h);
	h->lib->curl_multi_setopt(h->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	h->lib->curl_multi_setopt(h->multi, CURLMOPT_TIMERDATA, h);
}

/*
 * Idle connections stay, unless one of them is still watched (a TLS shutdown of newer versions):
 * the loop may end before it does.
 */
static void end(struct http *h)
{
	if (--h->running)
		return;
	timer_free(h->timer);
	h->timer = NULL;
	if (h->watched)
		end_multi(h);
}

int http_perform(struct http *h, struct transfer *t)
{
	int r;

	event_init(&t->done);
	begin(h);
	h->lib->curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
	if (h->lib->curl_multi_add_handle(h->multi, t->easy) != CURLM_OK)
		out_of_memory();
	r = event_wait(&t->done);
	h->lib->curl_multi_remove_handle(h->multi, t->easy);
	end(h);
	return r;
}
