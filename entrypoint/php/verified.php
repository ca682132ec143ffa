<?php
// Prepended to MediaWiki's installer, which asks for TLS but knows no authority and so believes any
// server. MediaWiki's own code finds this function before PHP's, for it calls it without a backslash.
declare(strict_types=1);

namespace Wikimedia\Rdbms;

/** A connection that verifies the server by DATABASE_TLS_CA. */
function mysqli_init(): \mysqli
{
    return new class extends \mysqli {
        /** Name the authority where the caller names none. */
        public function ssl_set(?string $key, ?string $certificate, ?string $authority, ?string $folder, ?string $ciphers): true
        {
            return parent::ssl_set($key, $certificate, $authority ?? getenv('DATABASE_TLS_CA'), $folder, $ciphers);
        }
    };
}
