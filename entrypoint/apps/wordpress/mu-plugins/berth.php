<?php
/**
 * Plugin Name: Berth: what the image decides
 * Description: No update checks (the image is the release), no XML-RPC, one upload limit.
 */
declare(strict_types=1);

// Which releases there are is the image's business: no page view, and no background job, asks WordPress' servers.
foreach (['core', 'plugins', 'themes'] as $berthKind) {
    add_filter("pre_site_transient_update_$berthKind", static fn (): object => (object) [
        'last_checked' => time(),
        'version_checked' => $GLOBALS['wp_version'],
        'updates' => [],
        'response' => [],
        'no_update' => [],
        'translations' => [],
    ]);
}
unset($berthKind);
add_action('init', static function (): void {
    remove_action('admin_init', '_maybe_update_core');
    remove_action('admin_init', '_maybe_update_plugins');
    remove_action('admin_init', '_maybe_update_themes');
    remove_action('init', 'wp_schedule_update_checks');
}, 0);
add_filter('pre_http_request', static function (mixed $answer, array $options, string $url): mixed {
    return parse_url($url, PHP_URL_HOST) === 'api.wordpress.org'
        ? new WP_Error('berth', 'this image does not call home')
        : $answer;
}, 10, 3);
add_action('wp_dashboard_setup', static fn () => remove_meta_box('dashboard_primary', 'dashboard', 'side'));
add_action('wp_network_dashboard_setup', static fn () => remove_meta_box('dashboard_primary', 'dashboard-network', 'side'));

// XML-RPC guesses passwords by the hundred in one request, and makes this server ask others; nginx has no way to it.
add_filter('xmlrpc_enabled', '__return_false');
add_filter('xmlrpc_methods', '__return_empty_array');
add_filter('wp_headers', static fn (array $headers): array => array_diff_key($headers, ['X-Pingback' => '']));
remove_action('wp_head', 'rsd_link');

// A network has a limit of its own, 1,500 KB at first.
add_filter('pre_site_option_fileupload_maxk', static fn (): int => (int) getenv('UPLOAD_MIB') * 1024);
