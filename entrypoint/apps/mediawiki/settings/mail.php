<?php
// Mail, such as new passwords, goes through a server; without one there is none.
if (!defined('MEDIAWIKI')) {
    exit;
}

$wgEnableEmail = (bool)getenv('SMTP_HOST');
if ($wgEnableEmail) {
    $wgPasswordSender = $wgEmergencyContact = getenv('SMTP_FROM');
    $wgSMTP = [
        // Port 465 speaks TLS from the first byte; on others it begins with the log-in.
        'host' => (getenv('SMTP_PORT') === '465' ? 'ssl://' : '') . getenv('SMTP_HOST'),
        'port' => (int)getenv('SMTP_PORT'),
        'IDHost' => parse_url($wgServer, PHP_URL_HOST),
        'auth' => $berthSecret('SMTP_USER') !== '',
        'username' => $berthSecret('SMTP_USER'),
        'password' => $berthSecret('SMTP_PASSWORD'),
        'timeout' => 10,
    ];
}
