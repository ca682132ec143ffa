<?php
// Carries a plan out: everything is copied into a folder that nobody reads, then renamed into its place. A new
// extension appears whole; an upgrade replaces file by file. Cut off anywhere, it can be done again.
declare(strict_types=1);

namespace Berth\Extensions;

use function Berth\say;

require_once __DIR__ . '/copy.php';
require_once __DIR__ . '/plan.php';

const STAGE = '.berth-new.';

/** Copy from the image's folder and rename. */
function publish(string $root, string $source, array $plans): void
{
    $stage = STAGE . bin2hex(random_bytes(8));
    mkdir("$root/$stage", 0755);
    try {
        stage("$root/$stage", $source, $plans);
        $new = array_filter($plans, static fn (array $plan): bool => $plan['verdict'] === 'place');
        place($root, $stage, array_keys($new));
        $merged = array_diff_key($plans, $new);
        remove_files($root, paths($merged, 'remove'));
        replace_files($root, $stage, paths($merged, 'write'));
    } finally {
        remove_trees($root, [$stage]);
    }
}

/** Remove what was left half-made. What somebody who lost the lock still works in stays for the next time. */
function sweep(string $root): void
{
    $left = preg_grep('/^' . preg_quote(STAGE) . '/', array_keys(names($root, follow: false), 'dir', true));
    try {
        remove_trees($root, array_values($left));
    } catch (Failure $failure) {
        say("extensions: left for the next start: {$failure->getMessage()}");
    }
}

/** Paths below the root, over all plans, of one kind of step. */
function paths(array $plans, string $step): array
{
    $paths = [];
    foreach ($plans as $name => $plan) {
        foreach ($plan['steps'][$step] as $inside) {
            $paths[] = join($name, (string)$inside);
        }
    }
    return $paths;
}

/** Copy all that will be written. */
function stage(string $stage, string $source, array $plans): void
{
    $paths = paths($plans, 'write');
    copy_files($stage, array_combine($paths, array_map(static fn (string $path): string => "$source/$path", $paths)));
}

/** New extensions, each by one rename. */
function place(string $root, string $stage, array $names): void
{
    make_folders($root, $names);
    pool(static fn (string $name): bool => rename("$root/$stage/$name", "$root/$name"), $names);
}

/** Files of existing extensions, each by one rename. */
function replace_files(string $root, string $stage, array $paths): void
{
    make_folders($root, $paths);
    pool(static fn (string $path): bool => rename("$root/$stage/$path", "$root/$path"), $paths);
}

/** Remove files, and the folders that are empty then. */
function remove_files(string $root, array $paths): void
{
    pool(static fn (string $path): bool => unlink("$root/$path"), $paths);
    $folders = [];
    foreach ($paths as $path) {
        foreach (parents($path) as $folder) {
            $folders[$folder] = substr_count($folder, '/');
        }
    }
    arsort($folders);
    // The kinds' own folders, plugins and themes, stay.
    foreach (array_keys(array_filter($folders)) as $folder) {
        @rmdir("$root/$folder");
    }
}
