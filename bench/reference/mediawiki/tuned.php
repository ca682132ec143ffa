<?php
// One server: APCu is the fastest place, messages lie in files, jobs are cron's.
$wgMainCacheType = CACHE_ACCEL;
$wgMessageCacheType = CACHE_ACCEL;
$wgSessionCacheType = CACHE_ACCEL;
$wgParserCacheType = CACHE_ACCEL;
$wgCacheDirectory = '/var/cache/mediawiki';
$wgJobRunRate = 0;
