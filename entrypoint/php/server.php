<?php
// Where people reach the site. Loaded into the application, so everything here has a namespace.
declare(strict_types=1);

namespace Berth;

/**
 * The URL that is set, or what the trusted proxy forwards: nginx lets no other request through. Jobs, which nobody
 * asked for, have SERVER_FALLBACK.
 */
function server_url(string $setting): string
{
    return match (true) {
        $setting !== 'forwarded' => $setting,
        PHP_SAPI === 'cli' => getenv('SERVER_FALLBACK'),
        default => "$_SERVER[REQUEST_SCHEME]://$_SERVER[HTTP_HOST]",
    };
}
