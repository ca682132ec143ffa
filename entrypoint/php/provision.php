<?php
// Make the database and the application's user, with rights on that database only.
declare(strict_types=1);

require __DIR__ . '/connection.php';

use function Berth\fail;

// What the applications and their updaters use; no right to hand on, none on another schema.
const RIGHTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, CREATE TEMPORARY TABLES, LOCK TABLES';

/** The statements, in order; each may be repeated. */
function statements(mysqli $link): array
{
    $schema = getenv('DATABASE_NAME');
    // In a GRANT, an underscore stands for any letter.
    $pattern = str_replace('_', '\_', $schema);
    [$name, $secret] = array_map($link->real_escape_string(...), credentials('application'));
    $user = "'$name'@'%'";
    $tls = getenv('DATABASE_TLS_CA') ? 'REQUIRE SSL' : 'REQUIRE NONE';
    return [
        "CREATE DATABASE IF NOT EXISTS `$schema` CHARACTER SET utf8mb4",
        "CREATE USER IF NOT EXISTS $user IDENTIFIED BY '$secret' $tls",
        "ALTER USER $user IDENTIFIED BY '$secret' $tls",
        'GRANT ' . RIGHTS . " ON `$pattern`.* TO $user",
    ];
}

/** Run them all; an error names the statement's verb, never its text, which holds the password. */
function provision(): void
{
    $link = connect('admin');
    // Escaping counts on backslashes.
    $link->query("SET SESSION sql_mode = ''");
    foreach (statements($link) as $statement) {
        $verb = implode(' ', array_slice(explode(' ', $statement), 0, 2));
        try {
            $link->query($statement);
        } catch (mysqli_sql_exception $error) {
            fail("$verb was refused with code {$error->getCode()} by the database at " . address());
        }
    }
}

provision();
