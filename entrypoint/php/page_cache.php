<?php
// What nginx may keep of an answer: nothing, unless X-Accel-Expires says until when.
// Loaded into the application, so everything here has a namespace.
declare(strict_types=1);

namespace Berth;

// One kept copy answers everybody who has no session: an answer that depends on more is not kept.
const KEPT_APART = ['accept-encoding', 'authorization', 'cookie'];
const KEPT_STATUSES = [200, 301, 302, 404];

/** The setting in seconds, 0 when there is no page cache. */
function page_cache_seconds(): int
{
    return (int)getenv('PAGE_CACHE_SECONDS');
}

/**
 * Tell nginx with every answer until when it may be kept. PHP knows one such callback only: $before is the
 * application's own. $unsaid: seconds for answers without Cache-Control.
 */
function offer_to_page_cache(?callable $before = null, int $unsaid = 0): void
{
    header_register_callback(static function () use ($before, $unsaid): void {
        if ($before !== null) {
            $before();
        }
        $seconds = seconds_to_keep(headers_list(), (int)http_response_code(), page_cache_seconds(), $unsaid);
        header('X-Accel-Expires: ' . expiry($seconds, $_SERVER['REQUEST_TIME']));
    });
}

/** Counted from when the request came, for the answer shows what was true then; nginx rounds up by a second. */
function expiry(int $seconds, int $began): string
{
    return $seconds > 0 ? '@' . ($began + $seconds - 1) : '0';
}

/** How long an answer may be kept: what its headers allow, never longer than the setting. */
function seconds_to_keep(array $headers, int $status, int $setting, int $unsaid): int
{
    $lines = by_name($headers);
    $apart = array_diff(tokens($lines['vary'] ?? ''), KEPT_APART);
    if ($apart || isset($lines['set-cookie']) || !in_array($status, KEPT_STATUSES, true)) {
        return 0;
    }
    return min($setting, isset($lines['cache-control']) ? allowed($lines['cache-control']) : $unsaid);
}

/** Seconds that a Cache-Control header grants a cache that people share. */
function allowed(string $control): int
{
    $directives = tokens($control);
    if (preg_grep('/^(private|no-cache|no-store)\b/', $directives)) {
        return 0;
    }
    foreach (['s-maxage', 'max-age'] as $name) {
        foreach (preg_grep("/^$name=/", $directives) as $directive) {
            return (int)trim(substr($directive, strlen($name) + 1), '"');
        }
    }
    return 0;
}

/** Values of the headers by their names in small letters, those of one name joined. */
function by_name(array $headers): array
{
    $lines = [];
    foreach ($headers as $header) {
        [$name, $value] = explode(':', $header, 2);
        $name = strtolower($name);
        $lines[$name] = isset($lines[$name]) ? "$lines[$name],$value" : $value;
    }
    return $lines;
}

/** The parts of a list with commas between. */
function tokens(string $list): array
{
    return array_filter(array_map(trim(...), explode(',', strtolower($list))), strlen(...));
}
