/*
 * t-dkim-read - the field DKIM-Signature: each row is told by its fault alone.
 */
#include "tests/unit/tap.h"

#include "base/arena.h"
#include "domain/dkim.h"

int main(void)
{
	static const struct { const char *tags, *fault; } rows[] = {
		{ "", "syntax" },
		{ "v=1", "missing" },
		{ "v=2; a=rsa-sha256; d=a.example; s=s; h=from; bh=%s; b=AAAA", "version" },
		{ "v=1; a=rsa-sha512; d=a.example; s=s; h=from; bh=%s; b=AAAA", "algorithm" },
		{ "v=1; a=RSA-SHA256; d=a.example; s=s; h=from; bh=%s; b=AAAA", "algorithm" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=%s; b=*", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=%s; b=", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=AAAA; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=to; bh=%s; b=AAAA", "from-unsigned" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=; bh=%s; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; d=a..example; s=s; h=from; bh=%s; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; s=-s; h=from; bh=%s; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; h=from; bh=%s; b=AAAA", "missing" },
		{ "v=1; a=rsa-sha256; c=nofws; d=a.example; s=s; h=from; bh=%s; b=AAAA",
		  "canonicalization" },
		{ "v=1; a=rsa-sha256; c=simple/x; d=a.example; s=s; h=from; bh=%s; b=AAAA",
		  "canonicalization" },
		{ "v=1; a=rsa-sha256; q=http; d=a.example; s=s; h=from; bh=%s; b=AAAA", "query" },
		{ "v=1; a=rsa-sha256; i=x@b.example; d=a.example; s=s; h=from; bh=%s; b=AAAA",
		  "identity" },
		{ "v=1; a=rsa-sha256; i=x@xa.example; d=a.example; s=s; h=from; bh=%s; b=AAAA",
		  "identity" },
		{ "v=1; a=rsa-sha256; t=9; x=8; d=a.example; s=s; h=from; bh=%s; b=AAAA", "times" },
		{ "v=1; a=rsa-sha256; t=now; d=a.example; s=s; h=from; bh=%s; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; l=-1; d=a.example; s=s; h=from; bh=%s; b=AAAA", "value" },
		{ "v=1; a=rsa-sha256; d=a.example; d=b; s=s; h=from; bh=%s; b=AAAA", "duplicate" },
		{ "v=1; a=rsa-sha256; D=a.example; s=s; h=from; bh=%s; b=AAAA", "missing" },
		{ "v=1;; a=rsa-sha256; d=a.example; s=s; h=from; bh=%s; b=AAAA", "syntax" },
		{ "v=1; a=rsa-sha256; d=a.example; s=s; h=from; bh=%s; b=AAAA;", "ok" },
		{ "v=1; a=rsa-sha256; i=x@y.a.example; d=a.example; s=s; h=from; bh=%s; b=A A A A",
		  "ok" },
	};
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *bh = "LjkN2rUhrS3zKXfH2vNgUzz5ERRJkgP9CURXBX0JP0Q=";

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *hole = strstr(rows[i].tags, "%s");
		const char *tags = !hole ? rows[i].tags
					 : arena_printf(a, "%.*s%s%s", (int)(hole - rows[i].tags),
							rows[i].tags, bh, hole + 2);
		const struct dkim_sig *s =
			dkim_sig_read(a, span_of(arena_printf(a, "DKIM-Signature: %s\r\n", tags)));

		is_str(dkim_fault_name(s->fault), rows[i].fault, rows[i].tags);
		ok((s->fault == DKIM_OK) == !*s->why, "a fault has words");
	}
	return tap_done();
}
