<?php
// Ends with 0 when MEDIAWIKI_CAPTCHA is a JSON object of questions with their answers.
declare(strict_types=1);

$asked = json_decode((string)getenv('MEDIAWIKI_CAPTCHA'), true);
$whole = is_array($asked) && $asked && !array_is_list($asked)
    && array_filter($asked, static fn ($answer) => is_string($answer) && trim($answer) !== '') === $asked;
exit($whole ? 0 : 1);
