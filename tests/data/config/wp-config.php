<?php
define( 'DB_PASSWORD', 'Sehr-Geheim-4711' );
/** Mail */
define( 'WPMS_ON', true );
define( 'WPMS_MAILER', 'smtp' );
define( 'WPMS_SMTP_HOST', 'smtp.office365.com' );
define( 'WPMS_SMTP_PORT', 587 );
define( 'WPMS_SSL', 'tls' );
define( 'WPMS_SMTP_AUTH', true );
define( 'WPMS_SMTP_USER', 'scan@contoso.com' );
define( 'WPMS_SMTP_PASS', 'Sehr-Geheim-4711' );
define( 'WPMS_MAIL_FROM', 'scan@contoso.com' );
define( 'WPMS_MAIL_FROM_FORCE', true );
