<?php
// A private wiki: only people with an account read, and only they hand out accounts. nginx asks
// img_auth.php for every upload then.
if (!defined('MEDIAWIKI')) {
    exit;
}

if (getenv('MEDIAWIKI_PRIVATE') === '1') {
    foreach (['read', 'edit', 'createaccount'] as $right) {
        $wgGroupPermissions['*'][$right] = false;
    }
    // img_auth.php makes no thumbnails.
    $wgGenerateThumbnailOnParse = true;
}
