<?php
// What the entrypoint's own scripts have to say. Loaded into the application too, so it has a namespace.
declare(strict_types=1);

namespace Berth;

/** A message on standard error, in the form of the shell's. */
function say(string $message): void
{
    $line = ['time' => date('Y-m-d\TH:i:sO'), 'source' => 'berth', 'message' => $message];
    fwrite(STDERR, json_encode($line, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE) . "\n");
}

/** End with one clear sentence. */
function fail(string $message): never
{
    say("error: $message");
    exit(1);
}
