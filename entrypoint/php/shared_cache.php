<?php
// The cache that replicas share, Valkey or Redis at CACHE_HOST: how it is reached, whose keys are whose in it, and what
// happens while it is away. Loaded into the applications, so it has a namespace.
declare(strict_types=1);

namespace Berth;

use Redis;
use RedisException;

/** The server, as this process and its neighbours in the container know it. */
final class SharedCache
{
    public const CONNECT_SECONDS = 0.5;
    public const READ_SECONDS = 1.0;
    /** A server that failed is not asked again for so long: waiting for it must not become each request's share. */
    public const AWAY_SECONDS = 5;
    /** What others forgot, a process that works for long learns within this. */
    public const GENERATION_SECONDS = 5;
    /** A value that is kept without a limit goes after this, whatever was missed. */
    public const LONGEST_SECONDS = 86400;

    private const MARK = 'berth-cache-away-until';
    private static int $awayUntil = 0;

    /** Whether the site has one. */
    public static function isThere(): bool
    {
        return (bool)getenv('CACHE_HOST');
    }

    /** Its address as PHP's streams want it, without the port. TLS is verified: that is PHP's default. */
    public static function host(): string
    {
        return (getenv('CACHE_TLS') === '1' ? 'tls://' : '') . getenv('CACHE_HOST');
    }

    /** Its port. */
    public static function port(): int
    {
        return (int)getenv('CACHE_PORT');
    }

    /** What it asks for, null where it asks for nothing. */
    public static function password(): ?string
    {
        $path = self::run() . '/secrets/CACHE_PASSWORD';
        return is_readable($path) ? file_get_contents($path) : null;
    }

    /**
     * What the keys of this site begin with: several may share a server. A database that is made anew has new secrets,
     * and with them keys of its own; what was cached of the old one is of no use to it.
     */
    public static function prefix(string $secret): string
    {
        $database = getenv('DATABASE_NAME');
        $place = getenv('DATABASE_HOST') . "/$database";
        return $database . '-' . substr(hash_hmac('sha256', "cache of $place", $secret), 0, 12) . ':';
    }

    /** Connect; RedisException says why not. */
    public static function connect(): Redis
    {
        $redis = new Redis();
        // PHP warns of what the exception says.
        @$redis->connect(self::host(), self::port(), self::CONNECT_SECONDS, null, 0, self::READ_SECONDS);
        $password = self::password();
        if ($password !== null && !$redis->auth($password)) {
            throw new RedisException('it refuses CACHE_PASSWORD');
        }
        return $redis;
    }

    /** Whether it failed a moment ago, in this process or in another one of this container. */
    public static function isAway(): bool
    {
        $known = function_exists('apcu_fetch') ? (int)apcu_fetch(self::MARK) : 0;
        return time() < max(self::$awayUntil, $known);
    }

    /** Go on without it for a while. What changes meanwhile, it does not hear of: that is written down. */
    public static function failed(string $why): void
    {
        self::$awayUntil = time() + self::AWAY_SECONDS;
        if (function_exists('apcu_store')) {
            apcu_store(self::MARK, self::$awayUntil, self::AWAY_SECONDS);
        }
        // Of many that find it away at once one makes the file, and says so.
        if (@fopen(self::missed(), 'x')) {
            $server = getenv('CACHE_HOST') . ':' . getenv('CACHE_PORT');
            error_log("the cache at $server does not answer, going on without it: " . trim($why));
        }
    }

    /**
     * The present generation of the site's keys under '', and those of groups that were forgotten since. To forget is
     * to begin a generation: nobody looks for the keys of former ones, which leave by their age.
     */
    public static function generations(object $redis, string $prefix): array
    {
        // Before, not after: what fails from here on is missed again.
        if (is_file(self::missed()) && @unlink(self::missed())) {
            self::forget($redis, $prefix);
            error_log('the cache answers again; what it held was forgotten');
        }
        $known = $redis->hGetAll("{$prefix}generations") ?: [];
        if (!isset($known[''])) {
            $redis->hSetNx("{$prefix}generations", '', self::generation());
            $known = $redis->hGetAll("{$prefix}generations");
        }
        return $known;
    }

    /** Forget the values of a group, or all. */
    public static function forget(object $redis, string $prefix, string $group = ''): void
    {
        $redis->hSet("{$prefix}generations", $group, self::generation());
    }

    private static function generation(): string
    {
        return bin2hex(random_bytes(4));
    }

    private static function missed(): string
    {
        return self::run() . '/cache-missed';
    }

    private static function run(): string
    {
        return getenv('BERTH_RUN') ?: '/run/berth';
    }
}
