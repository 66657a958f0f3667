/*
 * json - jansson with our manners.
 */
#include "base/json.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

/*
 * jansson answers NULL when there is no memory, or when it was given what cannot be: invalid UTF-8
 * cannot reach it here.
 */
static void need(bool good)
{
	if (!good)
		out_of_memory();
}

json_t *json_safe(const char *s)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(SIZE_MAX / 2);
	json_t *j;

	if (!s)
		return json_null();
	str_escape(&b, s, strlen(s));
	j = json_stringn(buf_str(&b), b.len);
	need(j);
	return j;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	need(value && json_object_set_new(object, key, value) == 0);
}

void json_put_texts(json_t *object, const char *key, const char *text, ...)
{
	va_list more;

	va_start(more, text);
	while (key) {
		json_put(object, key, json_safe(text));
		key = va_arg(more, const char *);
		text = key ? va_arg(more, const char *) : NULL;
	}
	va_end(more);
}

void json_push(json_t *array, json_t *value)
{
	need(value && json_array_append_new(array, value) == 0);
}

bool json_too_deep(const char *p, size_t n, size_t depth)
{
	size_t open = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (quoted && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			quoted = !quoted;
		else if (!quoted && (p[i] == '{' || p[i] == '['))
			open++;
		else if (!quoted && (p[i] == '}' || p[i] == ']') && open)
			open--;
		if (open > depth)
			return true;
	}
	return false;
}
