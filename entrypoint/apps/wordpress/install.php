<?php
// Install WordPress into an empty schema, from the environment.
declare(strict_types=1);

define('WP_INSTALLING', true);
// A network is made of an installation that exists, see network.php.
define('BERTH_ALONE', true);
require __DIR__ . '/outcome.php';
require __DIR__ . '/request.php';

/** Replaces WordPress' own, which mails the administrator the address of the new blog. */
function wp_new_blog_notification(): void
{
}

require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

/** What one of the installation's secrets holds. */
function berth_secret(string $name): string
{
    return file_get_contents((getenv('BERTH_RUN') ?: '/run/berth') . "/secrets/$name");
}

/** WordPress' name of a language: de is de_DE; '' is English. */
function berth_locale(string $language): string
{
    $code = str_replace('-', '_', $language);
    $found = preg_grep("/^{$code}(_|$)/i", get_available_languages());
    $usual = $code . '_' . strtoupper($code);
    return in_array($usual, $found, true) ? $usual : (reset($found) ?: '');
}

// Set before WordPress sets its own: it would try addresses out by asking a server that does not run yet.
add_action('populate_options', static function (): void {
    add_option('permalink_structure', '/%year%/%monthnum%/%day%/%postname%/');
    add_option('timezone_string', getenv('WORDPRESS_TIMEZONE'));
});
$locale = berth_locale(getenv('WORDPRESS_LANGUAGE'));
if ($locale) {
    load_default_textdomain($locale);
    $GLOBALS['wp_locale'] = new WP_Locale();
}
wp_install(
    getenv('WORDPRESS_TITLE'),
    berth_secret('WORDPRESS_ADMIN_USER'),
    getenv('WORDPRESS_ADMIN_EMAIL'),
    true,
    '',
    wp_slash(berth_secret('WORDPRESS_ADMIN_PASSWORD')),
    $locale
);
berth_succeed();
