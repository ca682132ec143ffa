<?php
// Readiness: database, schema and shared files, until they were there once. After that a process that
// answers is ready, or a short absence of the database would replace every container.
declare(strict_types=1);

require __DIR__ . '/state.php';

/** What is missing, or null. */
function missing(): ?string
{
    try {
        $status = status(connect('application'));
    } catch (mysqli_sql_exception $error) {
        error_log('not ready: ' . $error->getMessage());
        return 'database';
    }
    return match (true) {
        $status !== 'current' => 'schema',
        !is_writable((getenv('BERTH_FILES') ?: '/srv/files') . '/' . SHARED_FOLDER) => 'files',
        default => null,
    };
}

/** Answer 200, or 503 with what is missing. */
function answer(string $flag): void
{
    header('Content-Type: text/plain');
    header('Cache-Control: no-store');
    $missing = file_exists($flag) ? null : missing();
    if ($missing === null) {
        touch($flag);
    } else {
        http_response_code(503);
    }
    echo $missing === null ? "ready\n" : "waiting for: $missing\n";
}

answer((getenv('BERTH_RUN') ?: '/run/berth') . '/ready');
