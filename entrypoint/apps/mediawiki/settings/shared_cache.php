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
    // Read there and written to the database too: nobody is logged out by a server that was away, was started anew or
    // had no room.
    $wgObjectCaches['shared-sessions'] = [
        'class' => Wikimedia\ObjectCache\MultiWriteBagOStuff::class,
        'caches' => [$wgObjectCaches['shared'], $wgObjectCaches[CACHE_DB]],
    ];
    $wgMainCacheType = 'shared';
    $wgMessageCacheType = 'shared';
    $wgSessionCacheType = 'shared-sessions';
}
