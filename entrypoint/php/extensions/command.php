<?php
// Usage: command.php seed|upgrade|materialise|bump|promote|status
//
// seed         bring the volume to this image's extensions, then this replica to the volume's generation
// upgrade      the first half alone
// materialise  the second half alone
// bump         make what a person changed on the volume a new generation, for every replica
// promote      let the next start of an image that was superseded replace and remove again
// status       print the generation and the image that made it
declare(strict_types=1);

namespace Berth\Extensions;

use function Berth\say;

require_once __DIR__ . '/generation.php';
require_once __DIR__ . '/upgrade.php';

/** A folder from the environment, or its default. */
function folder(string $name, string $default): string
{
    return getenv($name) ?: $default;
}

/** The volume's folder of extensions. */
function volume(): string
{
    return folder('BERTH_FILES', '/srv/files') . '/extensions';
}

/** The image's folder of extensions. */
function source(): string
{
    return folder('BERTH_EXTENSIONS', '/usr/share/berth/extensions');
}

/** The image's manifest, made when it was built. */
function image(): array
{
    $path = folder('BERTH_SHARE', '/usr/local/share/berth') . '/extensions.json';
    return json_decode(file_get_contents($path), true) ?? throw new Failure("$path is damaged; build the image again");
}

/** Bring the volume to this image's extensions. */
function upgrade_volume(): void
{
    $state = State::open(volume(), LOCK_EX);
    upgrade($state, image(), source());
    $state->close();
}

/** Upgrade, then copy. */
function seed(): void
{
    upgrade_volume();
    follow();
}

/** Copy the present generation; the shared lock keeps upgrades away meanwhile. */
function follow(): void
{
    $state = State::open(volume(), LOCK_SH);
    materialise($state, folder('BERTH_CACHE', '/var/cache/berth') . '/extensions', image(), source());
    $state->close();
}

/** Take what is on the volume for the next generation. */
function bump(): void
{
    $state = State::open(volume(), LOCK_EX);
    if (!$state->settled) {
        throw new Failure('an upgrade was cut off; start a container to finish it, then bump');
    }
    $ledger = $state->ledger();
    $tree = updated([], array_filter(snapshot($state->folder, extensions($state->folder))));
    if ($tree === $ledger['tree']) {
        say("extensions: nothing has changed since generation $state->generation");
        return;
    }
    $state->write(['tree' => $tree] + $ledger, $state->generation + 1, $state->image, settled: true);
    say("extensions: generation $state->generation");
}

/** Forget which images came before. */
function promote(): void
{
    $state = State::open(volume(), LOCK_EX);
    $state->write(['superseded' => []] + $state->ledger(), $state->generation, $state->image, $state->settled);
}

/** Print what there is. */
function status(): void
{
    $state = State::open(volume(), LOCK_SH);
    echo "generation $state->generation, image $state->image", $state->settled ? '' : ', upgrade cut off', "\n";
}

run(match ($argv[1] ?? '') {
    'seed' => seed(...),
    'upgrade' => upgrade_volume(...),
    'materialise' => follow(...),
    'bump' => bump(...),
    'promote' => promote(...),
    'status' => status(...),
    default => static fn () => throw new Failure(
        'got ' . ($argv[1] ?? 'no command') . '; allowed: seed, upgrade, materialise, bump, promote, status'
    ),
});
