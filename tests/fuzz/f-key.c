/*
 * f-key - any bytes as a file with a private key: PEM, DER, a PKCS#12 container, Google's JSON;
 * with a password and without; for a signed statement and as a client certificate. Good, or one
 * sentence that holds nothing of it.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"
#include "proto/jwt.h"
#include "net/tls.h"
#include "tests/fuzz/frame.h"
#include "tests/fuzz/fuzz.h"

const unsigned fuzz_places = 60;

static void sentence(const char *error)
{
	assert(error && *error && strlen(error) < 400);
	frame_shown(error);
	assert(!strchr(error, '\n'));
}

static void statement(struct arena *a, const struct secret *file, const struct secret *password)
{
	const char *error = NULL;
	struct jwt_key *k = jwt_key_read(a,
					 &(struct jwt_files) { .key = file, .password = password },
					 &error);

	if (!k) {
		sentence(error);
		return;
	}
	assert(jwt_key_bits(k) > 0);
	assert(jwt_key_has_cert(k) == (*jwt_key_x5t(k) != '\0'));
	assert(jwt_key_has_cert(k) == (strlen(jwt_key_thumbprint(k)) == 40));
	jwt_key_free(k);
}

static void identity(struct arena *a, struct span text, const struct secret *file)
{
	const char *error = NULL;
	struct tls_identity *id = tls_identity_new(a, text, file, &error);

	if (!id)
		sentence(error);
	tls_identity_free(id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret *file = secret_new(data, size), *password = secret_new("geheim", 6);
	struct arena *a = arena_new();

	if (file) {
		statement(a, file, NULL);
		statement(a, file, password);
		identity(a, (struct span) { (const char *)data, size }, file);
	}
	secret_free(password);
	secret_free(file);
	arena_free(a);
	return 0;
}
