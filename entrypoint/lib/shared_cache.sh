# The cache that replicas share, Valkey or Redis at CACHE_HOST; without one they share what is in the database.

shared_cache_defaults() {
  env_default CACHE_HOST ''
  env_default CACHE_PORT 6379
  env_default CACHE_TLS 1
  env_default CACHE_TLS_CA ''
  # Whom OpenSSL believes besides the system's authorities, which lie in a folder.
  [[ -z $CACHE_TLS_CA ]] || export SSL_CERT_FILE=$CACHE_TLS_CA
}

shared_cache_validate() {
  [[ $CACHE_HOST ]] || return 0
  env_match CACHE_HOST '[A-Za-z0-9._-]+' 'a host name'
  env_match CACHE_PORT '[0-9]{1,5}' 'a port number'
  env_match CACHE_TLS '[01]' '1 for verified TLS, or 0'
  env_readable CACHE_TLS_CA
}

# What was cached before a migration need not be understood after it.
shared_cache_forget() {
  [[ -z ${CACHE_HOST:-} ]] || interruptible php "$BERTH_LIB/php/forget.php"
}
