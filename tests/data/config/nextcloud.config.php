<?php
$CONFIG = array (
  'dbpassword' => 'Sehr-Geheim-4711',
  'mail_smtpmode' => 'smtp',
  'mail_sendmailmode' => 'smtp',
  'mail_smtpsecure' => 'ssl',
  'mail_smtphost' => 'smtp.office365.com',
  'mail_smtpport' => '587',
  'mail_smtpauth' => true,
  'mail_smtpname' => 'scan@contoso.com',
  'mail_smtppassword' => 'Sehr-Geheim-4711',
  'mail_from_address' => 'scan',
  'mail_domain' => 'contoso.com',
  'mail_smtpstreamoptions' => array('ssl' => array('verify_peer' => false)),
);
