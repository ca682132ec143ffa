<?php
// Usage: look.php VENDOR: print, as JSON, the packages that Composer has installed, and a checksum of all they hold: their
// files, and what of them is loaded when. What Composer writes about itself, times and addresses, is left out.
declare(strict_types=1);

/** Name a package's folder as Composer's own installers do. */
function folder(array $package): string
{
    $name = basename($package['name']);
    $words = explode('-', preg_replace('/-(extension|skin)$/', '', $name));
    return $package['extra']['installer-name'] ?? implode('', array_map(ucfirst(...), $words));
}

/** Files that count, by their paths. */
function files(string $vendor): array
{
    $every = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($vendor, FilesystemIterator::SKIP_DOTS));
    $paths = array_map(fn ($file) => substr($file->getPathname(), strlen($vendor) + 1), iterator_to_array($every, false));
    $generated = '~^(autoload\.php|bin/.*|composer/(?!autoload_(classmap|files|namespaces|psr4)\.php)[^/]*)$~';
    sort($paths);
    return preg_grep($generated, $paths, PREG_GREP_INVERT);
}

/** Print. */
function main(string $vendor): void
{
    $installed = json_decode(file_get_contents("$vendor/composer/installed.json"), true, flags: JSON_THROW_ON_ERROR);
    $packages = array_map(fn ($package) => [
        'name' => $package['name'],
        'kind' => ($package['type'] ?? 'library') === 'metapackage' ? 'library' : ($package['type'] ?? 'library'),
        'folder' => folder($package),
        'label' => "{$package['name']}: {$package['version']}",
    ], $installed['packages']);
    $lines = array_map(fn ($path) => hash_file('sha256', "$vendor/$path") . "  $path\n", files($vendor));
    echo json_encode(['packages' => $packages, 'sha256' => hash('sha256', implode('', $lines))]);
}

main($argv[1]);
