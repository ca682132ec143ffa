<?php
// WordPress' connection, which can be told to use TLS but knows no authority and so believes any server.
declare(strict_types=1);

if (getenv('DATABASE_TLS_CA')) {
    $wpdb = new class(DB_USER, DB_PASSWORD, DB_NAME, DB_HOST) extends wpdb {
        /** The connection; each new one is told the authority before it is made. */
        protected $dbh {
            set($link) {
                if ($link instanceof mysqli) {
                    $link->ssl_set(null, null, getenv('DATABASE_TLS_CA'), null, null);
                }
                $this->dbh = $link;
            }
        }
    };
}
