/*
 * GMime through dlopen(): the pointers have the types of its headers, so a wrong call is still a
 * compile error.
 */
#include "paste/gmime.h"

#include <dlfcn.h>
#include <gmime/gmime.h>

#include "base/attr.h"

#define GMIME_LIBRARY "libgmime-3.0.so.0"

/*
 * Every function we use. GMime's and GLib's macros for casts call functions behind our back: they
 * can't be used here.
 */
#define FUNCTIONS(X) \
	X(g_mime_init) X(g_mime_stream_mem_new_with_buffer) X(g_mime_stream_mem_new) \
	X(g_mime_stream_mem_get_byte_array) X(g_mime_parser_new_with_stream) \
	X(g_mime_parser_construct_message) X(g_mime_object_get_content_type) \
	X(g_mime_content_type_get_media_type) X(g_mime_content_type_get_media_subtype) \
	X(g_mime_content_type_get_parameter) X(g_mime_object_get_header_list) \
	X(g_mime_header_list_get_count) X(g_mime_header_list_get_header_at) \
	X(g_mime_header_get_name) X(g_mime_header_get_raw_value) X(g_mime_multipart_get_type) \
	X(g_mime_multipart_get_count) X(g_mime_multipart_get_part) X(g_mime_message_part_get_type) \
	X(g_mime_message_part_get_message) X(g_mime_message_get_mime_part) X(g_mime_part_get_type) \
	X(g_mime_part_get_content) X(g_mime_data_wrapper_write_to_stream) \
	X(g_type_check_instance_is_a) X(g_object_unref) X(g_log_set_default_handler)

#undef g_object_unref
#define AS_POINTER(name) __typeof__(name) *name;
struct gmime {
	FUNCTIONS(AS_POINTER)
};

struct walk {
	const struct gmime	*lib;
	const struct mime_visit	*visit;
	int			 parts;
};

/* Where in the tree one is. */
struct place {
	int	depth, level, choice;
	bool	report;
};

/* What the library would print about broken input. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *message, void *arg)
{
	(void)domain, (void)level, (void)message, (void)arg;
}

static bool load(const char *library, struct gmime *ret)
{
	/* Never closed: GLib can't be unloaded. */
	void *so = dlopen(library ? library : GMIME_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	struct gmime g = { 0 };

	if (!so)
		return false;
#define LOOK_UP(name) \
	g.name = (__typeof__(g.name))dlsym(so, #name); \
	if (!g.name) \
		return false;
	FUNCTIONS(LOOK_UP)
	g.g_log_set_default_handler(say_nothing, NULL);
	g.g_mime_init();
	*ret = g;
	return true;
}

static bool is_a(const struct gmime *g, GMimeObject *o, GType type)
{
	return o && g->g_type_check_instance_is_a((GTypeInstance *)o, type);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

static void headers(struct walk *w, GMimeMessage *m, const struct place *at, bool original)
{
	const struct gmime *g = w->lib;
	GMimeHeaderList *list = g->g_mime_object_get_header_list((GMimeObject *)m);
	int n = list ? g->g_mime_header_list_get_count(list) : 0;

	for (int i = 0; i < n && i < LIMIT_MIME_HEADERS; i++) {
		GMimeHeader *h = g->g_mime_header_list_get_header_at(list, i);
		const char *value = or_empty(h ? g->g_mime_header_get_raw_value(h) : NULL);
		char shortened[LIMIT_MIME_VALUE + 1];

		if (!h)
			continue;
		if (strlen(value) >= sizeof(shortened)) {
			memcpy(shortened, value, sizeof(shortened) - 1);
			shortened[sizeof(shortened) - 1] = '\0';
			value = shortened;
		}
		w->visit->header(w->visit->arg, at->depth, original,
				 or_empty(g->g_mime_header_get_name(h)), value);
	}
}

static void leaf(struct walk *w, GMimeObject *o, const struct place *at)
{
	const struct gmime *g = w->lib;
	GMimeContentType *type = g->g_mime_object_get_content_type(o);
	GMimeDataWrapper *content = g->g_mime_part_get_content((GMimePart *)o);
	struct mime_part part = { .type = "text", .subtype = "plain", .charset = "",
				  .depth = at->depth, .report = at->report, .choice = at->choice };
	GMimeStream *to;
	GByteArray *bytes;

	if (!content)
		return;
	if (type) {
		part.type = or_empty(g->g_mime_content_type_get_media_type(type));
		part.subtype = or_empty(g->g_mime_content_type_get_media_subtype(type));
		part.charset = or_empty(g->g_mime_content_type_get_parameter(type, "charset"));
	}
	/* What is no text is not worth decoding. */
	if (!str_eq_nocase(part.type, "text") && !str_eq_nocase(part.type, "message"))
		return;
	to = g->g_mime_stream_mem_new();
	g->g_mime_data_wrapper_write_to_stream(content, to);
	bytes = g->g_mime_stream_mem_get_byte_array((GMimeStreamMem *)to);
	part.bytes = (struct span) { bytes ? (const char *)bytes->data : NULL,
				     bytes ? bytes->len : 0 };
	if (part.bytes.p)
		w->visit->part(w->visit->arg, &part);
	g->g_object_unref(to);
}

static void object(struct walk *w, GMimeObject *o, struct place at);

static void multipart(struct walk *w, GMimeObject *o, struct place at)
{
	const struct gmime *g = w->lib;
	GMimeContentType *type = g->g_mime_object_get_content_type(o);
	const char *subtype = or_empty(type ? g->g_mime_content_type_get_media_subtype(type) :
				       NULL);
	int n = g->g_mime_multipart_get_count((GMimeMultipart *)o);

	at.report |= str_eq_nocase(subtype, "report");
	for (int i = 0; i < n && w->parts < LIMIT_MIME_PARTS; i++) {
		struct place below = at;

		below.level++;
		if (str_eq_nocase(subtype, "alternative"))
			below.choice = i;
		object(w, g->g_mime_multipart_get_part((GMimeMultipart *)o, i), below);
	}
}

static void message(struct walk *w, GMimeMessage *m, struct place at, bool original)
{
	if (!m)
		return;
	headers(w, m, &at, original);
	if (!original)
		object(w, w->lib->g_mime_message_get_mime_part(m), at);
}

static void object(struct walk *w, GMimeObject *o, struct place at)
{
	const struct gmime *g = w->lib;

	if (!o || at.level > LIMIT_MIME_DEPTH || w->parts++ >= LIMIT_MIME_PARTS)
		return;
	if (is_a(g, o, g->g_mime_multipart_get_type())) {
		multipart(w, o, at);
	} else if (is_a(g, o, g->g_mime_message_part_get_type())) {
		struct place below = { .depth = at.depth + 1, .level = at.level + 1, .choice = -1 };

		message(w, g->g_mime_message_part_get_message((GMimeMessagePart *)o), below,
			at.report);
	} else if (is_a(g, o, g->g_mime_part_get_type())) {
		leaf(w, o, &at);
	}
}

enum mime_result gmime_read(struct span text, const char *library, const struct mime_visit *v)
{
	struct gmime g;
	struct walk w = { .lib = &g, .visit = v };
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *m;

	if (!load(library, &g))
		return MIME_NO_LIBRARY;
	stream = g.g_mime_stream_mem_new_with_buffer(text.p, text.len);
	parser = g.g_mime_parser_new_with_stream(stream);
	m = g.g_mime_parser_construct_message(parser, NULL);
	if (m)
		message(&w, m, (struct place) { .choice = -1 }, false);
	if (m)
		g.g_object_unref(m);
	g.g_object_unref(parser);
	g.g_object_unref(stream);
	return m ? MIME_READ : MIME_BROKEN;
}
