<?php
// Usage: fpm.php SCRIPT: have the application's workers run a script, and print what it prints. A minimal
// client of FastCGI, for the image has none.
function record(int $type, string $content): string
{
    return pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
}

function pair(string $name, string $value): string
{
    return pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
}

$parameters = pair('SCRIPT_FILENAME', $argv[1]) . pair('REQUEST_METHOD', 'GET') . pair('SCRIPT_NAME', '/x.php');
$fpm = fsockopen('unix:///run/berth/php.sock');
fwrite($fpm, record(1, pack('nCx5', 1, 0)) . record(4, $parameters) . record(4, '') . record(5, ''));
$output = '';
do {
    $head = unpack('Cversion/Ctype/nid/nlength/Cpadding', stream_get_contents($fpm, 8));
    $content = (string)stream_get_contents($fpm, $head['length'] + $head['padding']);
    $output .= $head['type'] === 6 ? substr($content, 0, $head['length']) : '';
} while ($head['type'] !== 3);
echo explode("\r\n\r\n", $output, 2)[1];
