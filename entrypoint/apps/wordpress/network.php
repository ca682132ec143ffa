<?php
// Make a network (multisite) of an installation, unless it is one already.
declare(strict_types=1);

define('BERTH_ALONE', true);
require __DIR__ . '/outcome.php';
require __DIR__ . '/request.php';
require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

/** Whether there is a network that was made to its end, which a row written last says, or is in use. */
function berth_is_network(): bool
{
    global $wpdb;
    $wpdb->suppress_errors();
    $whole = $wpdb->get_var("SELECT meta_value FROM $wpdb->sitemeta WHERE meta_key = 'berth_network'");
    $blogs = (int) $wpdb->get_var("SELECT COUNT(*) FROM $wpdb->blogs");
    $wpdb->suppress_errors(false);
    return $whole !== null || $blogs > 1;
}

/** Make the tables, the network, and the present blog its first one. */
function berth_make_network(): void
{
    global $wpdb;
    install_network();
    // What a killed attempt left.
    foreach ([$wpdb->site, $wpdb->sitemeta, $wpdb->blogs] as $table) {
        $wpdb->query("TRUNCATE TABLE $table");
    }
    $host = strtolower(substr(WP_HOME, strpos(WP_HOME, '://') + 3));
    $subdomains = getenv('WORDPRESS_MULTISITE') === 'subdomain';
    [$first] = get_users(['role' => 'administrator', 'number' => 1, 'orderby' => 'ID']);
    $made = populate_network(1, $host, $first->user_email, get_option('blogname'), '/', $subdomains);
    if (is_wp_error($made) && $made->get_error_code() !== 'no_wildcard_dns') {
        berth_fail($made->get_error_message());
    }
    $wpdb->insert($wpdb->sitemeta, ['site_id' => 1, 'meta_key' => 'berth_network', 'meta_value' => '1']);
}

foreach ($wpdb->tables('ms_global') as $name => $table) {
    $wpdb->$name = $table;
}
// It asks a server that does not run yet whether any subdomain leads to it.
add_filter('pre_http_request', static fn () => new WP_Error('berth', 'not asked'));
berth_is_network() || berth_make_network();
berth_succeed();
