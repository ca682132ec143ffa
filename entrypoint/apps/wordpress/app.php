<?php
// What Berth must know of WordPress: where its shared files lie, and what its schema looks like.
declare(strict_types=1);

const SHARED_FOLDER = 'uploads';
const SHARED_SECRET = 'WORDPRESS_AUTH_KEY';

// Rows that an installation writes by itself; more of them, or rows elsewhere, are content.
const ROWS_OF_AN_INSTALLATION = ['wp_posts' => 3, 'wp_users' => 1, 'wp_comments' => 1, 'wp_links' => 0, 'wp_blogs' => 1];
const TABLES_OF_AN_INSTALLATION = [
    'wp_blogmeta', 'wp_blogs', 'wp_commentmeta', 'wp_comments', 'wp_options', 'wp_postmeta', 'wp_posts', 'wp_site',
    'wp_sitemeta', 'wp_term_relationships', 'wp_term_taxonomy', 'wp_termmeta', 'wp_terms', 'wp_usermeta', 'wp_users',
];

/**
 * The image's own fingerprint: a schema with another one needs a migration. WordPress numbers its schema, so
 * most releases roll out without one.
 */
function fingerprint(): string
{
    $baked = require '/usr/local/share/berth/baked.php';
    return $baked['schema'] . ' ' . (getenv('WORDPRESS_MULTISITE') ?: 'single');
}
