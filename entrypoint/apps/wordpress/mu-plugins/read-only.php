<?php
/**
 * Plugin Name: Berth: read-only
 * Description: While another version changes the schema, pages are read and nothing is written.
 */
declare(strict_types=1);

/** Whether a request wants to change something; links of wp-admin that do so carry a nonce. */
function berth_wants_to_write(): bool
{
    $reads = in_array($_SERVER['REQUEST_METHOD'] ?? 'GET', ['GET', 'HEAD', 'OPTIONS'], true);
    return !$reads || (is_admin() && isset($_GET['_wpnonce']));
}

add_action('init', static function (): void {
    $reason = '/run/berth/read-only';
    if (file_exists($reason) && berth_wants_to_write()) {
        header('Retry-After: 60');
        wp_die(esc_html(file_get_contents($reason)), '', ['response' => 503, 'back_link' => true]);
    }
}, 0);
