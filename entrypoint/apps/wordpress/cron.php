<?php
// Usage: cron.php URL: do what is due at a blog, by WordPress' own rules.
declare(strict_types=1);

require __DIR__ . '/request.php';
require '/usr/share/wordpress/wp-cron.php';
