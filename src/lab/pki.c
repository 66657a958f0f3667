/*
 * pki - keys and certificates for the lab's servers (RFC 5280).
 */
#include "lab/pki.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/data.h"
#include "base/mem.h"
#include "lab/line.h"

enum { DAY = 24 * 3600, PKI_MAX_ITEMS = 4 * SCENARIO_MAX_SERVERS };

/* A certificate with its key. */
struct item {
	gnutls_x509_crt_t	 crt;
	gnutls_x509_privkey_t	 key;
	const char		*name;		/* an authority's, else NULL */
	bool			 root;
};

struct credentials {
	struct credentials			*next;
	gnutls_certificate_credentials_t	 c;
};

struct pki {
	struct arena		*arena;
	struct item		 items[PKI_MAX_ITEMS];
	size_t			 n_items;
	struct credentials	*credentials;
	unsigned		 serial;
	const char		*folder;
	const char		*file;
};

static const char LAB_AUTHORITY[] = "smtpwhy lab CA";

/* What a certificate is to say. */
struct plan {
	const char		*name;		/* "Common Name, Organisation" */
	const struct strv	*names;
	const struct item	*issuer;	/* NULL = itself */
	bool			 authority;
	bool			 rsa;		/* its key is the lab's built-in one */
	time_t			 from, to;
};

static int set_name(gnutls_x509_crt_t crt, const char *name)
{
	const char *comma = strstr(name, ", ");
	size_t n = comma ? (size_t)(comma - name) : strlen(name);
	int e = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
					      (unsigned)n);

	if (e == 0 && comma)
		e = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0,
						  comma + 2, (unsigned)strlen(comma + 2));
	return e;
}

static int add_alt_name(gnutls_x509_crt_t crt, const char *name)
{
	unsigned char address[16];
	gnutls_x509_subject_alt_name_t type = GNUTLS_SAN_IPADDRESS;
	const void *data = address;
	unsigned n;

	if (inet_pton(AF_INET, name, address) == 1)
		n = 4;
	else if (inet_pton(AF_INET6, name, address) == 1)
		n = 16;
	else
		type = GNUTLS_SAN_DNSNAME, data = name, n = (unsigned)strlen(name);
	return gnutls_x509_crt_set_subject_alt_name(crt, type, data, n, GNUTLS_FSAN_APPEND);
}

static int set_identity(struct pki *p, struct item *i, const struct plan *plan)
{
	unsigned char serial[5] = { 1 }, id[20];
	size_t n = sizeof(id);
	int e;

	p->serial++;
	for (int k = 0; k < 4; k++)
		serial[4 - k] = (unsigned char)(p->serial >> 8 * k);
	e = gnutls_x509_crt_set_version(i->crt, 3);
	e = e ? e : gnutls_x509_crt_set_serial(i->crt, serial, sizeof(serial));
	e = e ? e : set_name(i->crt, plan->name);
	e = e ? e : gnutls_x509_crt_set_activation_time(i->crt, plan->from);
	e = e ? e : gnutls_x509_crt_set_expiration_time(i->crt, plan->to);
	e = e ? e : gnutls_x509_crt_set_key(i->crt, i->key);
	e = e ? e : gnutls_x509_crt_get_key_id(i->crt, 0, id, &n);
	e = e ? e : gnutls_x509_crt_set_subject_key_id(i->crt, id, n);
	return e;
}

static int set_use(struct item *i, const struct plan *plan)
{
	int e;

	if (plan->authority) {
		e = gnutls_x509_crt_set_basic_constraints(i->crt, 1, -1);
		return e ? e : gnutls_x509_crt_set_key_usage(i->crt, GNUTLS_KEY_KEY_CERT_SIGN |
								     GNUTLS_KEY_CRL_SIGN);
	}
	e = gnutls_x509_crt_set_basic_constraints(i->crt, 0, -1);
	e = e ? e : gnutls_x509_crt_set_key_usage(i->crt, GNUTLS_KEY_DIGITAL_SIGNATURE);
	e = e ? e : gnutls_x509_crt_set_key_purpose_oid(i->crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
	for (size_t k = 0; k < plan->names->n && e == 0; k++)
		e = add_alt_name(i->crt, plan->names->v[k]);
	return e;
}

/*
 * Reads a signed certificate back: GnuTLS knows the names of certificates it has read only, and
 * drops an issuer it can't recognise.
 */
static int read_back(struct item *i)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_x509_crt_t again;
	int e = gnutls_x509_crt_export2(i->crt, GNUTLS_X509_FMT_DER, &der);

	if (e != 0)
		return e;
	e = gnutls_x509_crt_init(&again);
	if (e == 0) {
		e = gnutls_x509_crt_import(again, &der, GNUTLS_X509_FMT_DER);
		gnutls_x509_crt_deinit(i->crt);
		i->crt = again;
	}
	gnutls_free(der.data);
	return e;
}

/* Making an RSA key takes a second or so: there is one, known to all (data/lab-key.pem), and a TLSA
 * record in a scenario can name it. */
static int set_key(struct item *i, bool rsa)
{
	const struct data_file *f = data_find("lab-key.pem");
	gnutls_datum_t pem = { (unsigned char *)(uintptr_t)f->bytes, (unsigned)f->len };
	unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

	if (rsa)
		return gnutls_x509_privkey_import(i->key, &pem, GNUTLS_X509_FMT_PEM);
	return gnutls_x509_privkey_generate(i->key, GNUTLS_PK_ECDSA, bits, 0);
}

/* Makes one certificate. NULL when GnuTLS refuses or there are too many. */
static struct item *make(struct pki *p, const struct plan *plan)
{
	struct item *i = &p->items[p->n_items];
	const struct item *issuer = plan->issuer ? plan->issuer : i;

	if (p->n_items == PKI_MAX_ITEMS || gnutls_x509_privkey_init(&i->key) != 0)
		return NULL;
	if (gnutls_x509_crt_init(&i->crt) != 0) {
		gnutls_x509_privkey_deinit(i->key);
		return NULL;
	}
	p->n_items++;
	i->name = plan->authority ? plan->name : NULL;
	i->root = !plan->issuer;
	if (set_key(i, plan->rsa) != 0)
		return NULL;
	if (set_identity(p, i, plan) != 0 || set_use(i, plan) != 0)
		return NULL;
	if (gnutls_x509_crt_sign2(i->crt, issuer->crt, issuer->key, GNUTLS_DIG_SHA256, 0) != 0)
		return NULL;
	return read_back(i) == 0 ? i : NULL;
}

static struct item *make_authority(struct pki *p, const char *name, const struct item *issuer)
{
	time_t now = clock_wall();
	struct plan plan = { .name = name, .issuer = issuer, .authority = true,
			     .from = now - 900 * DAY, .to = now + 900 * DAY };

	for (size_t k = 0; k < p->n_items; k++)
		if (str_eq(p->items[k].name, name) && p->items[k].root == !issuer)
			return &p->items[k];
	return make(p, &plan);
}

static bool write_root(struct pki *p, const char **ret_error)
{
	const char *base = getenv("TMPDIR");
	char *folder = arena_printf(p->arena, "%s/smtpwhy-lab-XXXXXX",
				    base && *base ? base : "/tmp");
	gnutls_datum_t pem = { NULL, 0 };
	bool good = false;
	int fd;

	if (!mkdtemp(folder)) {
		*ret_error = arena_printf(p->arena, "%s: cannot be made", folder);
		return false;
	}
	p->folder = folder;
	p->file = arena_printf(p->arena, "%s/ca.pem", folder);
	fd = open(p->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0 && gnutls_x509_crt_export2(p->items[0].crt, GNUTLS_X509_FMT_PEM, &pem) == 0)
		good = write(fd, pem.data, pem.size) == (ssize_t)pem.size;
	gnutls_free(pem.data);
	if (fd >= 0)
		close(fd);
	if (!good)
		*ret_error = arena_printf(p->arena, "%s: cannot be written", p->file);
	return good;
}

struct pki *pki_new(struct arena *a, const char **ret_error)
{
	struct pki *p = xcalloc(1, sizeof(*p));

	p->arena = a;
	/* main() keeps it from starting itself. */
	if (gnutls_global_init() < 0 || !make_authority(p, "smtpwhy lab root CA", NULL)) {
		*ret_error = "the lab's certificates can't be made";
		pki_free(p);
		return NULL;
	}
	if (!write_root(p, ret_error)) {
		pki_free(p);
		return NULL;
	}
	return p;
}

void pki_free(struct pki *p)
{
	if (!p)
		return;
	for (struct credentials *c = p->credentials; c; c = c->next)
		gnutls_certificate_free_credentials(c->c);
	for (size_t i = 0; i < p->n_items; i++) {
		gnutls_x509_crt_deinit(p->items[i].crt);
		gnutls_x509_privkey_deinit(p->items[i].key);
	}
	if (p->file)
		unlink(p->file);
	if (p->folder)
		rmdir(p->folder);
	free(p);
}

const char *pki_ca_file(const struct pki *p)
{
	return p->file;
}

/* Who signs this server's certificate: one below our root, or a root that nobody trusts. */
static struct item *issuer_of(struct pki *p, const struct lab_server *s)
{
	const char *name = s->issuer[0] ? s->issuer : LAB_AUTHORITY;

	return make_authority(p, name, s->cert == CERT_FAULT_UNTRUSTED ? NULL : &p->items[0]);
}

static struct item *leaf_of(struct pki *p, const struct lab_server *s, const struct item *issuer,
			    bool rsa)
{
	struct strv names = s->names;
	time_t now = clock_wall();
	struct plan plan = { .names = &names, .issuer = issuer, .from = now - 30 * DAY,
			     .to = now + 200 * DAY, .rsa = rsa };

	if (names.n == 0)
		strv_add(&names, p->arena, s->host);
	plan.name = names.v[0];
	if (s->cert == CERT_FAULT_EXPIRED)
		plan.from = now - 400 * DAY, plan.to = now - 3 * DAY;
	else if (s->cert == CERT_FAULT_NOT_YET)
		plan.from = now + 2 * DAY;
	return make(p, &plan);
}

/* One certificate more for the server, with its chain. */
static bool add_leaf(struct pki *p, const struct lab_server *s, const struct item *issuer,
		     bool rsa, gnutls_certificate_credentials_t c)
{
	struct item *leaf = leaf_of(p, s, issuer, rsa);
	gnutls_x509_crt_t chain[2];
	int n = 1;

	if (!leaf)
		return false;
	chain[0] = leaf->crt;
	if (issuer && s->cert != CERT_FAULT_INCOMPLETE)
		chain[n++] = issuer->crt;
	return gnutls_certificate_set_x509_key(c, chain, n, leaf->key) >= 0;
}

gnutls_certificate_credentials_t pki_credentials(struct pki *p, const struct lab_server *s)
{
	bool alone = s->cert == CERT_FAULT_SELF_SIGNED;
	struct item *issuer = alone ? NULL : issuer_of(p, s);
	struct credentials *c;

	if (!issuer && !alone)
		return NULL;
	c = arena_alloc(p->arena, sizeof(*c));
	if (gnutls_certificate_allocate_credentials(&c->c) != 0)
		return NULL;
	c->next = p->credentials;
	p->credentials = c;
	if ((!s->keys || s->keys & LAB_KEY_ECDSA) && !add_leaf(p, s, issuer, false, c->c))
		return NULL;
	if (s->keys & LAB_KEY_RSA && !add_leaf(p, s, issuer, true, c->c))
		return NULL;
	return c->c;
}
