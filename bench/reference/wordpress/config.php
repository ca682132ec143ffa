<?php
// What README.Debian lets the administrator write; Debian's wp-config.php reads it.
define('DB_NAME', getenv('DATABASE_NAME'));
define('DB_USER', getenv('DATABASE_USER'));
define('DB_PASSWORD', getenv('DATABASE_PASSWORD'));
define('DB_HOST', getenv('DATABASE_HOST'));
define('WP_CONTENT_DIR', '/var/lib/wordpress/wp-content');
define('WP_HOME', getenv('SERVER'));
define('WP_SITEURL', getenv('SERVER'));
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {
    define("{$name}_KEY", hash('sha256', "{$name}_KEY" . getenv('DATABASE_PASSWORD')));
    define("{$name}_SALT", hash('sha256', "{$name}_SALT" . getenv('DATABASE_PASSWORD')));
}
// Cron by schedule, as in the image it is compared with: no page view pays for it.
define('DISABLE_WP_CRON', trim(file_get_contents('/usr/local/share/reference/variant')) === 'tuned');
