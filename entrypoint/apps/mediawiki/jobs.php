<?php
// Return as soon as the database holds a job that nobody has taken, or after a while: MediaWiki then also takes back
// those whose taker died. MediaWiki itself could wait for jobs, but keeps 26 MB of memory busy with it.
declare(strict_types=1);

require __DIR__ . '/../php/connection.php';

const LOOK_SECONDS = 2;
const LONGEST_SECONDS = 900;

$link = connect('application');
$deadline = time() + LONGEST_SECONDS;
do {
    sleep(LOOK_SECONDS);
    $waiting = $link->query("SELECT 1 FROM job WHERE job_token = '' LIMIT 1")->num_rows > 0;
} while (!$waiting && time() < $deadline);
