<?php
// Optional features that are baked into the image: pictures drawn of SVG files, and of the pages of PDF files.
if (!defined('MEDIAWIKI')) {
    exit;
}

$wgFileExtensions = array_values(array_unique([...$wgFileExtensions, ...$berthBaked['features']]));
// What a stranger uploads must not keep a worker busy for longer than a request may last.
$wgMaxShellTime = 30;
$wgMaxShellWallClockTime = 60;

// A drawing that comes out of a pipe has no folder, so it can name no other file of the server.
$wgSVGConverters['rsvg'] = 'rsvg-convert --width $width --height $height --output $output < $input';
$wgSVGConverter = 'rsvg';
// Without a converter the browser draws it.
$wgSVGNativeRendering = !in_array('svg', $berthBaked['features'], true);

$wgPdfProcessor = '/usr/local/lib/berth/pdf/choose';
$wgPdfPostProcessor = '/usr/local/lib/berth/pdf/draw';
$wgPdfHandlerJpegQuality = 85;
