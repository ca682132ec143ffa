<?php
// The plan of an upgrade: for each extension that is not as the image has it, what becomes of it and why.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/compare.php';
require_once __DIR__ . '/tree.php';
require_once __DIR__ . '/version.php';

/** Plans by extension; only those are looked at that differ in the books or are not in them. */
function plan(string $root, array $image, array $ledger, bool $settled): array
{
    $present = extensions($root);
    $names = array_keys($image + $ledger['placed'] + $present);
    if ($settled) {
        $names = array_filter($names, static fn (string $name): bool => is_open($name, $image, $ledger));
    }
    $found = snapshot($root, array_intersect_key($present, array_flip($names)));
    $plans = [];
    foreach ($names as $name) {
        [$wanted, $placed] = [$image[$name] ?? null, $ledger['placed'][$name] ?? null];
        $plans[$name] = plan_one("$root/$name", $wanted, $placed, $found[$name] ?? null);
    }
    return $plans;
}

/** Whether there is anything to find out about an extension. */
function is_open(string $name, array $image, array $ledger): bool
{
    $placed = $ledger['placed'][$name] ?? null;
    return $placed === null
        ? isset($image[$name]) || !isset($ledger['tree'][$name])
        : !is_placed($image[$name] ?? null, $placed);
}

/** What is known of one extension, and what becomes of it. */
function plan_one(string $folder, ?array $image, ?array $placed, ?array $files): array
{
    $found = null;
    if ($files !== null) {
        $found = ['version' => found_version($folder, $files, $placed, $image), 'files' => $files];
    }
    $verdict = verdict($image, $placed, $found);
    $steps = steps($image['files'] ?? [], $placed['files'] ?? [], $files ?? []);
    if ($verdict === 'place') {
        $steps = ['same' => [], 'write' => array_keys($image['files']), 'remove' => [], 'keep' => []];
    } elseif ($verdict !== 'merge' && $verdict !== 'remove') {
        $steps = ['same' => [], 'write' => [], 'remove' => [], 'keep' => []];
    }
    return compact('verdict', 'image', 'placed', 'found', 'steps');
}

/** The version of what is there. What Berth placed has the version of the last upgrade that was finished. */
function found_version(string $folder, array $files, ?array $placed, ?array $image): string
{
    foreach ([$placed['main'] ?? null, $image['main'] ?? null] as $main) {
        if ($main !== null && isset($files[$main])) {
            $ours = in_array($files[$main], $placed['files'][$main] ?? [], true);
            return $ours ? $placed['versions'][0] : header_of(rtrim("$folder/$main", '/'), 'Version');
        }
    }
    return '';
}

/** The book's entry of what Berth may have placed while the plan is carried out, or null. */
function placed_during(array $plan): ?array
{
    ['image' => $image, 'placed' => $placed, 'steps' => $steps] = $plan;
    if (!$steps['write'] && !$steps['remove']) {
        return $placed;
    }
    $versions = [...$placed['versions'] ?? [], $image['version'] ?? $placed['versions'][0]];
    return [
        'versions' => array_values(array_unique($versions)),
        'main' => $placed['main'] ?? $image['main'],
        'new' => $placed['new'] ?? $placed === null,
        'files' => placed_meanwhile($image['files'] ?? [], $placed['files'] ?? [], $steps),
    ];
}

/** The book's entry once the plan is carried out, or null. */
function placed_finally(array $plan): ?array
{
    ['image' => $image, 'placed' => $placed, 'steps' => $steps] = $plan;
    $entry = static fn (array $files): array => [
        'versions' => [$image['version']], 'main' => $image['main'], 'new' => false, 'files' => $files,
    ];
    return match ($plan['verdict']) {
        'place', 'adopt' => $entry(array_map(static fn (array $one): array => [$one], $image['files'])),
        'merge' => $entry(placed_after($image['files'], $placed['files'], $steps)),
        'newer', 'theirs', 'deleted' => $image === null ? null : $placed,
        'remove', 'forget' => null,
    };
}

/** Files of the extension once the plan is carried out, or null where none is left. */
function tree_finally(array $plan): ?array
{
    return found_after($plan['image']['files'] ?? [], $plan['found']['files'] ?? [], $plan['steps']) ?: null;
}
