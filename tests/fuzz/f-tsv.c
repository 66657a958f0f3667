/*
 * f-tsv - any bytes as a table: it is read whole, or refused in one line that says where.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/tsv.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const columns[] = { "id", "title", NULL };
	struct arena *a = arena_new();
	const char *error = NULL;
	struct tsv *t = tsv_parse(a, "fuzz", (const char *)data, size, columns, &error);

	if (t) {
		assert(!error);
		for (size_t i = 0; i < t->n; i++) {
			assert(tsv_line(t, i) > (i ? tsv_line(t, i - 1) : 0));
			for (size_t k = 0; k < 2; k++) {
				const char *cell = tsv_cell(t, i, k);

				assert(strcmp(cell, "-") != 0 && !strpbrk(cell, "\t\r\n"));
			}
		}
	} else {
		assert(error && str_has_prefix(error, "fuzz:") && !strchr(error, '\n'));
	}
	arena_free(a);
	return 0;
}
