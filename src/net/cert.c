/*
 * cert - what a certificate says of itself (RFC 5280, 4).
 */
#include "net/cert-judge.h"

#include <arpa/inet.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <netinet/in.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "net/net.h"

const char *cert_trouble_name(enum cert_trouble one)
{
	switch (one) {
	case CERT_UNTRUSTED:
		return "untrusted";
	case CERT_SELF_SIGNED:
		return "self-signed";
	case CERT_INCOMPLETE:
		return "incomplete";
	case CERT_EXPIRED:
		return "expired";
	case CERT_NOT_YET:
		return "not-yet-valid";
	case CERT_NAME:
		return "name";
	case CERT_WEAK:
		return "weak";
	case CERT_REVOKED:
		return "revoked";
	case CERT_PURPOSE:
		return "purpose";
	case CERT_INVALID:
		return "invalid";
	}
	return "unknown";
}

static const char *hex(struct arena *a, const unsigned char *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	return text;
}

/* A datum of GnuTLS as a safe string; frees the datum. */
static const char *datum_text(struct arena *a, gnutls_datum_t *d)
{
	const char *text = str_escaped(a, (const char *)d->data, d->size);

	gnutls_free(d->data);
	d->data = NULL;
	return text;
}

static const char *distinguished_name(struct arena *a, gnutls_x509_crt_t crt, bool issuer)
{
	gnutls_datum_t d = { NULL, 0 };
	int r = issuer ? gnutls_x509_crt_get_issuer_dn3(crt, &d, 0) :
		gnutls_x509_crt_get_dn3(crt, &d, 0);

	return r < 0 ? "" : datum_text(a, &d);
}

static const char *name_part(struct arena *a, gnutls_x509_crt_t crt, bool issuer, const char *oid)
{
	char part[1024];
	size_t n = sizeof(part);
	int r = issuer ? gnutls_x509_crt_get_issuer_dn_by_oid(crt, oid, 0, 0, part, &n) :
			 gnutls_x509_crt_get_dn_by_oid(crt, oid, 0, 0, part, &n);

	return r < 0 ? "" : str_escaped(a, part, n);
}

static const char *curve_name(gnutls_x509_crt_t crt)
{
	gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
	gnutls_datum_t x = { NULL, 0 }, y = { NULL, 0 };

	if (gnutls_x509_crt_get_pk_ecc_raw(crt, &curve, &x, &y) < 0)
		return "unknown curve";
	gnutls_free(x.data);
	gnutls_free(y.data);
	if (curve == GNUTLS_ECC_CURVE_SECP256R1)
		return "P-256";
	if (curve == GNUTLS_ECC_CURVE_SECP384R1)
		return "P-384";
	if (curve == GNUTLS_ECC_CURVE_SECP521R1)
		return "P-521";
	return gnutls_ecc_curve_get_name(curve) ?: "unknown curve";
}

static const char *key_text(struct arena *a, gnutls_x509_crt_t crt)
{
	unsigned bits = 0;
	int pk = gnutls_x509_crt_get_pk_algorithm(crt, &bits);

	switch (pk) {
	case GNUTLS_PK_RSA:
		return arena_printf(a, "RSA %u", bits);
	case GNUTLS_PK_RSA_PSS:
		return arena_printf(a, "RSA-PSS %u", bits);
	case GNUTLS_PK_DSA:
		return arena_printf(a, "DSA %u", bits);
	case GNUTLS_PK_ECDSA:
		return arena_printf(a, "ECDSA %s", curve_name(crt));
	case GNUTLS_PK_EDDSA_ED25519:
		return "Ed25519";
	case GNUTLS_PK_EDDSA_ED448:
		return "Ed448";
	default:
		return "unknown";
	}
}

/* One name of the extension: as text into the list for people and the list for its kind. */
static void name_add(struct arena *a, unsigned type, const gnutls_datum_t *d, struct strv *all,
		     struct cert_names *kinds)
{
	char address[INET6_ADDRSTRLEN];
	const char *text;

	if (type == GNUTLS_SAN_DNSNAME) {
		text = str_escaped(a, (const char *)d->data, d->size);
		/*
		 * A NUL or a control character makes "\x00" of it, which is in no host name: it
		 * can't match by being cut short.
		 */
		strv_add(&kinds->dns, a, text);
	} else if (type == GNUTLS_SAN_IPADDRESS && (d->size == 4 || d->size == 16)) {
		text = inet_ntop(d->size == 4 ? AF_INET : AF_INET6, d->data, address,
				 sizeof(address));
		strv_add(&kinds->ip, a, text);
	} else {
		return;
	}
	strv_add(all, a, text);
}

/* subjectAltName (RFC 5280, 4.2.1.6), parsed once for all names. */
static void names_read(struct arena *a, gnutls_x509_crt_t crt, struct strv *all,
		       struct cert_names *kinds)
{
	gnutls_subject_alt_names_t names = NULL;
	gnutls_datum_t raw = { NULL, 0 }, d;
	unsigned critical, type;

	for (unsigned i = 0; !raw.data; i++) {
		char oid[64];
		size_t n = sizeof(oid);
		int r = gnutls_x509_crt_get_extension_info(crt, i, oid, &n, &critical);

		if (r == GNUTLS_E_SHORT_MEMORY_BUFFER)
			continue;
		if (r < 0)
			return;
		if (str_eq(oid, GNUTLS_X509EXT_OID_SAN) &&
		    gnutls_x509_crt_get_extension_data2(crt, i, &raw) < 0)
			return;
	}
	if (gnutls_subject_alt_names_init(&names) >= 0) {
		if (gnutls_x509_ext_import_subject_alt_names(&raw, names, 0) >= 0)
			for (unsigned i = 0; i < CERT_NAMES_MOST; i++) {
				if (gnutls_subject_alt_names_get(names, i, &type, &d, NULL) < 0)
					break;
				name_add(a, type, &d, all, kinds);
			}
		gnutls_subject_alt_names_deinit(names);
	}
	gnutls_free(raw.data);
}

/* A digest as hex; "" where it cannot be made. */
static const char *digest(struct arena *a, gnutls_digest_algorithm_t by, const gnutls_datum_t *of)
{
	unsigned char bytes[64];

	if (gnutls_hash_fast((gnutls_digest_algorithm_t)by, of->data, of->size, bytes) < 0)
		return "";
	return hex(a, bytes, (size_t)gnutls_hash_get_len(by));
}

/* What TLSA records hold of a certificate besides its fingerprint (RFC 6698, 2.1). */
static void digests_read(struct arena *a, gnutls_x509_crt_t crt, struct cert *ret)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pubkey_t key = NULL;

	if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0)
		ret->sha512 = digest(a, GNUTLS_DIG_SHA512, &der);
	gnutls_free(der.data);
	der.data = NULL;
	if (gnutls_pubkey_init(&key) < 0)
		return;
	if (gnutls_pubkey_import_x509(key, crt, 0) >= 0 &&
	    gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der) >= 0) {
		ret->key_sha256 = digest(a, GNUTLS_DIG_SHA256, &der);
		ret->key_sha512 = digest(a, GNUTLS_DIG_SHA512, &der);
	}
	gnutls_free(der.data);
	gnutls_pubkey_deinit(key);
}

void cert_read(struct arena *a, gnutls_x509_crt_t crt, struct cert *ret,
	       struct cert_names *ret_names)
{
	struct cert_names kinds = { .dns = { NULL, 0, 0 } };
	unsigned char bytes[64];
	size_t n = sizeof(bytes);
	unsigned critical;

	*ret = (struct cert) {
		.subject = distinguished_name(a, crt, false),
		.subject_cn = name_part(a, crt, false, GNUTLS_OID_X520_COMMON_NAME),
		.issuer = distinguished_name(a, crt, true),
		.issuer_cn = name_part(a, crt, true, GNUTLS_OID_X520_COMMON_NAME),
		.issuer_o = name_part(a, crt, true, GNUTLS_OID_X520_ORGANIZATION_NAME),
		.not_before = gnutls_x509_crt_get_activation_time(crt),
		.not_after = gnutls_x509_crt_get_expiration_time(crt),
		.key = key_text(a, crt),
		.signature = gnutls_sign_get_name(
			(gnutls_sign_algorithm_t)gnutls_x509_crt_get_signature_algorithm(crt)) ?:
			     "unknown",
		.serial = "",
		.sha256 = "", .sha512 = "", .key_sha256 = "", .key_sha512 = "",
		.self_signed = gnutls_x509_crt_check_issuer(crt, crt) != 0,
		.ca = gnutls_x509_crt_get_ca_status(crt, &critical) > 0,
	};
	if (gnutls_x509_crt_get_serial(crt, bytes, &n) >= 0)
		ret->serial = hex(a, bytes, n);
	n = sizeof(bytes);
	if (gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, bytes, &n) >= 0)
		ret->sha256 = hex(a, bytes, n);
	digests_read(a, crt, ret);
	names_read(a, crt, &ret->names, &kinds);
	if (ret_names)
		*ret_names = kinds;
}

/*
 * RFC 9525, 6.3: the wildcard is the whole left-most label. What it stands under must have a dot:
 * nobody owns "*.com".
 */
static bool pattern_matches(const char *pattern, struct span name)
{
	const char *dot;

	if (!str_has_prefix(pattern, "*."))
		return span_eq_nocase(name, pattern);
	dot = memchr(name.p, '.', name.len);
	if (!dot || dot == name.p || !strchr(pattern + 2, '.'))
		return false;
	return span_eq_nocase((struct span) { dot, name.len - (size_t)(dot - name.p) },
			      pattern + 1);
}

bool cert_names_match(const struct cert_names *names, const char *name)
{
	struct net_address address;
	struct span host = span_of(name);

	if (net_address_parse(name, &address)) {
		for (size_t i = 0; i < names->ip.n; i++)
			if (str_eq(names->ip.v[i], address.text))
				return true;
		return false;
	}
	if (host.len && host.p[host.len - 1] == '.')
		host.len--;
	for (size_t i = 0; host.len && i < names->dns.n; i++)
		if (pattern_matches(names->dns.v[i], host))
			return true;
	return false;
}

bool cert_covers(const struct cert *c, const char *name)
{
	/* Addresses stand among them as text, and no host name is like one. */
	struct cert_names names = { .dns = c->names };

	return cert_names_match(&names, name);
}
