<?php
// Static: what differs between environments is read when a request starts, nothing is written at boot.
// The entrypoint has checked the environment and put the secrets into files.
if (!defined('ABSPATH')) {
    exit;
}

$berthSecret = static function (string $name): string {
    $path = "/run/berth/secrets/$name";
    return is_readable($path) ? file_get_contents($path) : '';
};
require_once '/usr/local/lib/berth/php/server.php';
$berthUrl = Berth\server_url(getenv('WORDPRESS_URL'));

// Site: its address is the environment's, not the database's, and keeps its port. The blogs of a
// network have addresses of their own, in the database.
if (getenv('WORDPRESS_MULTISITE') && !defined('BERTH_ALONE')) {
    define('MULTISITE', true);
    define('SUBDOMAIN_INSTALL', getenv('WORDPRESS_MULTISITE') === 'subdomain');
    define('DOMAIN_CURRENT_SITE', strtolower(substr($berthUrl, strpos($berthUrl, '://') + 3)));
    define('PATH_CURRENT_SITE', '/');
    define('SITE_ID_CURRENT_SITE', 1);
    define('BLOG_ID_CURRENT_SITE', 1);
} else {
    define('WP_HOME', $berthUrl);
    define('WP_SITEURL', $berthUrl);
    // Redirects would lead back to whatever host a stranger names.
    $_SERVER['HTTP_HOST'] = substr($berthUrl, strpos($berthUrl, '://') + 3);
}
define('FORCE_SSL_ADMIN', str_starts_with($berthUrl, 'https:'));
define('WP_DEFAULT_THEME', (require '/usr/local/share/berth/baked.php')['default_theme']);

// Database; over TLS, db.php has the server verified.
define('DB_HOST', getenv('DATABASE_HOST') . ':' . getenv('DATABASE_PORT'));
define('DB_NAME', getenv('DATABASE_NAME'));
define('DB_USER', $berthSecret('DATABASE_USER'));
define('DB_PASSWORD', $berthSecret('DATABASE_PASSWORD'));
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
if (getenv('DATABASE_TLS_CA')) {
    define('MYSQL_CLIENT_FLAGS', MYSQLI_CLIENT_SSL);
}
$table_prefix = 'wp_';

// Keys and salts, the same on every replica: a session holds wherever the next request goes.
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $berthName) {
    define("{$berthName}_KEY", $berthSecret("WORDPRESS_{$berthName}_KEY"));
    define("{$berthName}_SALT", $berthSecret("WORDPRESS_{$berthName}_SALT"));
}

// Plugins and themes: the image's, or in extensions mode one generation of the shared ones, the same for a whole
// request. Not by realpath(), which remembers where a link led. wp-admin and migrations work on the volume.
if (getenv('FILES_MODE') === 'extensions') {
    $berthCopies = '/var/cache/berth/extensions';
    define('BERTH_EXTENSIONS', getenv('EXTENSIONS_ROOT') ?: "$berthCopies/" . readlink("$berthCopies/current"));
    define('WP_PLUGIN_DIR', BERTH_EXTENSIONS . '/plugins');
    define('FS_METHOD', 'direct');
}

// The code is the image's: nobody edits or updates it from within, and nobody installs outside of the volume.
define('DISALLOW_FILE_EDIT', true);
define('DISALLOW_FILE_MODS', !defined('BERTH_EXTENSIONS') || !getenv('EXTENSIONS_ROOT'));
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_AUTO_UPDATE_CORE', false);

// What is due runs in a process of its own, never at the end of a page view.
define('DISABLE_WP_CRON', true);

// Errors go to the log, which the container writes to its standard error.
define('WP_DEBUG', false);
define('WP_DEBUG_DISPLAY', false);
define('WP_TEMP_DIR', '/tmp');

// Further settings, fetched from S3 when the container started. A constant has its first value: name others.
foreach (glob('/run/berth/settings/*.php') as $berthFile) {
    require $berthFile;
}

unset($berthSecret, $berthUrl, $berthName, $berthFile, $berthCopies);

require_once ABSPATH . 'wp-settings.php';
