<?php
// Install the site unless the database holds one.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('SERVER'), PHP_URL_HOST);
require '/usr/share/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

if (!is_blog_installed()) {
    wp_install('Test', 'admin', 'admin@wiki.test', true, '', getenv('ADMIN_PASSWORD'));
}
