<?php
// Asking every replica to forget pages that have changed. Best effort: the page cache's own limit is what
// counts. Loaded into the application, so everything here has a namespace.
declare(strict_types=1);

namespace Berth;

const REPLICAS_TABLE = 'berth_replicas';
// Asked through the application's own connection; one column of addresses with ports.
const LIVING_REPLICAS = 'SELECT address FROM ' . REPLICAS_TABLE . ' WHERE seen > NOW() - INTERVAL 60 SECOND';

// A replica that is gone may not hold up an edit for longer.
const CONNECT_MILLISECONDS = 300;
const ANSWER_MILLISECONDS = 1000;

/**
 * Ask all of them at once to forget these addresses (scheme, host and path, as readers ask for them), or
 * everything when $urls is null; returns the replicas that did not obey.
 */
function fan_out(array $replicas, ?array $urls, string $secret): array
{
    $body = json_encode(['time' => time(), 'urls' => $urls], JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_SLASHES);
    $all = curl_multi_init();
    $calls = [];
    foreach ($replicas as $replica) {
        $calls[$replica] = call($replica, $body, $secret);
        curl_multi_add_handle($all, $calls[$replica]);
    }
    do {
        curl_multi_exec($all, $running);
    } while ($running && curl_multi_select($all, 0.1) >= 0);
    $answered = array_map(static fn ($call) => curl_getinfo($call, CURLINFO_RESPONSE_CODE), $calls);
    return array_keys(array_filter($answered, static fn (int $status) => $status !== 204));
}

/** One request, not sent yet. */
function call(string $replica, string $body, string $secret): \CurlHandle
{
    $call = curl_init("http://$replica/purge");
    curl_setopt_array($call, [
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => ['Content-Type: application/json', 'X-Berth-Signature: ' . signature($body, $secret)],
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT_MS => CONNECT_MILLISECONDS,
        CURLOPT_TIMEOUT_MS => ANSWER_MILLISECONDS,
        CURLOPT_PROXY => '',
    ]);
    return $call;
}

/** Proof that a body comes from somebody who knows the secret, which serves for nothing else this way. */
function signature(string $body, string $secret): string
{
    return hash_hmac('sha256', $body, hash_hmac('sha256', 'berth: forget pages', $secret));
}
