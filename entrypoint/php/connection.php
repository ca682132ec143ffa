<?php
// Connections of the entrypoint's own scripts; the application makes its own.
declare(strict_types=1);

require_once __DIR__ . '/say.php';

use function Berth\fail;
use function Berth\say;

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
set_exception_handler(static function (Throwable $error): never {
    $where = $error instanceof mysqli_sql_exception ? 'the database at ' . address() . ': ' : '';
    fail($where . $error->getMessage());
});

/** A secret that the entrypoint has put into a file, or '' where there is none. */
function secret(string $name): string
{
    $path = (getenv('BERTH_RUN') ?: '/run/berth') . "/secrets/$name";
    return is_readable($path) ? file_get_contents($path) : '';
}

/** Names of the secrets a role logs in with: admin or application. */
function credentials(string $role): array
{
    return $role === 'admin'
        ? [secret('DATABASE_ADMIN_USER'), secret('DATABASE_ADMIN_PASSWORD')]
        : [secret('DATABASE_USER'), secret('DATABASE_PASSWORD')];
}

/** Log in as a role; the application's schema is chosen unless the role is admin. */
function connect(string $role): mysqli
{
    [$user, $password] = credentials($role);
    $schema = $role === 'admin' ? null : getenv('DATABASE_NAME');
    $authority = getenv('DATABASE_TLS_CA') ?: null;
    $link = mysqli_init();
    $link->options(MYSQLI_OPT_CONNECT_TIMEOUT, 3);
    if ($authority) {
        $link->ssl_set(null, null, $authority, null, null);
    }
    // What goes wrong is thrown as well: the warning would only say it twice.
    @$link->real_connect(
        getenv('DATABASE_HOST'), $user, $password, $schema, (int)getenv('DATABASE_PORT'), null,
        $authority ? MYSQLI_CLIENT_SSL : 0
    );
    $link->set_charset('utf8mb4');
    return $link;
}

/** Name of the lock that a migration holds. The entrypoint has checked the schema's name. */
function migration_lock(): string
{
    return substr('berth:' . getenv('DATABASE_NAME'), 0, 64);
}

/** Where the database is, for messages. */
function address(): string
{
    return getenv('DATABASE_HOST') . ':' . getenv('DATABASE_PORT');
}

/** Try until it returns true or the deadline passes; the last error is told then. */
function wait_until(string $what, callable $attempt): void
{
    $seconds = (int)(getenv('DATABASE_WAIT_SECONDS') ?: 120);
    $deadline = microtime(true) + $seconds;
    $announced = 0.0;
    while (($error = attempt($attempt)) !== null) {
        if (microtime(true) >= $deadline) {
            fail("waited $seconds s for $what; last: $error");
        }
        if (microtime(true) - $announced > 10) {
            say("waiting for $what, up to $seconds s: $error");
            $announced = microtime(true);
        }
        usleep(500_000);
    }
}

/** Null when the attempt succeeded, else why not. */
function attempt(callable $attempt): ?string
{
    try {
        return $attempt();
    } catch (mysqli_sql_exception $error) {
        return explain($error->getMessage());
    }
}

/** The driver does not say why it refused the server's certificate: tell what to look at. */
function explain(string $message): string
{
    return str_contains($message, 'using SSL')
        ? "$message; is the certificate made out to DATABASE_HOST and signed by DATABASE_TLS_CA?"
        : $message;
}
