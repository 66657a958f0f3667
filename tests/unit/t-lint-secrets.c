/*
 * t-lint-secrets - a secret, planted into every place of every sample file in every form, is in no
 * output of lint, in any format, and in nothing that check --from-config takes or tells. The places
 * come from the samples in tests/data/config: a new one is tested as soon as it is there.
 */
#include "tests/unit/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/strv.h"
#include "cmd/check-config.h"
#include "cmd/check-options.h"
#include "cmd/opt.h"
#include "config/settings.h"
#include "know/know.h"
#include "sending/lint.h"
#include "report/report.h"
#include "tests/overhear/disguise.h"
#include "tests/unit/plant.h"

enum { PLACES_MOST = 4096, PATTERNS_MOST = 64, PATTERN_LEAST = 6, FILES_MOST = 16,
       SEEN_MOST = 1 << 17, LESS = 12 };

struct file { const char *name; char *p; size_t n; };

struct folder { const char *path; struct file files[FILES_MOST]; size_t n; };

/* One secret, and the forms in which it must not be heard. */
struct listener {
	struct planted	 secret;
	struct { char *p; size_t n; } patterns[PATTERNS_MOST];
	size_t		 n;
};

struct bench {
	struct arena		*work;		/* cleared after each run */
	const struct know	*know;
	struct listener		 listeners[PLANT_SECRETS];
	const char		*scratch;	/* a folder, where the files are copied to */
	int			 heard;		/* stands in for standard error */
	uint64_t		 seen[SEEN_MOST];	/* hashes of what was told */
	uint64_t		 last;			/* of all that was read last */
	size_t			 n_seen, runs, read, hidden, places, matter, leaks;
};

/* --- listening --- */

static void add_pattern(void *to, const char *p, size_t n)
{
	struct listener *l = to;

	if (n < PATTERN_LEAST || l->n == PATTERNS_MOST)
		return;
	l->patterns[l->n].p = malloc(n);
	memcpy(l->patterns[l->n].p, p, n);
	l->patterns[l->n++].n = n;
}

static void listener_init(struct listener *l, unsigned kind)
{
	*l = (struct listener) { .n = 0 };
	plant_secret(kind, &l->secret);
	disguise(l->secret.whole, strlen(l->secret.whole), add_pattern, l);
	for (size_t i = 0; i < l->secret.n_pieces; i++)
		disguise(l->secret.pieces[i], strlen(l->secret.pieces[i]), add_pattern, l);
}

static bool hears(const struct listener *l, const char *p, size_t n)
{
	for (size_t i = 0; i < l->n; i++)
		if (memmem(p, n, l->patterns[i].p, l->patterns[i].n))
			return true;
	return false;
}

static void listening(struct bench *b)
{
	for (unsigned kind = 0; kind < PLANT_SECRETS; kind++) {
		const struct listener *l = &b->listeners[kind];
		static const char *const forms[] = { "x%y", "x%py", "%b", "%B" };
		bool all = true;

		for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
			const char *text = plant_written(b->work, forms[i], &l->secret);

			all &= hears(l, text, strlen(text));
		}
		ok(all, arena_printf(b->work, "%s: is heard plain, percent-encoded and in base64",
				     l->secret.what));
	}
}

static void fresh(struct bench *b)
{
	arena_free(b->work);
	b->work = arena_new();
}

/* --- one file, read and told --- */

static size_t shapes_of(const struct mail_settings *s)
{
	return !!s->host.shape + !!s->port.shape + !!s->user.shape + !!s->from.shape +
	       !!s->auth.shape + !!s->helo.shape;
}

static void lint_all(struct bench *b, FILE *to, const struct mail_settings *list)
{
	const struct path_means means = { .given = true };
	const struct report_style style = { .columns = 4000, .verbose = true, .unicode = true };

	for (const struct mail_settings *s = list; s; s = s->next) {
		const struct lint *l = lint_judge(b->work, b->know, s, &means);

		report_alone(to, "text", &style, REPORT_LINT, l);
		report_alone(to, "ndjson", &style, REPORT_LINT, l);
		report_alone(to, "github", &style, REPORT_LINT, l);
		report_alone(to, "evidence", &style, REPORT_LINT, l);
		b->hidden += shapes_of(s);
	}
}

/* What check makes of it: options, target and words. */
static void check_one(struct bench *b, FILE *to, const char *path, const char *name)
{
	const char *spec = *name ? arena_printf(b->work, "%s#%s", path, name) : path;
	struct check_options o;
	struct check_config c = { NULL, NULL };
	struct strv targets = { NULL, 0, 0 };

	check_options_init(&o);
	o.from_config = spec;
	check_config_take(&c, b->work, &o, &targets);
	if (c.chosen && targets.n) {
		const char *all[] = { targets.v[0], o.ask.user, o.ask.from, o.ask.to, o.ask.helo,
				      o.session.net.ca_file };

		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			fprintf(to, "%s\n", all[i] ? all[i] : "");
	}
	check_config_release(&c);
}

static void put(const char *path, const char *p, size_t n)
{
	FILE *to = fopen(path, "we");

	if (!to || fwrite(p, 1, n, to) != n || fclose(to) != 0) {
		printf("Bail out! %s can't be written\n", path);
		exit(1);
	}
}

/* --- what was told already --- */

static void put_setting(FILE *to, const struct setting *s)
{
	fprintf(to, "%s|%s|%s|%u|%s|%s\n", s->value ? s->value : "", s->shape ? s->shape : "",
		s->key ? s->key : "", s->line, s->file ? s->file : "", s->form ? s->form : "");
}

/*
 * All that the judge, the writers and check know of the file: what they say follows from it alone.
 */
static void put_all(FILE *to, const struct mail_settings *s)
{
	for (; s; s = s->next) {
		const struct setting *all[] = {
			&s->host, &s->port, &s->tls_said, &s->verify_said, &s->ca_file,
			&s->client_cert, &s->auth, &s->user,
			&s->password, &s->from, &s->to, &s->helo, &s->scope, &s->token_url,
			&s->authority, &s->client_id,
			&s->tenant, &s->api,
		};

		fprintf(to, "%s %s %d %d %zu %zu\n", s->application, s->name, s->tls, s->verify_off,
			s->secret ? secret_len(s->secret) : 0,
			s->client_secret ? secret_len(s->client_secret) : 0);
		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			put_setting(to, all[i]);
		for (const struct settings_note *n = s->notes; n; n = n->next)
			fprintf(to, "%s %u %d %s %s\n", n->finding, n->line, n->severity,
				n->message, n->fix);
	}
}

/* FNV-1a, never 0. */
static uint64_t hash_of(const char *p, size_t n)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (unsigned char)p[i]) * 1099511628211u;
	return hash + (hash == 0);
}

/* One in 2^64 is missed. */
static bool is_new(struct bench *b, uint64_t hash)
{
	size_t at;

	for (at = hash % SEEN_MOST; b->seen[at] && b->seen[at] != hash; at = (at + 1) % SEEN_MOST)
		;
	if (b->seen[at] || b->n_seen == SEEN_MOST / 2)
		return !b->seen[at];
	b->seen[at] = hash;
	b->n_seen++;
	return true;
}

/* Everything that is said of this file as it lies there now. */
static void tell(struct bench *b, FILE *to, const char *path, const struct file *f)
{
	const char *error = NULL;
	struct mail_settings *list = settings_read(b->work, path, NULL, f->p, f->n, &error);
	char *known = NULL;
	uint64_t hash;
	size_t n = 0;
	FILE *all = open_memstream(&known, &n);

	put_all(all, list);
	fclose(all);
	hash = hash_of(known, n);
	b->last = b->last * 31 + hash;
	fprintf(to, "%s\n", error ? error : "");
	fwrite(known, 1, n, to);
	b->read += list != NULL;
	if (list && is_new(b, hash)) {
		put(path, f->p, f->n);
		lint_all(b, to, list);
		check_one(b, to, path, "");
		for (const struct mail_settings *s = list; s && list->next; s = s->next)
			check_one(b, to, path, s->name);
	}
	free(known);
	settings_free(list);
}

/* --- every place --- */

static const char *in_scratch(struct bench *b, const char *name)
{
	return arena_printf(b->work, "%s/%s", b->scratch, name);
}

/* What was told on standard error since the last time. */
static void take_heard(struct bench *b, FILE *to)
{
	char bytes[2048];
	ssize_t n;

	fflush(stderr);
	lseek(b->heard, 0, SEEK_SET);
	while ((n = read(b->heard, bytes, sizeof(bytes))) > 0)
		fwrite(bytes, 1, (size_t)n, to);
	if (ftruncate(b->heard, 0) != 0)
		fputs("?", to);
	lseek(b->heard, 0, SEEK_SET);
}

/* The folder's files are read with this one changed: one may name another. */
static void run(struct bench *b, const struct folder *d, struct file *changed,
		const struct listener *l, const char *what)
{
	char *said = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&said, &n);

	b->last = 0;
	if (d->n > 1)
		put(in_scratch(b, changed->name), changed->p, changed->n);
	for (size_t i = 0; i < d->n; i++) {
		bool main = &d->files[i] == changed || d->n <= 3;

		if (main)
			tell(b, to, in_scratch(b, d->files[i].name), &d->files[i]);
	}
	take_heard(b, to);
	fclose(to);
	b->runs++;
	if (hears(l, said, n) && b->leaks++ < 20)
		printf("# leak: %s\n", what);
	free(said);
	if (b->runs % 32 == 0)
		fresh(b);
}

static void plant_one(struct bench *b, const struct folder *d, struct file *f,
		      const struct place *at, const struct plant_form *form,
		      const struct listener *l)
{
	const struct file before = *f;
	const char *text = plant_written(b->work, form->text, &l->secret);
	size_t n = strlen(text);

	f->n = at->from + n + before.n - at->to;
	f->p = arena_alloc(b->work, f->n + 1);
	memcpy(f->p, before.p, at->from);
	memcpy(f->p + at->from, text, n);
	memcpy(f->p + at->from + n, before.p + at->to, before.n - at->to);
	run(b, d, f, l, arena_printf(b->work, "%s/%s:%u, column %zu: %s as %s", d->path, f->name,
				     at->line, at->from, l->secret.what, form->text));
	*f = before;
}

/*
 * Does what is read depend on it? Where not, few of the forms will do: those that break
 * out of their place.
 */
static bool place_matters(struct bench *b, const struct folder *d, struct file *f,
			  const struct place *at)
{
	static const struct plant_form probe = { "%", true }, empty = { "", true };
	uint64_t with;

	plant_one(b, d, f, at, &probe, &b->listeners[0]);
	with = b->last;
	plant_one(b, d, f, at, &empty, &b->listeners[0]);
	return with != b->last;
}

static void plant_file(struct bench *b, const struct folder *d, struct file *f)
{
	static struct place places[PLACES_MOST];
	size_t n = plant_places(f->p, f->n, places, PLACES_MOST), leaks = b->leaks, read = b->read,
		forms = 0;

	while (plant_forms[forms].text)
		forms++;
	for (size_t i = 0; i < n; i++) {
		bool matters = !places[i].is_key && place_matters(b, d, f, &places[i]);

		/*
		 * A value is several places, with its quotes and without:
		 * neighbours share the forms.
		 */
		for (size_t k = i % (matters ? 2 : LESS); k < forms; k += matters ? 2 : LESS) {
			/* Each form with one of the secrets, another one in the next place. */
			const struct listener *l = &b->listeners[(i + k) % PLANT_SECRETS];

			if (l->secret.letters && (places[i].is_key || !plant_forms[k].alone))
				l = &b->listeners[k % (PLANT_SECRETS - 1)];
			plant_one(b, d, f, &places[i], &plant_forms[k], l);
		}
		b->matter += matters;
	}
	b->places += n;
	put(in_scratch(b, f->name), f->p, f->n);
	fresh(b);
	ok(n > 0 && b->leaks == leaks && b->read > read,
	   arena_printf(b->work, "%s/%s: read, and a secret in %zu places is not told", d->path,
			f->name, n));
	fresh(b);
}

/* --- the samples --- */

static bool load(struct arena *a, const char *path, struct file *f)
{
	FILE *from = fopen(path, "re");
	struct stat st;
	bool good = from && fstat(fileno(from), &st) == 0;

	if (good) {
		f->n = (size_t)st.st_size;
		f->p = arena_alloc(a, f->n + 1);
		good = fread(f->p, 1, f->n, from) == f->n;
	}
	if (from)
		fclose(from);
	return good;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Files in the folder itself stand alone, those of a folder in it belong together. */
static size_t plant_folder(struct bench *b, struct arena *a, const char *path, const char *name)
{
	struct folder d = { .path = name, .n = 0 };
	struct dirent **list = NULL;
	int n = scandir(path, &list, not_hidden, by_name);
	size_t files = 0;

	for (int i = 0; i < n; i++) {
		const char *inner = arena_printf(a, "%s/%s", path, list[i]->d_name);
		struct stat st;

		if (stat(inner, &st) == 0 && S_ISDIR(st.st_mode)) {
			files += plant_folder(b, a, inner, list[i]->d_name);
		} else if (d.n < FILES_MOST && load(a, inner, &d.files[d.n])) {
			d.files[d.n].name = arena_strdup(a, list[i]->d_name);
			put(in_scratch(b, d.files[d.n].name), d.files[d.n].p, d.files[d.n].n);
			d.n++;
		}
		/* In the uppermost folder one is tried before the next is there. */
		if (d.n == 1 && !*name) {
			plant_file(b, &d, &d.files[0]);
			unlink(in_scratch(b, d.files[0].name));
			d.n = 0;
			files++;
		}
		free(list[i]);
	}
	free(list);
	for (size_t i = 0; i < d.n; i++)
		plant_file(b, &d, &d.files[i]);
	for (size_t i = 0; i < d.n; i++)
		unlink(in_scratch(b, d.files[i].name));
	return files + d.n;
}

static void gate(struct bench *b, struct arena *a, const char *source)
{
	char scratch[] = "/tmp/t-lint-secrets.XXXXXX";
	int real = dup(STDERR_FILENO);
	size_t files;

	b->scratch = mkdtemp(scratch);
	b->heard = memfd_create("heard", MFD_CLOEXEC);
	if (!b->scratch || b->heard < 0) {
		printf("Bail out! no folder\n");
		exit(1);
	}
	dup2(b->heard, STDERR_FILENO);
	files = plant_folder(b, a, arena_printf(a, "%s/tests/data/config", source), "");
	fflush(stderr);
	dup2(real, STDERR_FILENO);
	close(real);
	close(b->heard);
	rmdir(scratch);
	printf("# %zu files, %zu places, %zu of which matter, %zu runs; settings were found in "
	       "%zu, of which %zu differ, a value was not shown %zu times\n", files, b->places,
	       b->matter, b->runs, b->read, b->n_seen, b->hidden);
	ok(files >= 45 && b->places > 1000 && b->matter > 400,
	   "there are samples, and places in them");
	ok(b->read > b->runs / 2, "most files are still read with a secret in them");
	ok(b->hidden > 1000, "values are left out for that reason");
	is_int(b->leaks, 0, "nothing is told anywhere");
}

int main(void)
{
	_cleanup_(arena_freep) struct arena *a = arena_new();
	const char *source = getenv("SRCDIR"), *error = NULL;
	struct bench *b = arena_alloc(a, sizeof(*b));

	b->work = arena_new();
	b->know = know_load(a, NULL, 0, &error);
	for (unsigned kind = 0; kind < PLANT_SECRETS; kind++)
		listener_init(&b->listeners[kind], kind);
	listening(b);
	gate(b, a, source ? source : ".");
	for (unsigned kind = 0; kind < PLANT_SECRETS; kind++)
		for (size_t i = 0; i < b->listeners[kind].n; i++)
			free(b->listeners[kind].patterns[i].p);
	arena_free(b->work);
	return tap_done();
}
