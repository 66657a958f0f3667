/*
 * Every check, in the order of the output: CHECK(name) stands for checks/name.c (with '_' as '-') and its check_name. Expanded to
 * declarations and to the array in src/cmd/checks.c. The order of running is decided by needs and gives (diag/check.h); talkers of one
 * connection speak in this order.
 */
CHECK(target_provider)
CHECK(dns_mx)
CHECK(dns_null_mx)
CHECK(dns_address)
CHECK(tcp)
CHECK(tcp_control)
CHECK(tls_handshake)
CHECK(smtp_greeting)
CHECK(smtp_ehlo)
CHECK(smtp_starttls)
CHECK(tls_version)
CHECK(tls_certificate)
CHECK(tls_cipher)
CHECK(smtp_ehlo_tls)
CHECK(smtp_extensions)
CHECK(auth_mechanisms)
CHECK(token_claims)
CHECK(auth_login)
CHECK(auth_plain)
CHECK(auth_xoauth2)
CHECK(auth_oauthbearer)
CHECK(smtp_mail_from)
CHECK(smtp_rcpt_to)
CHECK(relay_open)
