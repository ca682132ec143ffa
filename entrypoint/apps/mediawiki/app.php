<?php
// What Berth must know of MediaWiki: where its shared files lie, and what its schema looks like.
declare(strict_types=1);

const SHARED_FOLDER = 'images';
// The same on every replica: signs what they ask of each other.
const SHARED_SECRET = 'MEDIAWIKI_SECRET_KEY';

// Rows that an installation writes by itself; more of them, or rows elsewhere, are content.
const ROWS_OF_AN_INSTALLATION = ['page' => 1, 'revision' => 1, 'user' => 2, 'image' => 0, 'archive' => 0];
const TABLES_OF_AN_INSTALLATION = [
    'actor', 'change_tag_def', 'comment', 'content', 'content_models', 'interwiki', 'ip_changes', 'job',
    'l10n_cache', 'linktarget', 'log_search', 'logging', 'module_deps', 'objectcache', 'page', 'pagelinks',
    'externallinks', 'recentchanges', 'revision', 'searchindex', 'site_identifiers', 'site_stats', 'sites',
    'slot_roles', 'slots', 'text', 'updatelog', 'user', 'user_groups', 'user_properties', 'watchlist',
];

/** The image's own fingerprint: a schema with another one needs a migration. */
function fingerprint(): string
{
    $baked = require '/usr/local/share/berth/baked.php';
    return $baked['version'] . ' ' . implode(',', $baked['extensions']);
}
