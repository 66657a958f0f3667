import os
DATABASES = {'default': {'HOST': 'db', 'PASSWORD': 'Sehr-Geheim-4711', 'PORT': '5432'}}
EMAIL_HOST = os.environ.get('EMAIL_HOST', 'smtp.office365.com')
EMAIL_PORT = int(os.getenv('EMAIL_PORT', '587'))
EMAIL_USE_TLS = True
EMAIL_USE_SSL = True
EMAIL_HOST_USER = 'scan@contoso.com'
EMAIL_HOST_PASSWORD = os.environ['EMAIL_PASSWORD']
