# Where people reach the site, in the variable that APP_SERVER names: a URL; `forwarded`, the host and protocol that a
# trusted proxy forwards; or `metadata`, this task's own address, which ECS knows.

server_defaults() {
  env_default "$APP_SERVER" http://localhost:8080
  # What no request asks for, such as the mail of a job, names an address too.
  env_default SERVER_FALLBACK http://localhost:8080
}

# Asked once, before anything looks at it.
server_resolve() {
  local address
  if [[ ${!APP_SERVER} == metadata ]]; then
    address=$(php "$BERTH_LIB/php/metadata.php")
    export "$APP_SERVER=$address"
  fi
  [[ ${!APP_SERVER} == forwarded ]] || export SERVER_FALLBACK=${!APP_SERVER}
}

server_validate() {
  local url='https?://[^/[:space:]]+'
  env_match "$APP_SERVER" "(forwarded|$url)" \
    'a URL without a path, such as https://www.example.org, or forwarded, or metadata'
  [[ ${!APP_SERVER} == forwarded ]] || return 0
  env_match SERVER_FALLBACK "$url" 'a URL without a path, such as https://www.example.org'
  [[ $TRUSTED_PROXIES ]] ||
    env_problems+=("TRUSTED_PROXIES: not set; with $APP_SERVER=forwarded they alone say what the address is")
}

# For nginx: whether it must turn away whoever does not come through a trusted proxy.
server_write() {
  local forwarded=0
  [[ ${!APP_SERVER} != forwarded ]] || forwarded=1
  echo "map \"\" \$server_forwarded { default $forwarded; }" >"$BERTH_RUN/server.conf"
}
