<?php
// Usage: replicas.php announce|leave: tell the other replicas through the database where this one is, and that it
// writes no more while the schema is not its own.
declare(strict_types=1);

require __DIR__ . '/state.php';

use const Berth\REPLICAS_TABLE;
use function Berth\say;

const UPGRADING = 'The site is being updated. What you read is up to date; please save your change in a few minutes.';

/** Where the others reach this container: the address of its own name. */
function own_address(): string
{
    return (getenv('REPLICA_ADDRESS') ?: gethostbyname(gethostname())) . ':8080';
}

/** Say that this replica lives and whether it writes, and forget those that have not for long. */
function announce(mysqli $link): void
{
    $link->query('CREATE TABLE IF NOT EXISTS ' . REPLICAS_TABLE . ' (address VARCHAR(64) PRIMARY KEY,'
        . ' seen TIMESTAMP NOT NULL, read_only BOOLEAN NOT NULL) ENGINE=InnoDB');
    $read_only = is_read_only($link);
    tell_application($read_only);
    $link->execute_query(
        'REPLACE INTO ' . REPLICAS_TABLE . ' (address, seen, read_only) VALUES (?, NOW(), ?)',
        [own_address(), (int)$read_only]
    );
    $link->query('DELETE FROM ' . REPLICAS_TABLE . ' WHERE seen < NOW() - INTERVAL 1 HOUR');
}

/** The application looks for a file; what is in it is shown to who wants to write. */
function tell_application(bool $read_only): void
{
    $flag = (getenv('BERTH_RUN') ?: '/run/berth') . '/read-only';
    if ($read_only === file_exists($flag)) {
        return;
    }
    if ($read_only) {
        file_put_contents("$flag.new", UPGRADING);
        rename("$flag.new", $flag);
    } else {
        unlink($flag);
    }
    say($read_only ? 'another version changes the schema: read-only' : 'the schema is this version\'s: no longer read-only');
}

/** Ask for no more purges. */
function leave(mysqli $link): void
{
    $link->execute_query('DELETE FROM ' . REPLICAS_TABLE . ' WHERE address = ?', [own_address()]);
}

try {
    match ($argv[1]) {
        'announce' => announce(connect('application')),
        'leave' => leave(connect('application')),
    };
} catch (mysqli_sql_exception) {
    // A database that is away is told of by those who need it more.
    exit(1);
}
