<?php
// What lies in a folder: files by path, each as [SHA-256, mode]. Everything is asked side by side.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/pool.php';

/** Names in a folder with their types; a link has the type of what it points at where links are followed. */
function names(string $folder, bool $follow): array
{
    $types = [];
    foreach (array_diff(scandir($folder), ['.', '..']) as $name) {
        $path = "$folder/$name";
        $types[$name] = $follow ? (is_dir($path) ? 'dir' : 'file') : filetype($path);
    }
    return $types;
}

/** Paths of the regular files below some folders (relative to the root), sorted, one level after the other. */
function files(string $root, array $folders, bool $follow = false): array
{
    $found = [];
    while ($folders) {
        $below = pool(static fn (string $folder): array => names("$root/$folder", $follow), $folders);
        $next = [];
        foreach ($below as $key => $types) {
            foreach ($types as $name => $type) {
                match ($type) {
                    'dir' => $next[] = "$folders[$key]/$name",
                    'file' => $found[] = "$folders[$key]/$name",
                    default => null,
                };
            }
        }
        $folders = $next;
    }
    sort($found, SORT_STRING);
    return $found;
}

/** A file as a manifest holds it. */
function entry(string $path): array
{
    return [hash_file('sha256', $path), decoct(fileperms($path) & 0777)];
}

/** The extensions of a tree: names such as plugins/akismet or plugins/hello.php, each with its type. */
function extensions(string $root, bool $follow = false): array
{
    $found = [];
    foreach (array_keys(visible($root, $follow), 'dir', true) as $kind) {
        foreach (visible("$root/$kind", $follow) as $name => $type) {
            $found["$kind/$name"] = $type;
        }
    }
    return array_filter($found, static fn (string $type): bool => $type === 'dir' || $type === 'file');
}

/** Names that do not begin with a dot, as Berth's own do. */
function visible(string $folder, bool $follow): array
{
    $seen = static fn (string|int $name): bool => !str_starts_with((string)$name, '.');
    return array_filter(names($folder, $follow), $seen, ARRAY_FILTER_USE_KEY);
}

/** Files of the named extensions: name => (path inside it, '' where it is one file) => entry. */
function snapshot(string $root, array $types, bool $follow = false): array
{
    $paths = array_keys($types, 'file', true);
    array_push($paths, ...files($root, array_keys($types, 'dir', true), $follow));
    $entries = pool(static fn (string $path): array => entry("$root/$path"), array_combine($paths, $paths));
    $found = array_map(static fn (): array => [], $types);
    foreach ($paths as $path) {
        [$name, $inside] = split($path);
        $found[$name][$inside] = $entries[$path];
    }
    array_walk($found, static fn (array &$files) => ksort($files, SORT_STRING));
    return $found;
}

/** plugins/akismet/views/a.php as plugins/akismet and views/a.php. */
function split(string $path): array
{
    $parts = explode('/', $path, 3);
    return ["$parts[0]/$parts[1]", $parts[2] ?? ''];
}

/** The opposite of split. */
function join(string $name, string $inside): string
{
    return $inside === '' ? $name : "$name/$inside";
}

/** Folders above a path, the nearest first: views/css and views for views/css/a.css. */
function parents(string $path): array
{
    $parents = [];
    while (str_contains($path, '/')) {
        $parents[] = $path = dirname($path);
    }
    return $parents;
}
