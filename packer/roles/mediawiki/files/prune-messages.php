<?php
// Usage: prune-messages.php ROOT LANGUAGE…: delete the message sources of every other language.
// A language is kept with those it falls back to. Prints how many files went.
declare(strict_types=1);

/** What a language's own file names as its fallbacks. */
function fallbacks(string $root, string $code): array
{
    $file = "$root/languages/messages/Messages" . str_replace('-', '_', ucfirst($code)) . '.php';
    $named = is_file($file) && preg_match('/^\$fallback\s*=\s*[\'"]([^\'"]+)/m', file_get_contents($file), $found);
    return $named ? array_map(trim(...), explode(',', $found[1])) : [];
}

/** The languages, with all they fall back to, and the documentation of messages never. */
function closure(string $root, array $codes): array
{
    $all = ['en' => true];
    while ($codes) {
        $code = array_pop($codes);
        if (!isset($all[$code]) || $code === 'en') {
            $all[$code] = true;
            array_push($codes, ...array_diff(fallbacks($root, $code), array_keys($all)));
        }
    }
    return $all;
}

/** Message sources: i18n folders hold one JSON file a language, at any depth. */
function sources(string $root): iterable
{
    $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($root, FilesystemIterator::SKIP_DOTS));
    foreach ($files as $file) {
        $path = $file->getPathname();
        if (str_contains($path, '/i18n/') && preg_match('~/[a-z]{2,3}(-[a-z0-9]+)*\.json$~', $path)) {
            yield $path;
        }
    }
}

/** Delete. */
function main(string $root, array $codes): void
{
    $kept = closure($root, $codes);
    $gone = array_filter(iterator_to_array(sources($root), false), fn ($path) => !isset($kept[basename($path, '.json')]));
    array_map(unlink(...), $gone);
    echo count($gone), "\n";
}

main($argv[1], array_slice($argv, 2));
