<?php
// POST /purge: forget pages, for whoever signs the request with the secret that all replicas share.
declare(strict_types=1);

require __DIR__ . '/connection.php';
require __DIR__ . '/fan_out.php';
require (getenv('BERTH_APP') ?: __DIR__ . '/../app') . '/app.php';

// A request that somebody wrote down is of no use later.
const SIGNED_SECONDS = 60;

/** Where nginx keeps an answer: levels=1:2 of the key's MD5, see cache.conf. */
function kept_at(string $folder, string $key): string
{
    $name = md5($key);
    return implode('/', [$folder, $name[-1], substr($name, -3, 2), $name]);
}

/** Files of these addresses. */
function files_of(string $folder, array $urls): array
{
    $files = [];
    foreach ($urls as $url) {
        $files[] = kept_at($folder, "GET $url");
        $files[] = kept_at($folder, "HEAD $url");
    }
    return $files;
}

/** What was asked for, or null where the signature is not ours or old. */
function signed(string $body, string $signature): ?array
{
    $secret = secret(SHARED_SECRET);
    if ($secret === '' || !hash_equals(Berth\signature($body, $secret), $signature)) {
        return null;
    }
    $wanted = json_decode($body, true, 4, JSON_THROW_ON_ERROR);
    return abs(time() - $wanted['time']) > SIGNED_SECONDS ? null : $wanted;
}

/** Obey, and answer 204, or 403 to a stranger. */
function purge(string $folder): void
{
    header('Cache-Control: no-store');
    $wanted = signed(file_get_contents('php://input'), $_SERVER['HTTP_X_BERTH_SIGNATURE'] ?? '');
    if ($wanted === null) {
        http_response_code(403);
        return;
    }
    // Only whole entries: nginx renames what it still writes.
    $files = $wanted['urls'] === null ? glob("$folder/?/??/" . str_repeat('?', 32)) : files_of($folder, $wanted['urls']);
    foreach ($files as $file) {
        // Most were never kept, and another request may have been faster.
        @unlink($file);
    }
    http_response_code(204);
}

purge((getenv('BERTH_CACHE') ?: '/var/cache/berth') . '/pages');
