<?php
// Print the URL of this task: http:// and the first IPv4 address of the container's network, which ECS knows.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
declare(strict_types=1);

require __DIR__ . '/say.php';

use function Berth\fail;

const METADATA_WAIT_SECONDS = 15;

/** The first IPv4 address in what the endpoint says of the container, or null. */
function first_address(string $container): ?string
{
    $networks = json_decode($container, true)['Networks'] ?? [];
    $addresses = array_merge(...array_map(static fn (array $network): array => $network['IPv4Addresses'] ?? [], $networks));
    return filter_var($addresses[0] ?? '', FILTER_VALIDATE_IP, FILTER_FLAG_IPV4) ?: null;
}

/** Ask once: [address, null], or [null, why there is none]. */
function ask(string $endpoint): array
{
    // The warning, which says what is wrong, is read below.
    $container = @file_get_contents($endpoint, context: stream_context_create(['http' => ['timeout' => 2]]));
    if ($container === false) {
        return [null, preg_replace('/^.*: /', '', error_get_last()['message'])];
    }
    $address = first_address($container);
    return [$address, $address === null ? 'it names no IPv4 address' : null];
}

/** Ask until there is an address: just after the start the network may not be known yet. */
function main(): void
{
    $endpoint = getenv('ECS_CONTAINER_METADATA_URI_V4');
    $endpoint || fail('the site\'s address is to come from the task metadata endpoint, and ECS_CONTAINER_METADATA_URI_V4'
        . ' names none; that is set in tasks of ECS only');
    $deadline = microtime(true) + (int)(getenv('METADATA_WAIT_SECONDS') ?: METADATA_WAIT_SECONDS);
    for ($pause = 0.25; ; $pause *= 2) {
        [$address, $why] = ask($endpoint);
        if ($address !== null) {
            break;
        }
        microtime(true) + $pause < $deadline || fail("the task metadata endpoint $endpoint gives no address: $why");
        usleep((int)($pause * 1_000_000));
    }
    echo "http://$address:8080\n";
}

main();
