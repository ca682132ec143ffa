<?php
// What is known of the schema: a marker row, written last, in a table of Berth's own.
declare(strict_types=1);

require_once __DIR__ . '/connection.php';
require_once __DIR__ . '/fan_out.php';
require_once (getenv('BERTH_APP') ?: __DIR__ . '/../app') . '/app.php';

const STATE_TABLE = 'berth_state';

/** Names of the schema's tables, without Berth's own. */
function tables(mysqli $link): array
{
    $rows = $link->query('SHOW TABLES')->fetch_all();
    return array_values(array_diff(array_column($rows, 0), [STATE_TABLE, Berth\REPLICAS_TABLE]));
}

/** A value of the state, or null. */
function state(mysqli $link, string $name): ?string
{
    if (!$link->query("SHOW TABLES LIKE '" . STATE_TABLE . "'")->num_rows) {
        return null;
    }
    return $link->execute_query('SELECT value FROM ' . STATE_TABLE . ' WHERE name = ?', [$name])->fetch_column() ?: null;
}

/** How many rows a table holds, counted no further than to the limit and one. */
function rows(mysqli $link, string $table, int $limit): int
{
    $counted = "SELECT 1 FROM `$table` LIMIT " . ($limit + 1);
    return (int)$link->query("SELECT COUNT(*) FROM ($counted) AS counted")->fetch_column();
}

/** Whether somebody has written into the schema; an installation Berth began is judged by its pages only. */
function has_content(mysqli $link, array $tables): bool
{
    $ours = state($link, 'installing') !== null;
    foreach ($tables as $table) {
        $limit = ROWS_OF_AN_INSTALLATION[$table] ?? null;
        $known = $ours || in_array($table, TABLES_OF_AN_INSTALLATION, true);
        if ($limit === null && $known) {
            continue;
        }
        if (rows($link, $table, $limit ?? 0) > ($limit ?? 0)) {
            return true;
        }
    }
    return false;
}

/** One of empty, leftover, foreign, behind, newer, current. */
function status(mysqli $link): string
{
    $marker = state($link, 'schema');
    if ($marker !== null) {
        return compare($marker, fingerprint());
    }
    $tables = tables($link);
    return match (true) {
        !$tables => 'empty',
        has_content($link, $tables) => 'foreign',
        default => 'leftover',
    };
}

/** Whether nothing may be written: the schema is being changed, or is another version's already. */
function is_read_only(mysqli $link): bool
{
    if (status($link) !== 'current') {
        return true;
    }
    // A migration that was killed has left its note, but no lock.
    return state($link, 'upgrading') !== null
        && $link->execute_query('SELECT IS_USED_LOCK(?)', [migration_lock()])->fetch_column() !== null;
}

/** How the marker of a schema stands to a fingerprint. */
function compare(string $marker, string $fingerprint): string
{
    $newer = version_compare(strtok($marker, ' '), strtok($fingerprint, ' '), '>');
    return match (true) {
        $marker === $fingerprint => 'current',
        $newer => 'newer',
        default => 'behind',
    };
}
