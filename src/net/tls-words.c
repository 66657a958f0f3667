/*
 * tls-words - names and sentences for what happens in a handshake. No state, no waiting.
 */
#include "net/tls-inside.h"

#include <stddef.h>

#include "base/attr.h"

const char *tls_version_name(enum tls_version v)
{
	switch (v) {
	case TLS_1_0:
		return "TLS1.0";
	case TLS_1_1:
		return "TLS1.1";
	case TLS_1_2:
		return "TLS1.2";
	case TLS_1_3:
		return "TLS1.3";
	case TLS_ANY:
		break;
	}
	return "any";
}

const char *tls_alert_name(int alert)
{
	static const struct {
		int		 number;
		const char	*name;
	} alerts[] = {
		{ 0, "close_notify" },
		{ 10, "unexpected_message" },
		{ 20, "bad_record_mac" },
		{ 21, "decryption_failed" },
		{ 22, "record_overflow" },
		{ 30, "decompression_failure" },
		{ 40, "handshake_failure" },
		{ 41, "no_certificate" },
		{ 42, "bad_certificate" },
		{ 43, "unsupported_certificate" },
		{ 44, "certificate_revoked" },
		{ 45, "certificate_expired" },
		{ 46, "certificate_unknown" },
		{ 47, "illegal_parameter" },
		{ 48, "unknown_ca" },
		{ 49, "access_denied" },
		{ 50, "decode_error" },
		{ 51, "decrypt_error" },
		{ 52, "too_many_cids_requested" },
		{ 60, "export_restriction" },
		{ 70, "protocol_version" },
		{ 71, "insufficient_security" },
		{ 80, "internal_error" },
		{ 86, "inappropriate_fallback" },
		{ 90, "user_canceled" },
		{ 100, "no_renegotiation" },
		{ 109, "missing_extension" },
		{ 110, "unsupported_extension" },
		{ 111, "certificate_unobtainable" },
		{ 112, "unrecognized_name" },
		{ 113, "bad_certificate_status_response" },
		{ 114, "bad_certificate_hash_value" },
		{ 115, "unknown_psk_identity" },
		{ 116, "certificate_required" },
		{ 120, "no_application_protocol" },
	};

	for (size_t i = 0; i < ARRAY_LEN(alerts); i++)
		if (alerts[i].number == alert)
			return alerts[i].name;
	return "unknown";
}

bool tls_error_local(int err)
{
	switch (err) {
	case GNUTLS_E_MEMORY_ERROR:
	case GNUTLS_E_INTERNAL_ERROR:
	case GNUTLS_E_INVALID_REQUEST:
	case GNUTLS_E_INVALID_SESSION:
	case GNUTLS_E_NO_PRIORITIES_WERE_SET:
	case GNUTLS_E_RANDOM_FAILED:
	case GNUTLS_E_RANDOM_DEVICE_ERROR:
	case GNUTLS_E_CRYPTO_INIT_FAILED:
	case GNUTLS_E_LIB_IN_ERROR_STATE:
	case GNUTLS_E_SELF_TEST_ERROR:
	case GNUTLS_E_FILE_ERROR:
		return true;
	default:
		return false;
	}
}

const char *tls_error_text(int err)
{
	switch (err) {
	case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
		return "the server chose a TLS version that was not offered";
	case GNUTLS_E_UNEXPECTED_PACKET_LENGTH:
	case GNUTLS_E_RECORD_OVERFLOW:
		return "the server sent a record of impossible length";
	case GNUTLS_E_UNEXPECTED_PACKET:
	case GNUTLS_E_UNEXPECTED_HANDSHAKE_PACKET:
		return "the server sent a message out of turn";
	case GNUTLS_E_DECRYPTION_FAILED:
		return "a record could not be decrypted: bytes were changed or lost on the way";
	case GNUTLS_E_DH_PRIME_UNACCEPTABLE:
		return "the server's Diffie-Hellman parameters are too short";
	case GNUTLS_E_INSUFFICIENT_SECURITY:
		return "the server insists on algorithms that are too weak";
	case GNUTLS_E_NO_CIPHER_SUITES:
	case GNUTLS_E_UNKNOWN_CIPHER_SUITE:
		return "the server chose a cipher suite that was not offered";
	case GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM:
	case GNUTLS_E_UNWANTED_ALGORITHM:
		return "the server signed with an algorithm that was not offered";
	case GNUTLS_E_PK_SIG_VERIFY_FAILED:
		return "the server's signature is wrong: it does not hold the key of its "
		       "certificate";
	case GNUTLS_E_KEY_USAGE_VIOLATION:
		return "the server's certificate is not for this use (key usage)";
	case GNUTLS_E_NO_CERTIFICATE_FOUND:
		return "the server sent no certificate";
	case GNUTLS_E_UNSAFE_RENEGOTIATION_DENIED:
		return "the server does not know secure renegotiation (RFC 5746)";
	case GNUTLS_E_NO_COMMON_KEY_SHARE:
		return "the server wants a key exchange group that was not offered";
	default:
		return gnutls_strerror(err);
	}
}
