<?php
// Forget what the shared cache holds of the site: another release wrote it, or another database.
declare(strict_types=1);

require __DIR__ . '/connection.php';
require __DIR__ . '/shared_cache.php';
require (getenv('BERTH_APP') ?: __DIR__ . '/../app') . '/app.php';

use Berth\SharedCache;

use function Berth\say;

try {
    SharedCache::forget(SharedCache::connect(), SharedCache::prefix(secret(SHARED_SECRET)));
} catch (RedisException $problem) {
    // No release fails for a cache; what replicas write down while it is away has it forgotten later.
    say('the cache does not answer, so it keeps what it holds for a day at most: ' . $problem->getMessage());
}
