<?php
/**
 * Plugin Name: Berth: pages that nginx keeps
 * Description: Offers pages of readers without a session to the page cache, and has every replica forget them after a change.
 */
declare(strict_types=1);

require_once '/usr/local/lib/berth/php/page_cache.php';
require_once '/usr/local/lib/berth/php/fan_out.php';

/** Whether the answer is the same for everybody without a session. */
function berth_is_public(): bool
{
    return !is_user_logged_in() && !is_preview() && !is_customize_preview() && !is_search()
        && !(is_singular() && get_post()->post_password !== '');
}

/** Addresses of the replicas that live; none before the first of them has announced itself. */
function berth_replicas(): array
{
    global $wpdb;
    $known = $wpdb->get_var($wpdb->prepare('SHOW TABLES LIKE %s', Berth\REPLICAS_TABLE));
    return $known ? $wpdb->get_col(Berth\LIVING_REPLICAS) : [];
}

/** Have every replica forget every page: a title may show on any of them. Once a request, after its work is done. */
function berth_forget_pages(): void
{
    static $planned = false;
    if ($planned || wp_installing()) {
        return;
    }
    $planned = true;
    register_shutdown_function(static function (): void {
        $silent = Berth\fan_out(berth_replicas(), null, AUTH_KEY);
        if ($silent) {
            error_log('pages were not purged on ' . implode(', ', $silent));
        }
    });
}

// WordPress says nothing of how long its pages hold.
add_action('template_redirect', static function (): void {
    if (berth_is_public()) {
        Berth\offer_to_page_cache(unsaid: Berth\page_cache_seconds());
    }
}, 0);

foreach ([
    'clean_post_cache', 'clean_term_cache', 'clean_comment_cache', 'clean_user_cache', 'switch_theme',
    'customize_save_after', 'wp_update_nav_menu', 'activated_plugin', 'deactivated_plugin',
] as $berthChange) {
    add_action($berthChange, static fn () => berth_forget_pages());
}
unset($berthChange);
// Options that pages show; most others change with every visit.
foreach ([
    'blogname', 'blogdescription', 'page_for_posts', 'page_on_front', 'permalink_structure', 'posts_per_page',
    'show_on_front', 'sidebars_widgets', 'site_icon', 'timezone_string', 'WPLANG',
] as $berthOption) {
    add_action("update_option_$berthOption", static fn () => berth_forget_pages());
}
unset($berthOption);
