<?php
// Usage: locked.php COMMAND…: run a command while this connection holds the database's migration lock.
//        locked.php --or-not NAME COMMAND…: the same with a lock of that name; while another has it, do nothing.
// The lock ends with the connection, and the command with the lock.
declare(strict_types=1);

require __DIR__ . '/connection.php';

use function Berth\fail;
use function Berth\say;

const LOCK_SECONDS = 1800;
const LOST = 'lost the connection that holds the migration lock';

/** Take the lock, asking again and again: a connection that hangs is noticed between two questions. */
function take(mysqli $link, string $name): void
{
    $deadline = time() + LOCK_SECONDS;
    while (!$link->query("SELECT GET_LOCK('$name', 10)")->fetch_column()) {
        if (time() >= $deadline) {
            fail('another migration held the lock for ' . LOCK_SECONDS . ' s');
        }
        say('another migration is running; waiting for it');
    }
}

/** Whether this connection still holds the lock. */
function held(mysqli $link, string $name): bool
{
    try {
        return (bool)$link->query("SELECT IS_USED_LOCK('$name') = CONNECTION_ID()")->fetch_column();
    } catch (mysqli_sql_exception) {
        return false;
    }
}

/** Run the command beside the held lock; its exit status. */
function run(array $command, callable $held): int
{
    $child = proc_open($command, [STDIN, STDOUT, STDERR], $pipes);
    pcntl_async_signals(true);
    pcntl_signal(SIGTERM, fn () => proc_terminate($child, SIGKILL));
    for ($tick = 0; ($status = proc_get_status($child))['running']; $tick++) {
        if ($tick % 20 === 19 && !$held()) {
            proc_terminate($child, SIGKILL);
            fail(LOST . '; the migration was stopped');
        }
        usleep(100_000);
    }
    // Quicker than the looks at the lock: nobody knows who else was at work.
    $held() || fail(LOST . '; run it again');
    return $status['signaled'] ? 128 + $status['termsig'] : $status['exitcode'];
}

/** Hold the lock and run. */
function main(array $command): int
{
    $link = connect('application');
    // A holder that vanished without a word (a lost host) is forgotten after this.
    $link->query('SET SESSION wait_timeout = 30');
    $optional = $command[0] === '--or-not' ? array_splice($command, 0, 2)[1] : null;
    $name = $optional ? substr("berth-$optional:" . getenv('DATABASE_NAME'), 0, 64) : migration_lock();
    if ($optional && !$link->query("SELECT GET_LOCK('$name', 0)")->fetch_column()) {
        return 0;
    }
    $optional || take($link, $name);
    return run($command, fn () => held($link, $name));
}

exit(main(array_slice($argv, 1)));
