"""Django settings of contoso.com."""
import os

EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'
EMAIL_HOST = 'smtp.office365.com'
EMAIL_PORT = 587
EMAIL_USE_TLS = True
EMAIL_HOST_USER = 'scan@contoso.com'
EMAIL_HOST_PASSWORD = 'Sehr-Geheim-4711'
DEFAULT_FROM_EMAIL = 'Contoso <scan@contoso.com>'
SERVER_EMAIL = DEFAULT_FROM_EMAIL
