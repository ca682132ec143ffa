<?php
// Questions that a reader of the wiki can answer and a robot cannot: asked of who makes an account, adds an
// address of another site without being known, or fails to log in. The image has the extension where a site asks.
if (!defined('MEDIAWIKI')) {
    exit;
}

if (getenv('MEDIAWIKI_CAPTCHA')) {
    $wgCaptchaClass = 'QuestyCaptcha';
    $wgCaptchaQuestions = json_decode(getenv('MEDIAWIKI_CAPTCHA'), true);
    $wgGroupPermissions['autoconfirmed']['skipcaptcha'] = true;
}
