<?php
/**
 * Plugin Name: Berth: upload limit
 * Description: One limit for the web server, PHP and WordPress; a network of blogs has one of its own, 1,500 KB at first.
 */
declare(strict_types=1);

add_filter('pre_site_option_fileupload_maxk', static fn (): int => (int) getenv('UPLOAD_MIB') * 1024);
