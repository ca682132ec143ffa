<?php
// Import the posts through WordPress itself.
$_SERVER['HTTP_HOST'] = 'blog.test:8080';
require '/usr/share/wordpress/wp-load.php';

foreach (glob('/content/*.html') as $file) {
    wp_insert_post([
        'post_title' => basename($file, '.html'),
        'post_content' => file_get_contents($file),
        'post_status' => 'publish',
        'post_author' => 1,
    ], true, false);
}
