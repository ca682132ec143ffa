<?php
// Messages and errors of the extensions' scripts: one clear sentence, never a stack trace.
declare(strict_types=1);

namespace Berth\Extensions;

use function Berth\say;

require_once __DIR__ . '/../say.php';

/** What cannot go on; its message is for the person who runs the site. */
final class Failure extends \RuntimeException
{
}

/** From here on, what PHP only warns of (a full disk, a missing file) is a failure. */
function be_strict(): void
{
    set_error_handler(static function (int $level, string $message): bool {
        if (!(error_reporting() & $level)) {
            return false;
        }
        throw new Failure($message);
    });
}

/** Run a command's main function; a failure becomes one line and the exit status 1. */
function run(callable $main): never
{
    be_strict();
    umask(0022);
    try {
        $main();
    } catch (Failure $failure) {
        say('error: extensions: ' . $failure->getMessage());
        exit(1);
    }
    exit(0);
}
