const transporter = nodemailer.createTransport({
  service: 'Outlook365',
  auth: { type: 'OAuth2', user: 'scan@contoso.com', clientId: 'aaaaaaaa-0000-4000-8000-000000000001',
    clientSecret: 'Sehr-Geheim-4711', refreshToken: '0.Sehr-Geheim-4711' },
});
