<?php
/**
 * Plugin Name: Berth: mail
 * Description: Mail, such as new passwords, goes through the server that the environment names; without one there is none.
 */
declare(strict_types=1);

use PHPMailer\PHPMailer\PHPMailer;

/** One of the secrets that the entrypoint has put into a file, or ''. */
function berth_mail_secret(string $name): string
{
    $path = "/run/berth/secrets/$name";
    return is_readable($path) ? file_get_contents($path) : '';
}

/** What can be told: port 465 speaks TLS from the first byte; elsewhere no password goes out before TLS began. */
function berth_mail_security(string $port, bool $logs_in): string
{
    return match (true) {
        $port === '465' => PHPMailer::ENCRYPTION_SMTPS,
        $logs_in => PHPMailer::ENCRYPTION_STARTTLS,
        default => '',
    };
}

if (getenv('SMTP_HOST')) {
    // Servers take mail from the sender that they know.
    add_filter('wp_mail_from', static fn (): string => getenv('SMTP_FROM'));

    add_action('phpmailer_init', static function (PHPMailer $mail): void {
        $mail->isSMTP();
        $mail->Host = getenv('SMTP_HOST');
        $mail->Port = (int) getenv('SMTP_PORT');
        $mail->Timeout = 10;
        $mail->Sender = getenv('SMTP_FROM');
        $mail->Username = berth_mail_secret('SMTP_USER');
        $mail->Password = berth_mail_secret('SMTP_PASSWORD');
        $mail->SMTPAuth = $mail->Username !== '';
        $mail->SMTPSecure = berth_mail_security(getenv('SMTP_PORT'), $mail->SMTPAuth);
    });
}
