<?php
// How a script that runs inside WordPress ends. WordPress dies with status 0 whatever went wrong, and goes on
// after a statement that failed: a schema that lacks something would be taken for whole.
declare(strict_types=1);

require_once (getenv('BERTH_LIB') ?: '/usr/local/lib/berth') . '/php/say.php';

$berthSucceeded = false;
register_shutdown_function(static function (): void {
    if (!$GLOBALS['berthSucceeded']) {
        exit(1);
    }
});

/** What the database refused to write; that a table is not there yet is asked, not written. */
function berth_refused(): array
{
    $refused = array_filter($GLOBALS['EZSQL_ERROR'] ?? [], static fn (array $error): bool
        => (bool) preg_match('/^\s*(ALTER|CREATE|DELETE|INSERT|REPLACE|UPDATE)\b/i', $error['query']));
    return array_unique(array_column($refused, 'error_str'));
}

/** End with one clear sentence. */
function berth_fail(string $message): never
{
    Berth\fail("WordPress: $message");
}

/** The very last call of a script. */
function berth_succeed(): void
{
    $refused = berth_refused();
    if ($refused) {
        berth_fail('the database refused: ' . implode('; ', $refused));
    }
    $GLOBALS['berthSucceeded'] = true;
}
