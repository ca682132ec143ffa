<?php
/**
 * Plugin Name: Berth: no XML-RPC
 * Description: It guesses passwords by the hundred in one request, and makes this server ask others. The web server has no way to it either.
 */
declare(strict_types=1);

add_filter('xmlrpc_enabled', '__return_false');
add_filter('xmlrpc_methods', '__return_empty_array');
add_filter('wp_headers', static fn (array $headers): array => array_diff_key($headers, ['X-Pingback' => '']));
add_filter('pings_open', '__return_false');
remove_action('wp_head', 'rsd_link');
