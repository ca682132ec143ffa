<?php
/**
 * Plugin Name: Berth: updates
 * Description: Which releases there are is the image's business: nothing asks WordPress' servers, nothing is on offer. In extensions mode people are told of plugins' and themes' only.
 */
declare(strict_types=1);

/** An answer of the update check that was just given, and holds nothing. */
function berth_no_updates(): object
{
    return (object) [
        'last_checked' => time(),
        'version_checked' => $GLOBALS['wp_version'],
        'updates' => [],
        'response' => [],
        'no_update' => [],
        'translations' => [],
    ];
}

/** What comes with the image alone. */
function berth_baked_kinds(): array
{
    return defined('BERTH_EXTENSIONS') ? ['core'] : ['core', 'plugins', 'themes'];
}

/** Whether a request to WordPress' servers would ask for something that is not updated from within. */
function berth_calls_home(string $url): bool
{
    return parse_url($url, PHP_URL_HOST) === 'api.wordpress.org'
        && (!defined('BERTH_EXTENSIONS') || !preg_match('#^/(plugins|themes)/#', (string) parse_url($url, PHP_URL_PATH)));
}

foreach (berth_baked_kinds() as $berthKind) {
    add_filter("pre_site_transient_update_$berthKind", 'berth_no_updates');
}
// Translations lie in the image.
foreach (['plugins', 'themes'] as $berthKind) {
    add_filter("site_transient_update_$berthKind", static function (mixed $known): mixed {
        if (isset($known->translations)) {
            $known->translations = [];
        }
        return $known;
    });
}
unset($berthKind);

add_action('init', static function (): void {
    if (!defined('BERTH_EXTENSIONS')) {
        remove_action('init', 'wp_schedule_update_checks');
    }
    foreach (berth_baked_kinds() as $kind) {
        remove_action('admin_init', "_maybe_update_$kind");
    }
}, 0);

// Whatever else would ask, such as the check of the browser's version, is answered here.
add_filter('pre_http_request', static fn (mixed $answer, array $options, string $url): mixed
    => berth_calls_home($url) ? new WP_Error('berth', 'this image does not call home') : $answer, 10, 3);
add_action('wp_dashboard_setup', static fn () => remove_meta_box('dashboard_primary', 'dashboard', 'side'));
add_action('wp_network_dashboard_setup', static fn () => remove_meta_box('dashboard_primary', 'dashboard-network', 'side'));

// Site Health would call critical what is meant.
add_filter('site_status_tests', static fn (array $tests): array => [
    'direct' => array_diff_key($tests['direct'], array_flip([
        'available_updates_disk_space', 'php_version', 'plugin_theme_auto_updates', 'update_temp_backup_writable',
    ])),
    'async' => array_diff_key($tests['async'], array_flip(['background_updates', 'dotorg_communication'])),
]);
