<?php
// Many small jobs side by side. On a network file system each operation waits for an answer, so that
// sixteen processes get nearly sixteen times as much done; more than sixteen brought nothing.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/failure.php';

const WORKERS = 16;
const LOCAL_WORKERS = 2;
const FEWEST_A_WORKER = 4;

/** What the function returns for each task, by the tasks' keys. The first failure is thrown once all have ended. */
function pool(callable $work, array $tasks, int $workers = WORKERS): array
{
    $count = min($workers, intdiv(count($tasks), FEWEST_A_WORKER));
    if ($count < 2) {
        return array_map($work, $tasks);
    }
    $pipes = [];
    foreach (deal(array_keys($tasks), $count) as $hand) {
        $pipes[] = start_worker($work, array_intersect_key($tasks, array_flip($hand)));
    }
    return array_replace(...collect($pipes));
}

/** Shuffled: neighbours share a folder, which the kernel locks while a file is made in it. */
function deal(array $keys, int $count): array
{
    shuffle($keys);
    return array_chunk($keys, (int)ceil(count($keys) / $count));
}

/** Fork a process that does its share; the end of the pipe on which it answers. */
function start_worker(callable $work, array $tasks): mixed
{
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $parent = getmypid();
    if (pcntl_fork() === 0) {
        fclose($ours);
        fwrite($theirs, serialize(attempt($work, $tasks, $parent)));
        // PHP's own shutdown would cost more than most workers' work.
        posix_kill(getmypid(), SIGKILL);
    }
    fclose($theirs);
    return $ours;
}

/** Results, or the failure's message. A worker without its parent stops: it also holds the parent's lock. */
function attempt(callable $work, array $tasks, int $parent): array|string
{
    $results = [];
    try {
        foreach ($tasks as $key => $task) {
            if (posix_getppid() !== $parent) {
                exit(1);
            }
            $results[$key] = $work($task);
        }
    } catch (Failure $failure) {
        return $failure->getMessage();
    }
    return $results;
}

/** Wait for every worker, then judge. */
function collect(array $pipes): array
{
    $answers = array_map(stream_get_contents(...), $pipes);
    while (pcntl_wait($status) > 0);
    return array_map(static function (string $answer): array {
        $results = $answer === '' ? 'a worker was killed' : unserialize($answer, ['allowed_classes' => false]);
        return is_array($results) ? $results : throw new Failure($results);
    }, $answers);
}
