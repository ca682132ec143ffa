<?php
// Reading objects of S3 with the task's own role; libcurl signs the request.
declare(strict_types=1);

use function Berth\fail;
use function Berth\say;

const S3_WAIT_SECONDS = 60;

/** One HTTP request: [status, headers, body]; status 0 with the reason as body where no whole answer came. */
function http_get(string $url, array $headers, array $options = []): array
{
    $found = [];
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CONNECTTIMEOUT => 5,
        CURLOPT_TIMEOUT => 20,
        CURLOPT_HEADERFUNCTION => function ($_, string $line) use (&$found): int {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $found[strtolower(trim($name))] = trim($value);
            return strlen($line);
        },
    ]);
    $body = curl_exec($curl);
    return $body === false ? [0, [], curl_error($curl)] : [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $found, $body];
}

/** Where the platform hands out the task's credentials, or '' where it does not. */
function credentials_url(): string
{
    $relative = getenv('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI');
    return $relative ? "http://169.254.170.2$relative" : (string)getenv('AWS_CONTAINER_CREDENTIALS_FULL_URI');
}

/** Access key, secret key and session token: the task's, or those in the environment. */
function aws_credentials(): array
{
    if (!($url = credentials_url())) {
        return array_map(strval(...), array_map(getenv(...), ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']));
    }
    $file = getenv('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE');
    $token = $file ? trim((string)file_get_contents($file)) : (string)getenv('AWS_CONTAINER_AUTHORIZATION_TOKEN');
    [$status, , $body] = http_get($url, $token ? ["Authorization: $token"] : []);
    $given = json_decode($body, true);
    return isset($given['SecretAccessKey']) ? [$given['AccessKeyId'], $given['SecretAccessKey'], $given['Token'] ?? ''] : ['', '', "$status"];
}

/** Address of an object: S3's in CONFIG_REGION, or that of AWS_ENDPOINT_URL. */
function s3_url(string $uri, string $version): string
{
    $endpoint = getenv('AWS_ENDPOINT_URL') ?: 'https://s3.' . getenv('CONFIG_REGION') . '.amazonaws.com';
    $path = implode('/', array_map(rawurlencode(...), explode('/', substr($uri, strlen('s3://')))));
    return "$endpoint/$path" . ($version === '' ? '' : '?versionId=' . rawurlencode($version));
}

/** Ask once. */
function s3_try(string $url): array
{
    [$key, $secret, $token] = aws_credentials();
    if ($key === '') {
        return [0, [], 'the task has no credentials'];
    }
    return http_get($url, $token === '' ? [] : ["x-amz-security-token: $token"], [
        CURLOPT_AWS_SIGV4 => 'aws:amz:' . getenv('CONFIG_REGION') . ':s3',
        CURLOPT_USERPWD => "$key:$secret",
    ]);
}

/** The object's content; ends the process with one clear sentence where it cannot be had in time. */
function s3_get(string $uri, string $etag, string $version): string
{
    $deadline = microtime(true) + (int)(getenv('CONFIG_WAIT_SECONDS') ?: S3_WAIT_SECONDS);
    for ($pause = 0.5; ; $pause *= 2) {
        [$status, $headers, $body] = s3_try(s3_url($uri, $version));
        if ($status === 200) {
            break;
        }
        $why = $status === 0 ? $body : "S3 answered $status";
        if (in_array($status, [400, 404], true) || microtime(true) + $pause > $deadline) {
            fail("$uri: cannot be read: $why");
        }
        say("$uri: $why; trying again");
        usleep((int)($pause * 1_000_000));
    }
    $found = trim($headers['etag'] ?? '', '"');
    if ($version === '' && $etag !== '' && $found !== $etag) {
        fail("$uri: has changed since it was applied (etag $found, applied $etag); run make apply, or keep versions in its bucket");
    }
    return $body;
}
