<?php
// WordPress' own cache of one request, with the store behind it: what it lacks is asked of the store, what it is told
// is told to the store as well. While the store is away it is what WordPress has without one.
declare(strict_types=1);

namespace Berth;

use WP_Object_Cache;

/** Stands in for WP_Object_Cache; types are WordPress' own, which calls it with whatever plugins hand over. */
final class ObjectCache extends WP_Object_Cache
{
    private array $requestOnly = [];

    public function __construct(private readonly Store $store)
    {
        parent::__construct();
    }

    /** Groups that no other request sees. */
    public function add_non_persistent_groups($groups): void
    {
        $this->requestOnly += array_fill_keys((array)$groups, true);
    }

    public function add($key, $data, $group = 'default', $expire = 0)
    {
        return $this->is_valid_key($key) && $this->add_multiple([$key => $data], $group, $expire)[$key];
    }

    public function add_multiple(array $data, $group = '', $expire = 0)
    {
        $suspended = wp_suspend_cache_addition() || !$data;
        $added = $suspended ? null : $this->write($data, $group, $expire, 'nx');
        return $added !== null ? $this->keep($data, $added, $group) : self::each($data, fn ($key) => parent::add($key, $data[$key], $group, $expire));
    }

    public function replace($key, $data, $group = 'default', $expire = 0)
    {
        $replaced = $this->is_valid_key($key) ? $this->write([$key => $data], $group, $expire, 'xx') : null;
        return $replaced === null
            ? parent::replace($key, $data, $group, $expire)
            : $this->keep([$key => $data], $replaced, $group)[$key];
    }

    public function set($key, $data, $group = 'default', $expire = 0)
    {
        return $this->is_valid_key($key) && $this->set_multiple([$key => $data], $group, $expire)[$key];
    }

    public function set_multiple(array $data, $group = '', $expire = 0)
    {
        if ($data) {
            $this->write($data, $group, $expire);
        }
        return self::each($data, fn ($key) => parent::set($key, $data[$key], $group, $expire));
    }

    public function get($key, $group = 'default', $force = false, &$found = null)
    {
        if (!$this->is_valid_key($key)) {
            return false;
        }
        $this->fetch([$key], $group, (bool)$force);
        return parent::get($key, $group, false, $found);
    }

    public function get_multiple($keys, $group = 'default', $force = false)
    {
        $this->fetch(array_filter($keys, $this->is_valid_key(...)), $group, (bool)$force);
        return self::each(array_fill_keys($keys, null), fn ($key) => parent::get($key, $group));
    }

    public function delete($key, $group = 'default', $deprecated = false)
    {
        return $this->is_valid_key($key) && $this->delete_multiple([$key], $group)[$key];
    }

    public function delete_multiple(array $keys, $group = '')
    {
        $known = self::each(array_fill_keys($keys, null), fn ($key) => parent::delete($key, $group));
        $names = $this->shared($keys, $group);
        $deleted = $names ? $this->store->delete(array_values($names), self::group($group)) : null;
        return $deleted === null ? $known : array_map(static fn ($name) => $deleted[$name], $names);
    }

    public function incr($key, $offset = 1, $group = 'default')
    {
        return $this->count($key, (int)$offset, $group) ?? parent::incr($key, $offset, $group);
    }

    public function decr($key, $offset = 1, $group = 'default')
    {
        return $this->count($key, -(int)$offset, $group) ?? parent::decr($key, $offset, $group);
    }

    public function flush()
    {
        $this->store->forget();
        return parent::flush();
    }

    /** Forget what this request knows; the store keeps it. */
    public function flush_runtime(): bool
    {
        return parent::flush();
    }

    public function flush_group($group)
    {
        $this->store->forget(self::group($group));
        return parent::flush_group(self::group($group));
    }

    /** Take what this request lacks of $keys, or with $anew all, from the store. */
    private function fetch(array $keys, $group, bool $anew): void
    {
        $names = $this->shared($keys, $group);
        $lacking = array_filter($names, fn ($name) => $anew || !$this->_exists($name, self::group($group)));
        $held = $lacking ? $this->store->read(array_values($lacking), self::group($group)) : null;
        foreach ($held === null ? [] : $lacking as $key => $name) {
            if (array_key_exists($name, $held)) {
                parent::set($key, $held[$name], $group);
            } else {
                parent::delete($key, $group);
            }
        }
    }

    /** Write to the store; which were written, by key, or null where the store has no part in it. */
    private function write(array $data, $group, $expire, ?string $only = null): ?array
    {
        $names = $this->shared(array_keys($data), $group);
        if (!$names) {
            return null;
        }
        $values = array_combine($names, array_values($data));
        $written = $this->store->write($values, self::group($group), (int)$expire, $only);
        return $written === null ? null : array_map(static fn ($name) => $written[$name], $names);
    }

    /** Know of what was written. */
    private function keep(array $data, array $written, $group): array
    {
        foreach (array_intersect_key($data, array_filter($written)) as $key => $value) {
            parent::set($key, $value, $group);
        }
        return $written;
    }

    private function count($key, int $offset, $group): int|false|null
    {
        $names = $this->is_valid_key($key) ? $this->shared([$key], $group) : [];
        $number = $names ? $this->store->count($names[$key], self::group($group), $offset) : null;
        if (is_int($number)) {
            parent::set($key, $number, $group);
        }
        return $number;
    }

    /** What the store calls those keys, by key; nothing for groups that no other request sees. */
    private function shared(array $keys, $group): array
    {
        $group = self::group($group);
        if (isset($this->requestOnly[$group])) {
            return [];
        }
        $blog = is_multisite() && !isset($this->global_groups[$group]) ? $this->__get('blog_prefix') : '';
        return self::each(array_fill_keys($keys, null), static fn ($key) => $blog . $key);
    }

    private static function group($group): string
    {
        return (string)($group ?: 'default');
    }

    private static function each(array $by_key, callable $do): array
    {
        $keys = array_keys($by_key);
        return array_combine($keys, array_map($do, $keys));
    }
}
