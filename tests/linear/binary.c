/*
 * binary - readers of what is no text: DNS answers, hosts files, certificates. What they read is
 * made around the shape.
 */
#include "tests/linear/linear.h"

#include <assert.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "net/cert-judge.h"
#include "net/dns-packet.h"

/* --- DNS: the shape is the text of TXT records, or a list of names --- */

static struct buf packet;

static void number(struct buf *b, unsigned value)
{
	buf_addc(b, (char)(value >> 8));
	buf_addc(b, (char)value);
}

static void packet_head(struct buf *b, unsigned records, unsigned type)
{
	number(b, 0);
	number(b, 0x8180);
	number(b, 1);
	number(b, records);
	number(b, 0);
	number(b, 0);
	buf_add(b, "\7example\3com\0", 13);
	number(b, type);
	number(b, 1);
}

/* Each record is of the name asked: a pointer to it. */
static void record(struct buf *b, unsigned type, size_t len)
{
	number(b, 0xc00c);
	number(b, type);
	number(b, 1);
	number(b, 0);
	number(b, 60);
	number(b, (unsigned)len);
}

void make_txt(struct arena *a, const char *p, size_t n)
{
	enum { PIECE = 200 };

	(void)a;
	buf_release(&packet);
	buf_init(&packet, LIMIT_DNS_ANSWER);
	packet_head(&packet, (unsigned)(n / PIECE), DNS_TXT);
	for (size_t i = 0; i + PIECE <= n; i += PIECE) {
		record(&packet, DNS_TXT, PIECE + 1);
		buf_addc(&packet, (char)PIECE);
		buf_add(&packet, p + i, PIECE);
	}
}

void make_mx(struct arena *a, const char *p, size_t n)
{
	enum { EACH = 12 + 8 };

	(void)a;
	(void)p;
	buf_release(&packet);
	buf_init(&packet, LIMIT_DNS_ANSWER);
	packet_head(&packet, (unsigned)(n / EACH), DNS_MX);
	for (size_t i = 0; i < n / EACH; i++) {
		record(&packet, DNS_MX, 8);
		number(&packet, (unsigned)(i * 2654435761u) % 65536);
		buf_add(&packet, "\3mx1\xc0\x0c", 6);
	}
}

static void read_dns(struct arena *a, enum dns_type type)
{
	struct dns_answer ans;
	bool truncated;

	assert(!packet.overflow);
	assert(dns_packet_read(a, packet.data, packet.len, "example.com", type, &ans, &truncated));
	assert(ans.count > 0);
}

void read_txt(struct arena *a, const char *p, size_t n)
{
	(void)p;
	(void)n;
	read_dns(a, DNS_TXT);
}

void read_mx(struct arena *a, const char *p, size_t n)
{
	(void)p;
	(void)n;
	read_dns(a, DNS_MX);
}

void read_hosts(struct arena *a, const char *p, size_t n)
{
	struct net_address found[8];

	(void)a;
	dns_hosts_find(p, n, "example.com", AF_UNSPEC, found, ARRAY_LEN(found));
}

/* --- a certificate with as many names as there is room for --- */

static gnutls_x509_crt_t crt;

static void der_head(struct buf *b, unsigned tag, size_t len)
{
	buf_addc(b, (char)tag);
	buf_addc(b, (char)0x83);
	buf_addc(b, (char)(len >> 16));
	buf_addc(b, (char)(len >> 8));
	buf_addc(b, (char)len);
}

void make_names(struct arena *a, const char *p, size_t n)
{
	enum { EACH = 20 };
	struct buf names = BUF_INIT(LIMIT_PASTE), value = BUF_INIT(LIMIT_PASTE);
	gnutls_x509_privkey_t key;
	gnutls_datum_t der = { NULL, 0 };
	char name[EACH + 1];

	(void)a;
	(void)p;
	for (unsigned i = 0; i < n / EACH; i++) {
		snprintf(name, sizeof(name), "a%05u.b.example.com", i % 100000);
		buf_addc(&names, (char)0x82);
		buf_addc(&names, (char)(EACH - 1));
		buf_add(&names, name, EACH - 1);
	}
	der_head(&value, 0x30, names.len);
	buf_add(&value, names.data, names.len);
	if (crt)
		gnutls_x509_crt_deinit(crt);
	assert(gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_privkey_init(&key) == 0);
	assert(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
					    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) ==
	       0);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, 1700000000);
	gnutls_x509_crt_set_expiration_time(crt, 1900000000);
	gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, "x", 1);
	assert(gnutls_x509_crt_set_extension_by_oid(crt, "2.5.29.17", value.data, value.len, 0) ==
	       0);
	assert(gnutls_x509_crt_set_key(crt, key) == 0 &&
	       gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0) == 0);
	assert(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) == 0);
	gnutls_x509_crt_deinit(crt);
	assert(gnutls_x509_crt_init(&crt) == 0 &&
	       gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) == 0);
	gnutls_free(der.data);
	gnutls_x509_privkey_deinit(key);
	buf_release(&names);
	buf_release(&value);
}

void read_names(struct arena *a, const char *p, size_t n)
{
	struct cert_question q = { .name = "mail.example.com" };

	(void)p;
	(void)n;
	assert(cert_judge(a, &crt, 1, &q)->n == 1);
}
