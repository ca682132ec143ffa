<?php
// Print the URL of each blog, one a line: one, unless the site is a network.
declare(strict_types=1);

require (getenv('BERTH_LIB') ?: '/usr/local/lib/berth') . '/php/connection.php';
require_once (getenv('BERTH_LIB') ?: '/usr/local/lib/berth') . '/php/server.php';

/** Addresses of the network's blogs, the main one first. */
function blogs(string $scheme): array
{
    $rows = connect('application')->query(
        "SELECT CONCAT('$scheme://', domain, path) FROM wp_blogs WHERE deleted = 0 AND archived = '0' ORDER BY blog_id"
    );
    return array_column($rows->fetch_all(), 0);
}

$url = Berth\server_url(getenv('WORDPRESS_URL'));
echo implode("\n", getenv('WORDPRESS_MULTISITE') ? blogs(parse_url($url, PHP_URL_SCHEME)) : [$url]), "\n";
