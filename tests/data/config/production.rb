Rails.application.configure do
  config.action_mailer.delivery_method = :smtp
  config.action_mailer.smtp_settings = {
    address: 'smtp.office365.com',
    port: 587,
    user_name: 'scan@contoso.com',
    :password => 'Sehr-Geheim-4711',
    authentication: :login,
    enable_starttls_auto: true
  }
end
