<?php
// Usage: replicas.php announce|leave: tell the other replicas through the database where this one is.
declare(strict_types=1);

require __DIR__ . '/connection.php';
require __DIR__ . '/fan_out.php';

use const Berth\REPLICAS_TABLE;

/** Where the others reach this container: the address of its own name. */
function own_address(): string
{
    return (getenv('REPLICA_ADDRESS') ?: gethostbyname(gethostname())) . ':8080';
}

/** Say that this replica lives, and forget those that have not for long. */
function announce(mysqli $link): void
{
    $link->query('CREATE TABLE IF NOT EXISTS ' . REPLICAS_TABLE
        . ' (address VARCHAR(64) PRIMARY KEY, seen TIMESTAMP NOT NULL) ENGINE=InnoDB');
    $link->execute_query('REPLACE INTO ' . REPLICAS_TABLE . ' (address, seen) VALUES (?, NOW())', [own_address()]);
    $link->query('DELETE FROM ' . REPLICAS_TABLE . ' WHERE seen < NOW() - INTERVAL 1 HOUR');
}

/** Ask for no more purges. */
function leave(mysqli $link): void
{
    $link->execute_query('DELETE FROM ' . REPLICAS_TABLE . ' WHERE address = ?', [own_address()]);
}

match ($argv[1]) {
    'announce' => announce(connect('application')),
    'leave' => leave(connect('application')),
};
