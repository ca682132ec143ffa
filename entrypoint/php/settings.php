<?php
// Fetch the files that CONFIG_FILES names from S3 into $BERTH_RUN/settings, where the application reads them last.
// CONFIG_FILES: JSON, a list of {"uri": "s3://bucket/key.php", "etag": "…", "version": "…"}. What Terraform saw is what
// is fetched: that version where the bucket keeps versions, otherwise the content of that etag or an error.
declare(strict_types=1);

require __DIR__ . '/connection.php';
require __DIR__ . '/s3.php';

use function Berth\fail;
use function Berth\say;

/** Check that PHP can read the file: half a file must not become half the settings. */
function compiles(string $path): bool
{
    exec('php -l ' . escapeshellarg($path) . ' 2>/dev/null', $output, $status);
    return $status === 0 && str_starts_with((string)file_get_contents($path, length: 5), '<?php');
}

/** Fetch one file, and publish it by rename. */
function fetch(int $number, array $file, string $folder): void
{
    $name = sprintf('%02d-%s', $number, basename($file['uri']));
    $content = s3_get($file['uri'], $file['etag'] ?? '', $file['version'] ?? '');
    file_put_contents("$folder/.new", $content) === strlen($content) || fail("cannot write to $folder");
    compiles("$folder/.new") || fail("{$file['uri']}: is no whole PHP file; is it truncated?");
    rename("$folder/.new", "$folder/$name");
    say("settings from {$file['uri']}");
}

/** Fetch them all, in order. */
function main(): void
{
    $files = json_decode(getenv('CONFIG_FILES'), true);
    is_array($files) || fail('CONFIG_FILES: is no JSON list, got ' . getenv('CONFIG_FILES'));
    foreach ($files as $number => $file) {
        fetch($number, $file, (getenv('BERTH_RUN') ?: '/run/berth') . '/settings');
    }
}

main();
