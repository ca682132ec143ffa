<?php
// Usage: manifest.php TREE: what the image brings, as JSON, written once when the image is built:
// {"id": …, "extensions": {"plugins/akismet": {"version": …, "main": …, "files": {"a.php": [SHA-256, mode]}}}}
declare(strict_types=1);

namespace Berth\Extensions;

require_once __DIR__ . '/tree.php';
require_once __DIR__ . '/version.php';

/** The manifest of a tree; its id says what is in it. */
function manifest(string $root): array
{
    $extensions = [];
    foreach (snapshot($root, extensions($root, follow: true), follow: true) as $name => $files) {
        $main = main_file($root, $name, $files);
        $version = $main === null ? '' : header_of($root . '/' . join($name, $main), 'Version');
        $extensions[$name] = ['version' => $version, 'main' => $main, 'files' => $files];
    }
    ksort($extensions, SORT_STRING);
    return ['id' => substr(hash('sha256', json_encode($extensions)), 0, 16), 'extensions' => $extensions];
}

if (realpath($argv[0]) === __FILE__) {
    run(static function () use ($argv): void {
        $text = json_encode(manifest($argv[1]), JSON_UNESCAPED_SLASHES);
        echo $text ?: throw new Failure("$argv[1]: " . json_last_error_msg()), "\n";
    });
}
