<?php
// Usage: upgrade.php URL: bring the tables of a blog to this release.
declare(strict_types=1);

define('WP_INSTALLING', true);
require __DIR__ . '/outcome.php';
require __DIR__ . '/request.php';
require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

wp_upgrade();
berth_succeed();
