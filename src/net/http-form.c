/*
 * http-form - bodies of the type application/x-www-form-urlencoded, and queries. A blank is %20,
 * which every reader takes.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/secret.h"
#include "base/str.h"
#include "net/http.h"

static void encode(struct buf *to, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (ascii_is_alnum(p[i]) || (p[i] && strchr("-._~", p[i])))
			buf_addc(to, p[i]);
		else
			buf_addf(to, "%%%02X", (unsigned char)p[i]);
	}
}

char *http_encode(struct arena *a, const char *text)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(3 * LIMIT_SECRET);

	encode(&b, text, strlen(text));
	return arena_strdup(a, buf_str(&b));
}

void http_form_add(struct buf *form, const char *name, const char *value)
{
	if (form->len)
		buf_addc(form, '&');
	encode(form, name, strlen(name));
	buf_addc(form, '=');
	encode(form, value, strlen(value));
}

void http_form_add_secret(struct buf *form, const char *name, const struct secret *value)
{
	redact_secret(secret_bytes(value), secret_len(value));
	http_form_add(form, name, secret_bytes(value));
}
