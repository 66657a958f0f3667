/*
 * identity - reads a certificate and its key.
 */
#include "cmd/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/redact.h"
#include "base/secret.h"
#include "cmd/cmd.h"
#include "cmd/opt.h"
#include "net/tls.h"

/* errno, or 0. private: others must not be able to read it; EPERM says that they are. */
static int read_file(const char *path, bool private, struct buf *b, unsigned *ret_mode)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), err = 0;
	char chunk[2048];
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) < 0)
		err = errno;
	else if (S_ISDIR(st.st_mode))
		err = EISDIR;
	else if (private && S_ISREG(st.st_mode) && (st.st_mode & 077))
		err = EPERM;
	*ret_mode = err == EPERM ? st.st_mode & 0777 : 0;
	while (!err && (n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno != EINTR)
			err = errno;
		else if (n > 0 && !buf_add(b, chunk, (size_t)n))
			err = EFBIG;
	}
	explicit_bzero(chunk, sizeof(chunk));
	close(fd);
	return err;
}

int identity_read(struct arena *a, const char *cert_file, const char *key_file,
		  struct tls_identity **ret)
{
	_cleanup_(buf_release) struct buf cert = BUF_INIT(LIMIT_SECRET);
	_cleanup_(buf_wipe_release) struct buf key_text = BUF_INIT(LIMIT_SECRET);
	_cleanup_(secret_freep) struct secret *key = NULL;
	const char *error;
	unsigned mode;
	int err = read_file(cert_file, false, &cert, &mode);

	if (err)
		return opt_wrong("check", "--client-cert: cannot read '%s': %s", cert_file,
				 strerrordesc_np(err));
	err = read_file(key_file, true, &key_text, &mode);
	if (mode)
		return opt_wrong("check", "--client-key: others may read '%s' (mode %04o): chmod "
				 "600 it first", key_file, mode);
	if (err)
		return opt_wrong("check", "--client-key: cannot read '%s': %s", key_file,
				 strerrordesc_np(err));
	redact_private_key(buf_str(&key_text), key_text.len);
	key = secret_new_mixed(key_text.data, key_text.len);
	if (!key)
		return opt_wrong("check", "--client-key: '%s' is empty", key_file);
	*ret = tls_identity_new(a, (struct span) { cert.data ? cert.data : "", cert.len }, key,
				&error);
	return *ret ? OPT_GO : opt_wrong("check", "--client-cert '%s' and --client-key '%s': %s",
					 cert_file, key_file, error);
}
