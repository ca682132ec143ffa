<?php
// Against floods of spam. Each is a number of times in so many seconds, counted in the cache that replicas share;
// administrators and robots with the right `noratelimit` are not counted. Log-ins: see nginx, and MediaWiki's own.
if (!defined('MEDIAWIKI')) {
    exit;
}

// New is who has been here for less than four days, or has made fewer than ten edits: MediaWiki's own default
// knows nobody as new.
$wgAutoConfirmAge = 4 * 86400;
$wgAutoConfirmCount = 10;

foreach (['ip', 'newbie'] as $berthWho) {
    $wgRateLimits['edit'][$berthWho] = [8, 60];
    $wgRateLimits['create'][$berthWho] = [5, 300];
}
unset($berthWho);

$wgRateLimits['mailpassword']['ip'] = [5, 3600];
$wgAccountCreationThrottle = [['count' => 6, 'seconds' => 86400]];
