<?php
// Copies of trees by many processes at once. Each file keeps its mode and time.
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/tree.php';

/** Make the folders of some paths below a root: one level after the other, each side by side. */
function make_folders(string $root, array $paths, int $workers = WORKERS): void
{
    $levels = [];
    foreach ($paths as $path) {
        foreach (parents($path) as $folder) {
            $levels[substr_count($folder, '/')][$folder] = $folder;
        }
    }
    ksort($levels);
    foreach ($levels as $folders) {
        pool(static fn (string $folder): bool => make_folder("$root/$folder"), $folders, $workers);
    }
}

/** Make a folder unless it is there; anything else that is there is a failure. */
function make_folder(string $path): bool
{
    return @mkdir($path, 0755) || is_dir($path) || mkdir($path, 0755);
}

/** Write a new file whole. On a network file system only a sync tells whether there was room for it. */
function write_file(string $path, string $content, int $mode, int $time, bool $sync): void
{
    $file = fopen($path, 'xb');
    try {
        if (fwrite($file, $content) !== strlen($content) || $sync && !fsync($file)) {
            throw new Failure('could not be written whole');
        }
    } catch (Failure $failure) {
        throw new Failure("$path: {$failure->getMessage()}");
    }
    fclose($file);
    if ($mode !== 0644) {
        chmod($path, $mode);
    }
    touch($path, $time);
}

/** Copy one file; the SHA-256 of what was copied. */
function copy_file(string $from, string $to, bool $sync): string
{
    $file = fopen($from, 'rb');
    $about = fstat($file);
    $content = stream_get_contents($file);
    fclose($file);
    write_file($to, $content, $about['mode'] & 0777, $about['mtime'], $sync);
    return hash('sha256', $content);
}

/** Copy files to a new folder on the volume: path in it => where it comes from. */
function copy_files(string $root, array $sources): void
{
    make_folders($root, array_keys($sources));
    $tasks = array_map(static fn (string $path): array => [$sources[$path], "$root/$path"], array_keys($sources));
    pool(static fn (array $task): string => copy_file($task[0], $task[1], sync: true), $tasks);
}

/** Remove folders below a root with all they hold. */
function remove_trees(string $root, array $folders, int $workers = WORKERS): void
{
    $left = $folders;
    for ($levels = []; $left; $left = $next) {
        $levels[] = $left;
        $below = pool(static fn (string $folder): array => empty_folder("$root/$folder"), $left, $workers);
        $next = [];
        foreach ($below as $key => $names) {
            array_push($next, ...array_map(static fn (string $name): string => "$left[$key]/$name", $names));
        }
    }
    foreach (array_reverse($levels) as $level) {
        pool(static fn (string $folder): bool => rmdir("$root/$folder"), $level, $workers);
    }
}

/** Remove a folder's files; the names of the folders in it. */
function empty_folder(string $folder): array
{
    $types = names($folder, follow: false);
    $inside = array_keys($types, 'dir', true);
    foreach (array_diff(array_keys($types), $inside) as $name) {
        unlink("$folder/$name");
    }
    return $inside;
}
