<?php
// What WordPress' cache answers to each of its functions, as lines of JSON: with a server it must be what it is without.
declare(strict_types=1);

require '/usr/local/lib/berth/app/request.php';
require '/usr/share/wordpress/wp-load.php';

function tell(mixed ...$answers): void
{
    echo json_encode($answers), "\n";
}

wp_cache_flush();
foreach ([1, 0, -7, 2.5, '5', 'text', '', null, true, false, [1, ['a' => 'b']], (object) ['a' => 1]] as $number => $value) {
    tell(wp_cache_set("value$number", $value, 'test'));
    foreach ([false, true] as $force) {
        $got = wp_cache_get("value$number", 'test', $force, $found);
        tell(gettype($got), $got, $found);
    }
}
tell(wp_cache_get('lacking', 'test', false, $found), $found);
tell(wp_cache_add('once', 'first', 'test'), wp_cache_add('once', 'second', 'test'), wp_cache_get('once', 'test'));
tell(wp_cache_replace('never', 1, 'test'), wp_cache_replace('once', 'third', 'test'), wp_cache_get('once', 'test'));
tell(wp_cache_delete('once', 'test'), wp_cache_delete('once', 'test'), wp_cache_get('once', 'test'));

$many = ['a' => 1, 7 => 'seven', 'c' => ['list']];
tell(wp_cache_set_multiple($many, 'many'), wp_cache_get_multiple(['a', 7, 'c', 'd'], 'many'));
tell(wp_cache_add_multiple(['a' => 2, 'd' => 4], 'many'), wp_cache_get_multiple(['d', 'a'], 'many', true));
tell(wp_cache_delete_multiple(['a', 7, 'x'], 'many'), wp_cache_get_multiple(['a', 7, 'c'], 'many'));
tell(wp_cache_get_multiple([], 'many'), wp_cache_set_multiple([], 'many'), wp_cache_delete_multiple([], 'many'));

foreach ([3, '15', 'text', 2.0] as $number) {
    wp_cache_set('number', $number, 'test');
    tell(wp_cache_incr('number', 1, 'test'), wp_cache_incr('number', 10, 'test'), wp_cache_decr('number', 4, 'test'));
    tell(wp_cache_decr('number', 999, 'test'), (int) wp_cache_get('number', 'test', true));
}
tell(wp_cache_incr('lacking', 1, 'test'), wp_cache_decr('lacking', 1, 'test'));

tell(wp_cache_set(0, 'nought'), wp_cache_get(0), wp_cache_get('0', 'default'), wp_cache_set('', 'none'), wp_cache_get(''));
$one = (object) ['part' => 1];
wp_cache_set('object', $one, 'test');
$one->part = 2;
tell(wp_cache_get('object', 'test')->part);

wp_suspend_cache_addition(true);
tell(wp_cache_add('suspended', 1, 'test'), wp_cache_add_multiple(['suspended' => 1], 'test'));
wp_suspend_cache_addition(false);

wp_cache_add_non_persistent_groups(['alone']);
tell(wp_cache_set('here', 1, 'alone'), wp_cache_get('here', 'alone'), wp_cache_incr('here', 1, 'alone'));
tell(wp_cache_add('here', 1, 'alone'), wp_cache_replace('here', 9, 'alone'), wp_cache_delete('here', 'alone'));

// Blogs of a network share the groups that are global, and no others.
wp_cache_add_global_groups(['everywhere']);
wp_cache_set('key', 'of the first', 'everywhere');
wp_cache_set('key', 'of the first', 'test');
wp_cache_switch_to_blog(2);
tell(wp_cache_get('key', 'everywhere'), wp_cache_get('key', 'test'), wp_cache_set('key', 'of the second', 'test'));
wp_cache_switch_to_blog(1);
tell(wp_cache_get('key', 'test', true));

wp_cache_set('kept', 1, 'other');
tell(wp_cache_flush_group('test'), wp_cache_get('key', 'test'), wp_cache_get('kept', 'other'));
tell(wp_cache_flush(), wp_cache_get('kept', 'other'));
foreach (['add_multiple', 'set_multiple', 'get_multiple', 'delete_multiple', 'flush_runtime', 'flush_group', 'x'] as $part) {
    tell(wp_cache_supports($part));
}
tell(wp_cache_close());
