<?php
// The page cache of nginx is what MediaWiki calls a CDN: it is told what may be kept, and what to forget.
if (!defined('MEDIAWIKI')) {
    exit;
}

require_once '/usr/local/lib/berth/php/page_cache.php';

$wgUseCdn = Berth\page_cache_seconds() > 0;
$wgCdnMaxAge = Berth\page_cache_seconds();
$wgAutoloadClasses['PurgeRelayer'] = __DIR__ . '/../PurgeRelayer.php';
$wgEventRelayerConfig['cdn-url-purges'] = ['class' => 'PurgeRelayer'];
// MediaWiki's own callback has been registered already, and PHP keeps only the last.
Berth\offer_to_page_cache([MediaWiki\Request\HeaderCallback::class, 'callback']);
