<?php
// What an upgrade does, decided from three sides: what the image brings, what Berth placed last, and what is
// there now. Nothing here touches a file.
//
// What Berth placed is a list of candidates a file, for an upgrade that was cut off may have placed the old or
// the new one; null among them says that Berth itself may have left the file away.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/tree.php';

/** What becomes of one extension: place, adopt, merge, remove, newer, theirs, deleted or forget. */
function verdict(?array $image, ?array $placed, ?array $found): string
{
    return match (true) {
        $found === null && $image === null => 'forget',
        $found === null && ($placed['new'] ?? true) => 'place',
        $found === null => 'deleted',
        $found['files'] === ($image['files'] ?? null) => 'adopt',
        // Updated or installed by a person: half of theirs and half of ours would be neither.
        $placed === null || !in_array($found['version'], $placed['versions'], true) => 'theirs',
        $image === null => 'remove',
        version_compare($image['version'], $placed['versions'][0], '<') => 'newer',
        default => 'merge',
    };
}

/** Whether the image brings just what is placed already. */
function is_placed(?array $image, array $placed): bool
{
    $one = static fn (array $entry): array => [$entry];
    return $image !== null && $placed['files'] === array_map($one, $image['files']);
}

/** What becomes of one file: same, write, remove or keep. */
function step(?array $image, array $placed, ?array $found): string
{
    return match (true) {
        $found === $image => 'same',
        !in_array($found, $placed, true) => 'keep',
        $image === null => 'remove',
        default => 'write',
    };
}

/** Paths by what becomes of them; all arguments by path: entry, list of candidates, entry. */
function steps(array $image, array $placed, array $found): array
{
    $steps = ['same' => [], 'write' => [], 'remove' => [], 'keep' => []];
    foreach (array_keys($image + $placed) as $path) {
        $steps[step($image[$path] ?? null, $placed[$path] ?? [null], $found[$path] ?? null)][] = $path;
    }
    $staying = array_diff_key($found, array_flip($steps['remove']));
    $blocked = array_filter($steps['write'], static fn (string $path): bool => is_blocked($path, $staying));
    $steps['write'] = array_values(array_diff($steps['write'], $blocked));
    $steps['keep'] = [...$steps['keep'], ...$blocked];
    return $steps;
}

/** Whether a person's file stands where a folder is wanted, or the other way round. */
function is_blocked(string $path, array $staying): bool
{
    $above = array_intersect_key($staying, array_flip(parents($path)));
    return $above || preg_grep('/^' . preg_quote($path, '/') . '\//', array_keys($staying));
}

/** What counts as placed once the steps are done: a kept file stays as Berth placed it last, if it did. */
function placed_after(array $image, array $placed, array $steps): array
{
    $kept = array_intersect_key($placed, $image, array_flip($steps['keep']));
    $kept = array_filter(array_map(static fn (array $ours): array => array_values(array_filter($ours)), $kept));
    $done = array_intersect_key($image, array_flip([...$steps['same'], ...$steps['write']]));
    $after = $kept + array_map(static fn (array $entry): array => [$entry], $done);
    ksort($after, SORT_STRING);
    return $after;
}

/** What may be placed while the steps are being done, wherever they are cut off. */
function placed_meanwhile(array $image, array $placed, array $steps): array
{
    foreach ([...$steps['write'], ...$steps['remove']] as $path) {
        $ours = $placed[$path] ?? [null];
        $wanted = $image[$path] ?? null;
        $placed[$path] = in_array($wanted, $ours, true) ? $ours : [...$ours, $wanted];
    }
    return $placed;
}

/** What is there once the steps are done. */
function found_after(array $image, array $found, array $steps): array
{
    $found = array_diff_key($found, array_flip($steps['remove']));
    $found = array_intersect_key($image, array_flip($steps['write'])) + $found;
    ksort($found, SORT_STRING);
    return $found;
}
