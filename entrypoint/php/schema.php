<?php
// Usage: schema.php status|wait|begin|close|finish
declare(strict_types=1);

require __DIR__ . '/state.php';

use function Berth\fail;
use function Berth\say;

// Replicas look every 5 s.
const CLOSING_SECONDS = 30;

/** Forget what a killed migration still had running on the server: it would work on beside us. */
function stop_statements(mysqli $link): void
{
    $running = $link->query(
        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND command = 'Query'"
        . " AND id <> CONNECTION_ID() AND info NOT LIKE '%GET_LOCK%'"
    );
    foreach ($running->fetch_all() as [$id]) {
        try {
            $link->query("KILL $id");
        } catch (mysqli_sql_exception) {
            say("connection $id had ended already");
        }
    }
}

/** Note that an installation runs, then remove what an earlier one left. */
function begin(mysqli $link): void
{
    $link->query('CREATE TABLE IF NOT EXISTS ' . STATE_TABLE
        . ' (name VARCHAR(64) PRIMARY KEY, value TEXT NOT NULL,'
        . ' changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB');
    $link->query('REPLACE INTO ' . STATE_TABLE . " (name, value) VALUES ('installing', NOW())");
    stop_statements($link);
    $link->query('SET SESSION foreign_key_checks = 0');
    foreach (tables($link) as $table) {
        $link->query("DROP TABLE IF EXISTS `$table`");
    }
}

/** Replicas that live and may still write; none where no replica ever served. */
function writers(mysqli $link): array
{
    if (!$link->query("SHOW TABLES LIKE '" . Berth\REPLICAS_TABLE . "'")->num_rows) {
        return [];
    }
    return array_column($link->query(Berth\LIVING_REPLICAS . ' AND NOT read_only')->fetch_all(), 0);
}

/** Note that the schema is about to change, and wait until every replica reads only. */
function close(mysqli $link): void
{
    $link->execute_query('REPLACE INTO ' . STATE_TABLE . " (name, value) VALUES ('upgrading', ?)", [fingerprint()]);
    $deadline = microtime(true) + CLOSING_SECONDS;
    while (($writers = writers($link)) && microtime(true) < $deadline) {
        usleep(250_000);
    }
    $writers && say('going on, though these replicas have not said that they write no more: ' . implode(', ', $writers));
}

/** Write the marker: the very last act of a migration. */
function finish(mysqli $link): void
{
    $link->begin_transaction();
    $link->execute_query('REPLACE INTO ' . STATE_TABLE . " (name, value) VALUES ('schema', ?)", [fingerprint()]);
    $link->query('DELETE FROM ' . STATE_TABLE . " WHERE name IN ('installing', 'upgrading')");
    $link->commit();
}

/** Return once the schema is this image's; a newer one never becomes it. */
function wait_for_schema(): void
{
    wait_until('the migration of ' . getenv('DATABASE_NAME'), function (): ?string {
        $link = connect('application');
        $status = status($link);
        $link->close();
        return match ($status) {
            'current' => null,
            'newer' => fail('the schema belongs to a newer version than this image (' . fingerprint() . ')'),
            default => "the schema is $status; run the migrate job of this image",
        };
    });
}

/** Dispatch the command. */
function main(string $command): void
{
    match ($command) {
        'status' => print status(connect('application')) . "\n",
        'wait' => wait_for_schema(),
        'close' => close(connect('application')),
        'begin' => begin(connect('application')),
        'finish' => finish(connect('application')),
    };
}

main($argv[1]);
