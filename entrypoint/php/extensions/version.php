<?php
// Versions as WordPress reads them: a header in the plugin's main file or in the theme's style.css.
declare(strict_types=1);

namespace Berth\Extensions;

const HEADER_BYTES = 8192;

/** A header's value, or '' where the file has none. */
function header_of(string $path, string $header): string
{
    $start = file_get_contents($path, length: HEADER_BYTES);
    $found = preg_match('/^(?:[ \t]*<\?php)?[ \t\/*#@]*' . $header . ':(.*)$/mi', $start, $match);
    return $found ? trim(preg_replace('/\s*(?:\*\/|\?>).*/', '', $match[1])) : '';
}

/** Path of the file that carries the version, inside the extension: '' is the extension itself, null none. */
function main_file(string $root, string $name, array $files): ?string
{
    if (isset($files[''])) {
        return '';
    }
    if (str_starts_with($name, 'themes/')) {
        return isset($files['style.css']) ? 'style.css' : null;
    }
    // A file called 7 is the number 7 among an array's keys.
    foreach (array_map(strval(...), array_keys($files)) as $path) {
        if (preg_match('/^[^\/]+\.php$/', $path) && header_of("$root/$name/$path", 'Plugin Name') !== '') {
            return $path;
        }
    }
    return null;
}
