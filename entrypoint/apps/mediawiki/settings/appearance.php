<?php
// What a wiki looks like.
if (!defined('MEDIAWIKI')) {
    exit;
}

if (getenv('MEDIAWIKI_LOGO')) {
    $wgLogos = ['1x' => getenv('MEDIAWIKI_LOGO'), 'icon' => getenv('MEDIAWIKI_LOGO')];
}
