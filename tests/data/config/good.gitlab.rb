external_url 'https://git.contoso.com'
gitlab_rails['smtp_enable'] = true
gitlab_rails['smtp_address'] = "smtp.office365.com"
gitlab_rails['smtp_port'] = 587
gitlab_rails['smtp_user_name'] = "scan@contoso.com"
gitlab_rails['smtp_password'] = "Sehr-Geheim-4711"
gitlab_rails['smtp_domain'] = "contoso.com"
gitlab_rails['smtp_authentication'] = "login"
gitlab_rails['smtp_enable_starttls_auto'] = true
gitlab_rails['smtp_openssl_verify_mode'] = 'peer'
gitlab_rails['gitlab_email_from'] = 'scan@contoso.com'
