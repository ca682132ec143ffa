<?php
// Static: what differs between environments is read when a request starts, nothing is written at boot.
// The entrypoint has checked the environment and put the secrets into files.
if (!defined('MEDIAWIKI')) {
    exit;
}

$berthSecret = static function (string $name): string {
    $path = "/run/berth/secrets/$name";
    return is_readable($path) ? file_get_contents($path) : '';
};
require_once '/usr/local/lib/berth/php/server.php';
$berthBaked = require '/usr/local/share/berth/baked.php';
foreach ($berthBaked['autoload'] as $berthFile) {
    require_once $berthFile;
}

// Site
$wgSitename = getenv('MEDIAWIKI_SITENAME');
$wgServer = Berth\server_url(getenv('MEDIAWIKI_SERVER'));
$wgScriptPath = '';
$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;
$wgLanguageCode = getenv('MEDIAWIKI_LANGUAGE');
$wgLocaltimezone = getenv('MEDIAWIKI_TIMEZONE');
$wgReadOnly = getenv('MEDIAWIKI_READ_ONLY') ?: null;
// There while another version changes the schema.
$wgReadOnlyFile = '/run/berth/read-only';
$wgCookieSecure = str_starts_with($wgServer, 'https:') ? true : 'detect';
$wgPingback = false;

// Database
$berthAuthority = getenv('DATABASE_TLS_CA') ?: null;
$wgDBname = getenv('DATABASE_NAME');
$wgDBserver = getenv('DATABASE_HOST') . ':' . getenv('DATABASE_PORT');
$wgDBuser = $berthSecret('DATABASE_USER');
$wgDBpassword = $berthSecret('DATABASE_PASSWORD');
$wgDBTableOptions = 'ENGINE=InnoDB, DEFAULT CHARSET=binary';
$wgDBservers = [[
    'type' => 'mysql',
    'host' => $wgDBserver,
    'dbname' => $wgDBname,
    'user' => $wgDBuser,
    'password' => $wgDBpassword,
    'load' => 1,
    'flags' => DBO_DEFAULT,
    'ssl' => $berthAuthority !== null,
    'sslCAFile' => $berthAuthority,
]];

// Security
$wgSecretKey = $berthSecret('MEDIAWIKI_SECRET_KEY');
$wgUpgradeKey = false;
$wgShowExceptionDetails = false;
$wgShowHostnames = false;
// Readers see none of it; the log has it.
$wgDebugLogGroups = ['exception' => 'php://stderr', 'error' => 'php://stderr'];
$wgDBerrorLog = 'php://stderr';

// Caches: any container may answer any request, so what they share is in the database, or where there is one in
// Valkey; MediaWiki itself takes APCu for what is local to a server.
$wgMainCacheType = CACHE_DB;
$wgMessageCacheType = CACHE_DB;
// A copy in APCu, checked by a hash in the shared one: a page view takes a third less time.
$wgUseLocalMessageCache = true;
$wgParserCacheType = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
require __DIR__ . '/settings/shared_cache.php';
$wgCacheDirectory = '/var/cache/berth/mediawiki';
$wgLocalisationCacheConf['store'] = 'array';
$wgLocalisationCacheConf['storeDirectory'] = '/usr/local/share/berth/messages';
$wgLocalisationCacheConf['manualRecache'] = true;

// Pages for readers without a session are kept by nginx, see settings/page_cache.php.
require __DIR__ . '/settings/page_cache.php';

// Jobs run in a process of their own, never at the end of a page view.
$wgJobRunRate = 0;

// Files
$wgTmpDirectory = '/tmp';
$wgEnableUploads = true;
$wgUploadDirectory = '/srv/files/images';
$wgUploadPath = '/images';
$wgMaxUploadSize = (int)getenv('UPLOAD_MIB') * 1024 * 1024;
$wgFileExtensions = explode(',', getenv('MEDIAWIKI_UPLOAD_TYPES') ?: 'png,gif,jpg,jpeg,webp');
$wgUseImageMagick = false;
// Thumbnails are made by thumb_handler.php when first asked for.
$wgGenerateThumbnailOnParse = false;

$wgDefaultSkin = $berthBaked['default_skin'];
wfLoadSkins($berthBaked['skins']);
wfLoadExtensions($berthBaked['extensions']);

require __DIR__ . '/settings/appearance.php';
require __DIR__ . '/settings/features.php';
require __DIR__ . '/settings/mail.php';
require __DIR__ . '/settings/private.php';
require __DIR__ . '/settings/captcha.php';
require __DIR__ . '/settings/rate_limits.php';

// Further settings, fetched from S3 when the container started; the last word is the owner's.
foreach (glob('/run/berth/settings/*.php') as $berthFile) {
    require $berthFile;
}
unset($berthFile, $berthSecret, $berthBaked, $berthAuthority);
