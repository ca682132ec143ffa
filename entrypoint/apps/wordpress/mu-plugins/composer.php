<?php
/**
 * Plugin Name: Berth: Composer packages
 * Description: Plugins and themes find the packages that are baked into the image.
 */
declare(strict_types=1);

foreach ((require '/usr/local/share/berth/baked.php')['autoload'] as $berthAutoload) {
    require_once $berthAutoload;
}
unset($berthAutoload);
