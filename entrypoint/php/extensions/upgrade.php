<?php
// Brings the volume to this image's extensions, once, whichever container comes first.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/publish.php';
require_once __DIR__ . '/report.php';
require_once __DIR__ . '/state.php';

const REMEMBERED_IMAGES = 50;

/** Do what this image asks for, under the exclusive lock. */
function upgrade(State $state, array $image, string $source): void
{
    if ($state->settled && $state->image === $image['id']) {
        return;
    }
    if (!$state->settled) {
        sweep($state->folder);
    }
    $ledger = $state->ledger();
    $older = $state->settled && in_array($image['id'], $ledger['superseded'], true);
    $plans = plan($state->folder, $image['extensions'], $ledger, $state->settled);
    if ($older) {
        $missing = static fn (array $plan): bool => $plan['verdict'] === 'place' && $plan['placed'] === null;
        $plans = array_filter($plans, $missing);
    }
    if ($older && !$plans) {
        return;
    }
    carry_out($state, $ledger, $plans, $source);
    settle($state, $ledger, $plans, $older ? $state->image : $image['id']);
}

/** Announce, then do: whoever comes after a kill knows which files may be Berth's. */
function carry_out(State $state, array $ledger, array $plans, string $source): void
{
    if (count_steps($plans, 'write') + count_steps($plans, 'remove') === 0) {
        return;
    }
    $ledger['placed'] = updated($ledger['placed'], array_map(placed_during(...), $plans));
    $state->write($ledger, $state->generation, $state->image, settled: false);
    publish($state->folder, $source, $plans);
}

/** The new generation, unless nothing has changed but the image's name. */
function settle(State $state, array $ledger, array $plans, string $image): void
{
    $tree = updated($ledger['tree'], array_map(tree_finally(...), $plans));
    $generation = $tree === $ledger['tree'] && $state->settled ? $state->generation : $state->generation + 1;
    $before = array_diff([...$ledger['superseded'], $state->image], [$image, '']);
    $ledger = [
        'placed' => updated($ledger['placed'], array_map(placed_finally(...), $plans)),
        'tree' => $tree,
        'superseded' => array_slice(array_values(array_unique($before)), -REMEMBERED_IMAGES),
    ];
    $state->write($ledger, $generation, $image, settled: true);
    report($plans, $generation);
}

/** A book with entries replaced, and dropped where they are null; sorted, so that equal books are the same. */
function updated(array $book, array $changes): array
{
    $book = array_filter($changes + $book, static fn (?array $entry): bool => $entry !== null);
    ksort($book, SORT_STRING);
    return $book;
}
