/*
 * dns-line - one way to one resolver. The only file that knows how c-ares waits.
 */
#include "net/dns-channel.h"

#include <ares.h>
#include <errno.h>
#include <sys/random.h>
#include <sys/time.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/trace.h"
#include "fiber/fiber.h"
#include "fiber/watch.h"
#include "net/dns-packet.h"

/*
 * Since 1.28 there are newer names for the functions used here; the old ones stay, and
 * 1.18 knows only them.
 */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

struct watched {
	struct watched	*next;
	struct watch	*watch;
	ares_socket_t	 fd;
};

/*
 * A question on its way. It outlives its waiter if that one was cancelled, until
 * c-ares lets go of it.
 */
struct pending {
	struct pending	*next;
	struct line	*line;
	struct event	 done;
	struct heard	 heard;
	uint16_t	 id;
	bool		 over;		/* c-ares has called back */
	bool		 orphan;	/* nobody waits: the callback frees */
};

struct line {
	ares_channel	 channel;
	struct watched	*watched;
	struct pending	*pending;
	struct timer	*timer;		/* while something is pending */
	unsigned	 waiting;
};

static void on_ready(void *arg, int fd, unsigned ready);

/* c-ares says which of its sockets it wants watched for what; nothing = it's about to close it. */
static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct line *l = arg;
	unsigned what = (readable ? FIBER_READ : 0u) | (writable ? FIBER_WRITE : 0u);
	struct watched **at = &l->watched, *w;

	while (*at && (*at)->fd != fd)
		at = &(*at)->next;
	w = *at;
	if (!what) {
		if (w) {
			*at = w->next;
			watch_free(w->watch);
			free(w);
		}
	} else if (w) {
		watch_set(w->watch, what);
	} else {
		w = xcalloc(1, sizeof(*w));
		w->fd = fd;
		w->watch = watch_new(fd, what, on_ready, l);
		w->next = l->watched;
		l->watched = w;
	}
}

static void on_timer(void *arg);

/*
 * After every call into c-ares: sets the timer to what it wants next, or ends it when
 * nothing is pending.
 */
static void line_settle(struct line *l)
{
	struct timeval tv;

	if (!l->pending) {
		timer_free(l->timer);
		l->timer = NULL;
		return;
	}
	if (!l->timer)
		l->timer = timer_new(on_timer, l);
	if (ares_timeout(l->channel, NULL, &tv))
		timer_in(l->timer, (int64_t)tv.tv_sec * 1000 + tv.tv_usec / 1000 + 1);
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	struct line *l = arg;

	ares_process_fd(l->channel, ready & FIBER_READ ? fd : ARES_SOCKET_BAD,
			ready & FIBER_WRITE ? fd : ARES_SOCKET_BAD);
	line_settle(l);
}

static void on_timer(void *arg)
{
	struct line *l = arg;

	ares_process_fd(l->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	line_settle(l);
}

/* c-ares has the answer, or gives up. It may be called from within ares_send(). */
static void on_answer(void *arg, int status, int timeouts, unsigned char *bytes, int len)
{
	struct pending *q = arg;
	struct pending **at = &q->line->pending;

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	q->over = true;
	q->heard.ares = status;
	trace(TRACE_DNS, "c-ares: %s after %d time-outs, %d bytes", ares_strerror(status),
	      timeouts, len);
	if (q->orphan) {
		free(q);
		return;
	}
	if (bytes && len > 0 && len <= LIMIT_DNS_ANSWER) {
		q->heard.bytes = xmalloc((size_t)len);
		memcpy(q->heard.bytes, bytes, (size_t)len);
		q->heard.len = (size_t)len;
	}
	event_set(&q->done);
}

struct line *line_new(const struct ares_addr_port_node *server, bool tcp, int try_ms)
{
	struct line *l = xcalloc(1, sizeof(*l));
	char lookups[] = "b";
	/*
	 * All that resolv.conf could say is given here, so it isn't read again. IGNTC and
	 * NOCHECKRESP: we judge the answers.
	 */
	struct ares_options o = {
		.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS |
			 (tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC),
		.timeout = try_ms,
		.tries = 3,
		.ndots = 1,
		.lookups = lookups,
		.ednspsz = DNS_UDP_SIZE,
		.sock_state_cb = on_socket,
		.sock_state_cb_data = l,
	};
	struct ares_addr_port_node only = *server;

	only.next = NULL;
	if (ares_init_options(&l->channel, &o,
			      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
			      ARES_OPT_NDOTS | ARES_OPT_LOOKUPS |
			      ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB | ARES_OPT_DOMAINS) !=
	    ARES_SUCCESS) {
		free(l);
		return NULL;
	}
	if (ares_set_servers_ports(l->channel, &only) != ARES_SUCCESS) {
		line_free(l);
		return NULL;
	}
	return l;
}

void line_free(struct line *l)
{
	if (!l)
		return;
	if (l->channel)
		ares_destroy(l->channel);
	timer_free(l->timer);
	while (l->watched) {
		struct watched *w = l->watched;

		l->watched = w->next;
		watch_free(w->watch);
		free(w);
	}
	free(l);
}

uint16_t line_id(const struct line *l)
{
	uint16_t id = 0;
	const struct pending *q;

	do {
		if (getrandom(&id, sizeof(id), 0) != sizeof(id))
			id = (uint16_t)(id + 1);
		for (q = l->pending; q && q->id != id; q = q->next)
			;
	} while (q);
	return id;
}

int line_ask(struct line *l, const void *question, size_t n, struct heard *ret)
{
	struct pending *q = xcalloc(1, sizeof(*q));
	int rc;

	q->line = l;
	q->id = (uint16_t)(((const unsigned char *)question)[0] << 8 |
			   ((const unsigned char *)question)[1]);
	event_init(&q->done);
	q->next = l->pending;
	l->pending = q;
	l->waiting++;
	ares_send(l->channel, question, (int)n, on_answer, q);
	line_settle(l);
	rc = event_wait(&q->done);
	l->waiting--;
	if (rc == 0) {
		*ret = q->heard;
		free(q);
		return 0;
	}
	if (q->over) {
		free(q->heard.bytes);
		free(q);
	} else {
		q->orphan = true;
	}
	/* c-ares can't drop one question, only all: done when nobody waits for any. */
	if (!l->waiting)
		ares_cancel(l->channel);
	line_settle(l);
	return rc;
}
