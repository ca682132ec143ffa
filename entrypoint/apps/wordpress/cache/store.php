<?php
// The values of one blog or network on the server: named, written, read. Every call answers null while it is away.
declare(strict_types=1);

namespace Berth;

use Redis;
use RedisException;

/** Values by group and key; a key is what WordPress made of it, with the number of the blog where there are several. */
final class Store
{
    // One step, whoever else counts; what is no number counts from 0, and nothing goes below 0.
    private const COUNT = <<<'LUA'
        local held = redis.call('GET', KEYS[1])
        if not held then return false end
        local text = string.match(held, '^s:%d+:"(.*)";$') or string.match(held, '^d:(.*);$') or held
        local number = math.max(0, math.floor(tonumber(text) or 0) + ARGV[1])
        redis.call('SET', KEYS[1], string.format('%d', number), 'KEEPTTL')
        return number
        LUA;

    private ?Redis $redis = null;
    private array $generations = [];
    private int $knownUntil = 0;

    public function __construct(private readonly string $prefix)
    {
    }

    /** Values of those keys that are there. */
    public function read(array $keys, string $group): ?array
    {
        return $this->ask(function (Redis $redis) use ($keys, $group): array {
            $held = self::answer($redis, $redis->mGet($this->names($keys, $group)));
            $found = array_filter(array_combine($keys, $held), is_string(...));
            return array_map(self::decoded(...), $found);
        });
    }

    /** Write values; which were written, by key. $only: `nx` those that are new, `xx` those that are there. */
    public function write(array $values, string $group, int $seconds, ?string $only = null): ?array
    {
        $options = array_filter(['EX' => $seconds > 0 ? $seconds : SharedCache::LONGEST_SECONDS, $only]);
        return $this->ask(function (Redis $redis) use ($values, $group, $options): array {
            $names = $this->names(array_keys($values), $group);
            $written = $redis->multi(Redis::PIPELINE);
            foreach (array_combine($names, array_values($values)) as $name => $value) {
                $written->set((string)$name, self::encoded($value), $options);
            }
            return array_map(boolval(...), array_combine(array_keys($values), self::answer($redis, $written->exec())));
        });
    }

    /** Delete values; which were there, by key. */
    public function delete(array $keys, string $group): ?array
    {
        return $this->ask(function (Redis $redis) use ($keys, $group): array {
            $deleted = $redis->multi(Redis::PIPELINE);
            foreach ($this->names($keys, $group) as $name) {
                $deleted->unlink($name);
            }
            return array_map(boolval(...), array_combine($keys, self::answer($redis, $deleted->exec())));
        });
    }

    /** Add to a number; false where there is none. */
    public function count(int|string $key, string $group, int $offset): int|false|null
    {
        return $this->ask(fn (Redis $redis): int|false
            => $redis->eval(self::COUNT, [...$this->names([$key], $group), $offset], 1));
    }

    /** Forget a group, or everything. */
    public function forget(string $group = ''): void
    {
        $this->ask(function (Redis $redis) use ($group): true {
            SharedCache::forget($redis, $this->prefix, $group);
            $this->knownUntil = 0;
            return true;
        });
    }

    /** Ask the server, with the names that are in use. */
    private function ask(callable $question): mixed
    {
        if (SharedCache::isAway()) {
            return null;
        }
        try {
            $this->redis ??= SharedCache::connect();
            $this->learn();
            return $question($this->redis);
        } catch (RedisException $problem) {
            $this->redis = null;
            $this->knownUntil = 0;
            SharedCache::failed($problem->getMessage());
            return null;
        }
    }

    private function learn(): void
    {
        if (time() >= $this->knownUntil) {
            $this->generations = SharedCache::generations($this->redis, $this->prefix);
            $this->knownUntil = time() + SharedCache::GENERATION_SECONDS;
        }
    }

    private function names(array $keys, string $group): array
    {
        $generation = $this->generations[''] . ($this->generations[$group] ?? '');
        return array_map(fn (int|string $key): string => "{$this->prefix}$generation:$group:$key", $keys);
    }

    private static function answer(Redis $redis, mixed $given): array
    {
        return is_array($given) ? $given : throw new RedisException($redis->getLastError() ?? 'no answer');
    }

    /** A whole number as it is, so that the server can count. */
    private static function encoded(mixed $value): string
    {
        return is_int($value) ? (string)$value : serialize($value);
    }

    private static function decoded(string $held): mixed
    {
        return preg_match('/^-?\d+$/', $held) ? (int)$held : unserialize($held);
    }
}
