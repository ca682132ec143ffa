<?php
// MediaWiki's own client of Redis, with keys that belong to one wiki: its global ones are meant for all wikis of a farm,
// and would mix up the people of two that know nothing of each other.
declare(strict_types=1);

use Berth\SharedCache;
use Wikimedia\ObjectCache\BagOStuff;
use Wikimedia\ObjectCache\RedisBagOStuff;
use Wikimedia\ObjectCache\RedisConnRef;

require_once '/usr/local/lib/berth/php/shared_cache.php';

/** Registered in $wgObjectCaches. `prefix`: of every key. */
class SharedBagOStuff extends RedisBagOStuff
{
    private readonly string $prefix;
    private string $generation = '';
    private int $knownUntil = 0;

    public function __construct($params)
    {
        parent::__construct($params);
        $this->prefix = $params['prefix'];
    }

    /** The one way to the server: nobody is asked for a while after a failure, here or in a neighbour process. */
    protected function getConnectionsForKeys(array $keys)
    {
        if (SharedCache::isAway()) {
            return $this->none();
        }
        $why = 'it refuses the connection, or CACHE_PASSWORD';
        // What PHP warns of goes into our one line; MediaWiki would write a stack trace for each.
        set_error_handler(static function (int $level, string $warning) use (&$why): true {
            $why = $warning;
            return true;
        });
        try {
            $found = parent::getConnectionsForKeys($keys);
        } finally {
            restore_error_handler();
        }
        if (!$found[1]) {
            SharedCache::failed($why);
            return $this->none();
        }
        try {
            array_map($this->own(...), $found[1]);
        } catch (RedisException $problem) {
            $this->handleException(reset($found[1]), $problem);
            return $this->none();
        }
        return $found;
    }

    protected function handleException(RedisConnRef $conn, RedisException $e)
    {
        parent::handleException($conn, $e);
        $this->knownUntil = 0;
        SharedCache::failed($e->getMessage());
    }

    private function none(): array
    {
        $this->setLastError(BagOStuff::ERR_UNREACHABLE);
        return [[], [], false];
    }

    /** The caches of a process share connections, and a new one knows no prefix yet. */
    private function own(RedisConnRef $connection): void
    {
        $connection->setOption(Redis::OPT_PREFIX, '');
        if (time() >= $this->knownUntil) {
            $this->generation = SharedCache::generations($connection, $this->prefix)[''] . ':';
            $this->knownUntil = time() + SharedCache::GENERATION_SECONDS;
        }
        $connection->setOption(Redis::OPT_PREFIX, $this->prefix . $this->generation);
    }
}
