<?php
// Start WordPress on the command line, as if somebody had asked for the front page of a blog.
declare(strict_types=1);

require_once (getenv('BERTH_LIB') ?: '/usr/local/lib/berth') . '/php/server.php';

/** What the web server would say of a request for a URL. */
function berth_request(string $url): void
{
    $parts = parse_url($url);
    $_SERVER['HTTP_HOST'] = $parts['host'] . (isset($parts['port']) ? ":{$parts['port']}" : '');
    $_SERVER['SERVER_NAME'] = $parts['host'];
    $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
    $_SERVER['REQUEST_METHOD'] = 'GET';
    $_SERVER['REQUEST_URI'] = $parts['path'] ?? '/';
    $_SERVER['REMOTE_ADDR'] = '127.0.0.1';
    $_SERVER['PHP_SELF'] = $_SERVER['SCRIPT_NAME'] = '/index.php';
    if ($parts['scheme'] === 'https') {
        $_SERVER['HTTPS'] = 'on';
    }
}

berth_request($argv[1] ?? Berth\server_url(getenv('WORDPRESS_URL')));
