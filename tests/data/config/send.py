import smtplib
server = smtplib.SMTP('smtp.office365.com', 587)
server.starttls()
server.login('scan@contoso.com', 'Sehr-Geheim-4711')
server.sendmail('scan@contoso.com', ['ops@contoso.com'], text)
