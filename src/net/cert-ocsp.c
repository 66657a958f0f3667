/*
 * cert-ocsp - what a stapled OCSP answer says (RFC 6960, 4.2; RFC 6066, 8).
 */
#include "net/cert-judge.h"

#include <gnutls/ocsp.h>

#include "base/clock.h"

/*
 * An answer without nextUpdate only says that newer ones are always to be had (RFC 6960, 4.2.2.1),
 * not that it is good for ever. Ten days are what public authorities may give one that has it
 * (CA/Browser Forum baseline requirements, 4.9.10).
 */
enum { OCSP_MOST = 10 * 86400 };

/*
 * A "good" of yesterday is no "good": it holds from thisUpdate to nextUpdate (RFC 6960, 4.2.2.1).
 */
static bool is_fresh(time_t this_update, time_t next_update)
{
	time_t now = clock_wall();

	if (this_update == (time_t)-1 || this_update > now)
		return false;
	return next_update == (time_t)-1 ? now - this_update <= OCSP_MOST : next_update >= now;
}

static const char *answer(gnutls_ocsp_resp_t resp, gnutls_x509_crt_t leaf, gnutls_x509_crt_t issuer)
{
	unsigned wrong = 0, status = 0;
	time_t this_update = 0, next_update = 0;

	if (gnutls_ocsp_resp_get_status(resp) != GNUTLS_OCSP_RESP_SUCCESSFUL)
		return "invalid";
	if (gnutls_ocsp_resp_check_crt(resp, 0, leaf) < 0)
		return "invalid";
	/* Without the issuer nobody can say who signed it. */
	if (!issuer || gnutls_ocsp_resp_verify_direct(resp, issuer, &wrong, 0) < 0 || wrong)
		return "invalid";
	if (gnutls_ocsp_resp_get_single(resp, 0, NULL, NULL, NULL, NULL, &status, &this_update,
					&next_update, NULL, NULL) < 0)
		return "invalid";
	if (status == GNUTLS_OCSP_CERT_REVOKED)
		return "revoked";
	if (status != GNUTLS_OCSP_CERT_GOOD)
		return "invalid";
	return is_fresh(this_update, next_update) ? "good" : "invalid";
}

const char *cert_staple(const gnutls_datum_t *staple, gnutls_x509_crt_t leaf,
			gnutls_x509_crt_t issuer)
{
	gnutls_ocsp_resp_t resp = NULL;
	const char *said = "invalid";

	if (gnutls_ocsp_resp_init(&resp) < 0)
		return "none";
	if (gnutls_ocsp_resp_import(resp, staple) >= 0)
		said = answer(resp, leaf, issuer);
	gnutls_ocsp_resp_deinit(resp);
	return said;
}
