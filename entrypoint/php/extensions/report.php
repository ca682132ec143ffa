<?php
// What an upgrade did, one line an extension and a summary.
declare(strict_types=1);

namespace Berth\Extensions;

use function Berth\say;

require_once __DIR__ . '/failure.php';

/** Say it all. */
function report(array $plans, int $generation): void
{
    foreach ($plans as $name => $plan) {
        $line = describe($plan);
        $line === null || say("$name: $line");
    }
    $verdicts = array_count_values(array_column($plans, 'verdict'));
    $kept = ($verdicts['theirs'] ?? 0) + ($verdicts['newer'] ?? 0) + ($verdicts['deleted'] ?? 0);
    say(sprintf(
        'extensions: generation %d; %d placed, %d upgraded, %d removed, %d left alone; '
            . '%d files written, %d removed, %d kept',
        $generation, $verdicts['place'] ?? 0, $verdicts['merge'] ?? 0, $verdicts['remove'] ?? 0, $kept,
        count_steps($plans, 'write'), count_steps($plans, 'remove'), count_steps($plans, 'keep')
    ));
}

/** How many files have this step. */
function count_steps(array $plans, string $step): int
{
    return array_sum(array_map(static fn (array $plan): int => count($plan['steps'][$step]), $plans));
}

/** One extension's line, or null where there is nothing to tell. */
function describe(array $plan): ?string
{
    ['image' => $image, 'placed' => $placed, 'found' => $found, 'steps' => $steps] = $plan;
    $files = sprintf('%d files written, %d removed, %d kept as a person left them', ...array_map(
        static fn (string $step): int => count($steps[$step]), ['write', 'remove', 'keep']
    ));
    return match ($plan['verdict']) {
        'place' => trim("placed {$image['version']}") . ', ' . count($steps['write']) . ' files',
        'adopt' => $placed === null || $placed['new'] ? trim("found whole {$image['version']}") : null,
        'merge' => step_up($placed['versions'][0], $image['version']) . ": $files",
        'remove' => "removed, this image does not have it: $files",
        'newer' => "kept {$placed['versions'][0]}, this image has the older {$image['version']}",
        'theirs' => trim("kept {$found['version']}") . ', installed or updated by a person',
        'deleted' => 'left out, deleted by a person',
        'forget' => null,
    };
}

/** From one version to the next; a site's own extensions may change within one, or have none. */
function step_up(string $from, string $to): string
{
    return $from === $to ? trim("brought up to date $to") : "upgraded from $from to $to";
}
