<?php
// Added to what the installer writes: the wiki that Berth's image is compared with shows the same.
$wgDefaultSkin = 'vector-2022';
$wgEnableUploads = true;
