<?php
// WordPress' cache in Valkey or Redis, where the site has one; otherwise this says nothing, and WordPress takes its own.
declare(strict_types=1);

require_once '/usr/local/lib/berth/php/shared_cache.php';

if (Berth\SharedCache::isThere()) {
    require_once ABSPATH . WPINC . '/class-wp-object-cache.php';
    require_once '/usr/local/lib/berth/app/cache/store.php';
    require_once '/usr/local/lib/berth/app/cache/object_cache.php';
    require_once '/usr/local/lib/berth/app/cache/functions.php';
}
