/*
 * t-audit-list - the three forms of the list of an audit, and what is wrong with a line of one.
 */
#include "audit/list.h"
#include "base/arena.h"
#include "base/buf.h"
#include "tests/unit/tap.h"

/* A target is "client>target", with "/user=credential"; a bad line "line!error". */
static const struct { const char *text, *want; } cases[] = {
	{ "", "" },
	{ "# nothing\n\n", "" },
	{ "a.example\r\n\n# no\n b.example:587 ",
	  "a.example>a.example b.example:587>b.example:587" },
	{ "\xef\xbb\xbf" "a.example\n", "a.example>a.example" },
	{ "domain\na.example\n", "a.example>a.example" },
	{ "\xef\xbb\xbf" "Client,Domain\r\nContoso,a.example\r\n", "Contoso>a.example" },
	{ "client;host\n\"A;\"\"B\"\"\";mx.a.example\n", "A;\"B\">mx.a.example" },
	{ "domain\thost\na.example\tmx.b.example\n", "a.example>mx.b.example" },
	{ "host,user,password_file\nh:587,u,f\n", "h:587>h:587/u=f" },
	{ "{\"domain\": \"a.example\", \"client\": \"C\"}\n{\"host\":\"h:1\"}",
	  "C>a.example h:1>h:1" },
	{ "domain,password\n",
	  "line 1: column 2 of the header: a list holds no secrets: name a file that "
	  "does, in password_file or token_file" },
	{ "#\ndomain,domain\n", "line 2: the header names domain twice" },
	{ "domain,client\n\"a\n,C\na,b,c\n\"a\"b,c\nok.example,\n",
	  "2!a quote is not closed, or something stands behind it "
	  "3!there is no target: it needs a target, a host or a domain "
	  "4!it has more fields than the header, which has 2 "
	  "5!a quote is not closed, or something stands behind it ok.example>ok.example" },
	{ "{\"domain\":1}\n{\"password\":\"x\"}\n{\"a\n[]\n{\"domain\":\"a\\u0007\"}\n",
	  "1!domain: it is not a string "
	  "2!a list holds no secrets: name a file that does, in password_file or token_file "
	  "3!it is not JSON (column 3) 4!it is not a JSON object "
	  "5!domain: there is a control character in it" },
	{ "host,user,token_file,password_file\nh,u,,\nh,,f,\nh,u,a,b\nh,u,,-\n",
	  "2!a user needs password_file or token_file 3!a credential needs a user "
	  "4!password_file and token_file are both given: give one of them "
	  "5!a credential cannot be read from standard input" },
	{ "a\033[2J\nb\n", "1!target: there is a control character in it b>b" },
};

static void put_target(struct buf *b, const struct list_target *t)
{
	const char *file = *t->password_file ? t->password_file : t->token_file;

	buf_addf(b, "%s>%s", t->client, t->target);
	if (*t->user)
		buf_addf(b, "/%s=%s", t->user, file);
}

static void read_all(struct arena *a, const char *text, struct buf *b)
{
	struct list_target t;
	struct list_target again;
	const char *error;
	struct spool *spool = spool_new();
	struct list l;
	enum list_is is;

	if (!ok(spool && spool_add(spool, text, strlen(text)), "spooled"))
		return;
	error = audit_list_begin(&l, a, spool);

	if (error) {
		buf_addf(b, "line %u: %s", l.line, error);
		spool_free(spool);
		return;
	}
	while ((is = audit_list_next(&l, a, &t, &error)) != LIST_END) {
		if (b->len)
			buf_addc(b, ' ');
		if (is == LIST_BAD)
			buf_addf(b, "%u!%s", l.line, error);
		else
			put_target(b, &t);
		if (is == LIST_TARGET &&
		    !(audit_list_at(&l, a, t.at, t.line, &again, &error) == LIST_TARGET &&
		      again.line == t.line && str_eq(again.target, t.target)))
			buf_adds(b, " (read once more, it is another)");
	}
	spool_free(spool);
}

/* Lines as long as the window of a spool, one less and one more, and what stands behind them. */
static void long_lines(void)
{
	enum { WINDOW = 64 * 1024 };
	struct spool *s = spool_new();
	struct span line;
	int64_t at = 0, begun[4];
	_cleanup_(arena_freep) struct arena *a = arena_new();
	char *text = arena_alloc(a, 2 * WINDOW);

	memset(text, 'x', 2 * WINDOW);
	for (size_t n = WINDOW - 2; n <= WINDOW + 1; n++)
		ok(spool_add(s, text, n) && spool_add(s, "\r\ny\n", 4), "a long line is spooled");
	for (size_t i = 0; i < 4; i++) {
		ok(spool_line(s, at, 100, &line, &at) && line.len == 100, "... and cut");
		begun[i] = at;
		ok(spool_line(s, at, 100, &line, &at) && span_eq(line, "y"), "... the next one");
	}
	ok(!spool_line(s, at, 100, &line, &at) && at == spool_size(s), "... and the end");
	for (size_t i = 4; i-- > 0;)
		ok(spool_line(s, begun[i], 100, &line, &at) && span_eq(line, "y"), "... again");
	spool_free(s);
}

int main(void)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(buf_release) struct buf b = BUF_INIT(4096);

		read_all(a, cases[i].text, &b);
		is_str(buf_str(&b), cases[i].want, *cases[i].want ? cases[i].want : "nothing");
	}
	long_lines();
	arena_free(a);
	return tap_done();
}
