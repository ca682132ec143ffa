<?php
// Usage: wait.php admin|application: return once that role can log in.
declare(strict_types=1);

require __DIR__ . '/connection.php';

wait_until('the database at ' . address(), function () use ($argv): ?string {
    connect($argv[1])->close();
    return null;
});
