<?php
// Generations: numbered states of the volume's extensions. Each replica runs from a copy of its own, so that all
// run the same files, and a page view asks nothing of the network.
declare(strict_types=1);

namespace Berth\Extensions;

use function Berth\say;

require_once __DIR__ . '/copy.php';
require_once __DIR__ . '/state.php';

/** Copy the present generation to the cache unless it is there, and point `current` at it. */
function materialise(State $state, string $cache, array $image, string $source): void
{
    if (!$state->settled) {
        throw new Failure('an upgrade was cut off; a container that starts finishes it');
    }
    if ($state->generation === 0) {
        throw new Failure("nothing is in $state->folder yet; a container that starts places what its image brings");
    }
    if (!is_dir("$cache/$state->generation")) {
        copy_generation($state, $cache, sources($state, $state->ledger()['tree'], $image, $source));
    }
    $before = (string)@readlink("$cache/current");
    if ($before !== (string)$state->generation) {
        swap($cache, (string)$state->generation);
        forget_generations($cache, [(string)$state->generation, $before]);
    }
}

/** Where each file comes from: [those that the image has too, those of the volume], each path => [from, SHA-256]. */
function sources(State $state, array $tree, array $image, string $source): array
{
    $sources = [[], []];
    foreach ($tree as $name => $files) {
        foreach ($files as $inside => $entry) {
            $path = join($name, (string)$inside);
            $same = ($image['extensions'][$name]['files'][$inside] ?? null) === $entry;
            $sources[$same ? 0 : 1][$path] = [($same ? $source : $state->folder) . "/$path", $entry[0]];
        }
    }
    return $sources;
}

/** Copy into a folder of another name first: a generation that is there is whole. */
function copy_generation(State $state, string $cache, array $sources): void
{
    is_dir($cache) || mkdir($cache, 0755, recursive: true);
    $left = preg_grep('/^\.new\./', array_keys(names($cache, follow: false), 'dir', true));
    remove_trees($cache, array_values($left), LOCAL_WORKERS);
    $new = '.new.' . bin2hex(random_bytes(8));
    mkdir("$cache/$new", 0755);
    make_folders("$cache/$new", ['plugins/.', 'themes/.', ...array_keys(array_merge(...$sources))], LOCAL_WORKERS);
    take_all($sources[0], "$cache/$new", LOCAL_WORKERS);
    $differing = take_all($sources[1], "$cache/$new", WORKERS);
    if ($differing) {
        say("extensions: $differing files changed since they were published; run extensions bump");
    }
    if (!$state->is_current()) {
        throw new Failure('the volume changed while it was copied; start again');
    }
    rename("$cache/$new", "$cache/$state->generation");
}

/** Copy files; how many are not what was published. */
function take_all(array $sources, string $folder, int $workers): int
{
    $take = static fn (string $path): bool => take($sources[$path], "$folder/$path");
    return count(array_keys(pool($take, array_keys($sources), $workers), false, true));
}

/** Copy one file; whether it is what was published. One that a person deleted since is left out. */
function take(array $source, string $to): bool
{
    [$from, $hash] = $source;
    return is_file($from) && copy_file($from, $to, sync: false) === $hash;
}

/** Point `current` at a generation, by rename: readers see the one or the other. */
function swap(string $cache, string $generation): void
{
    $new = "$cache/.current." . bin2hex(random_bytes(8));
    symlink($generation, $new);
    rename($new, "$cache/current");
}

/** Keep these: the present generation, and the one before it, which requests in flight may still read. */
function forget_generations(string $cache, array $kept): void
{
    $others = array_diff(preg_grep('/^\d+$/', array_keys(names($cache, follow: false), 'dir', true)), $kept);
    remove_trees($cache, array_map(strval(...), array_values($others)), LOCAL_WORKERS);
}
