<?php
/**
 * Plugin Name: Berth: shared plugins and themes
 * Description: In extensions mode, has WordPress find plugins and themes outside of its own folder, and every replica run what was changed.
 */
declare(strict_types=1);

if (!defined('BERTH_EXTENSIONS')) {
    return;
}

/** Make what was changed the next generation. Once a request, when the person has the answer. */
function berth_publish_extensions(): void
{
    static $planned = false;
    if ($planned) {
        return;
    }
    $planned = true;
    register_shutdown_function(static function (): void {
        if (function_exists('fastcgi_finish_request')) {
            fastcgi_finish_request();
        }
        exec('/usr/local/lib/berth/jobs/extensions bump', result_code: $status);
        if ($status !== 0) {
            error_log('what was changed is not published yet: run extensions bump');
        }
    });
}

/** Make the folders, hidden on the volume, that WordPress unpacks into and keeps the former version in. */
function berth_make_upgrade_folders(): void
{
    foreach (['.upgrade', '.upgrade-temp-backup'] as $name) {
        wp_mkdir_p(BERTH_EXTENSIONS . "/$name");
    }
}

add_filter('theme_root', static fn (): string => BERTH_EXTENSIONS . '/themes');
add_filter('theme_root_uri', static fn (): string => content_url('themes'));

add_filter('upgrader_pre_download', static function (mixed $reply): mixed {
    berth_make_upgrade_folders();
    return $reply;
});
foreach (['upgrader_process_complete', 'deleted_plugin', 'deleted_theme'] as $berthChange) {
    add_action($berthChange, static fn () => berth_publish_extensions());
}
unset($berthChange);

// WordPress itself and its translations stay the image's.
add_filter('map_meta_cap', static fn (array $needed, string $capability): array
    => in_array($capability, ['install_languages', 'update_core', 'update_languages'], true)
        ? ['do_not_allow']
        : $needed, 10, 2);
// The editor installs through the REST API, which readers' workers answer.
remove_action('enqueue_block_editor_assets', 'wp_enqueue_editor_block_directory_assets');
