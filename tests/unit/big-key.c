/*
 * big-key - certificates with RSA keys of any size.
 */
#include "tests/unit/big-key.h"

#include <assert.h>

enum { MOST = 256 * 1024 };

void big_endian(struct buf *to, size_t value, unsigned bytes)
{
	while (bytes--)
		buf_addc(to, (char)(value >> (8 * bytes) & 0xff));
}

static void tlv(struct buf *to, unsigned char tag, const struct buf *content)
{
	size_t n = content->len;
	unsigned bytes = n < 0x80 ? 0 : 1;

	/* The shortest form is the only one that DER has. */
	while (bytes && n >> (8 * bytes))
		bytes++;
	buf_addc(to, (char)tag);
	if (bytes)
		buf_addc(to, (char)(0x80 | bytes));
	big_endian(to, n, bytes ? bytes : 1);
	buf_add(to, content->data, n);
}

void big_number(struct buf *to, size_t bits)
{
	size_t n = (bits + 7) / 8;

	for (size_t i = 0; i < n; i++) {
		unsigned byte = (unsigned)(i * 167 + 13) & 0xff, top = 1u << ((bits - 1) % 8);

		if (i == 0)
			byte = (byte & (top - 1)) | top;
		buf_addc(to, (char)(i + 1 == n ? byte | 1 : byte));
	}
}

static void integer(struct buf *to, size_t bits)
{
	_cleanup_(buf_release) struct buf b = BUF_INIT(MOST);

	if (bits % 8 == 0)
		buf_addc(&b, '\0');
	big_number(&b, bits);
	tlv(to, 0x02, &b);
}

static void public_key(struct buf *to, size_t modulus, size_t exponent)
{
	_cleanup_(buf_release) struct buf numbers = BUF_INIT(MOST), bits = BUF_INIT(MOST),
		key = BUF_INIT(MOST);

	integer(&numbers, modulus);
	if (exponent == PLAIN_EXPONENT)
		BYTES(&numbers, "\x02\x03\x01\x00\x01");
	else
		integer(&numbers, exponent);
	buf_addc(&bits, '\0');
	tlv(&bits, 0x30, &numbers);
	BYTES(&key, "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00");
	tlv(&key, 0x03, &bits);
	tlv(to, 0x30, &key);
}

void big_certificate(struct buf *to, size_t modulus, size_t exponent)
{
	static const char sha256_rsa[] =
		"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
	static const char name[] = "\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02mx";
	static const char dates[] = "\x30\x1e\x17\x0d" "250101000000Z" "\x17\x0d" "450101000000Z";
	_cleanup_(buf_release) struct buf tbs = BUF_INIT(MOST), whole = BUF_INIT(MOST),
		signature = BUF_INIT(MOST);

	BYTES(&tbs, "\xa0\x03\x02\x01\x02" "\x02\x02\x30\x39");
	BYTES(&tbs, sha256_rsa);
	BYTES(&tbs, name);
	BYTES(&tbs, dates);
	BYTES(&tbs, name);
	public_key(&tbs, modulus, exponent);
	tlv(&whole, 0x30, &tbs);
	BYTES(&whole, sha256_rsa);
	buf_addc(&signature, '\0');
	big_number(&signature, USUAL_MODULUS);
	tlv(&whole, 0x03, &signature);
	tlv(to, 0x30, &whole);
}

gnutls_x509_crt_t big_crt(size_t modulus, size_t exponent)
{
	_cleanup_(buf_release) struct buf der = BUF_INIT(MOST);
	gnutls_x509_crt_t crt;
	gnutls_datum_t d;

	big_certificate(&der, modulus, exponent);
	assert(!der.overflow);
	d = (gnutls_datum_t) { (unsigned char *)der.data, (unsigned)der.len };
	assert(gnutls_x509_crt_init(&crt) == 0 &&
	       gnutls_x509_crt_import(crt, &d, GNUTLS_X509_FMT_DER) == 0);
	return crt;
}
