<?php
// Where a site has a Valkey or Redis server: sessions and the caches that replicas share. What the parser made stays in
// the database: it is large, takes long to make again, and would push sessions out of a small server.
if (!defined('MEDIAWIKI')) {
    exit;
}

require_once '/usr/local/lib/berth/php/shared_cache.php';

if (Berth\SharedCache::isThere()) {
    $wgAutoloadClasses['SharedBagOStuff'] = __DIR__ . '/../SharedBagOStuff.php';
    $wgObjectCaches['shared'] = [
        'class' => 'SharedBagOStuff',
        'servers' => [Berth\SharedCache::host() . ':' . Berth\SharedCache::port()],
        'password' => Berth\SharedCache::password(),
        'connectTimeout' => Berth\SharedCache::CONNECT_SECONDS,
        'automaticFailover' => false,
        'prefix' => Berth\SharedCache::prefix($wgSecretKey),
    ];
    // Nobody is logged out because a cache was away.
    $wgObjectCaches['shared-sessions'] = ['lasting' => true] + $wgObjectCaches['shared'];
    $wgMainCacheType = 'shared';
    $wgMessageCacheType = 'shared';
    $wgSessionCacheType = 'shared-sessions';
}
