<?php
// Hands the addresses that MediaWiki wants purged to every replica.
declare(strict_types=1);

use MediaWiki\MediaWikiServices;
use Wikimedia\EventRelayer\EventRelayer;

require_once '/usr/local/lib/berth/php/fan_out.php';

/** Registered in $wgEventRelayerConfig for the channel cdn-url-purges. */
class PurgeRelayer extends EventRelayer
{
    /** Best effort: an edit never fails for a replica that does not answer. */
    protected function doNotify($channel, array $events): bool
    {
        $secret = MediaWikiServices::getInstance()->getMainConfig()->get('SecretKey');
        $silent = Berth\fan_out($this->replicas(), array_column($events, 'url'), $secret);
        if ($silent) {
            error_log('pages were not purged on ' . implode(', ', $silent));
        }
        return $silent === [];
    }

    /** Addresses of those that live; none before the first of them has announced itself. */
    private function replicas(): array
    {
        $database = MediaWikiServices::getInstance()->getConnectionProvider()->getPrimaryDatabase();
        // A query that fails would spoil the transaction it is part of.
        if (!$database->tableExists(Berth\REPLICAS_TABLE, __METHOD__)) {
            return [];
        }
        $rows = $database->query(Berth\LIVING_REPLICAS, __METHOD__, $database::QUERY_CHANGE_NONE);
        return array_column(iterator_to_array($rows), 'address');
    }
}
