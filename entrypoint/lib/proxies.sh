# The load balancer's addresses as nginx wants them: whose X-Forwarded-* headers count.

_proxies_render() {
  local proxy
  echo "geo \$realip_remote_addr \$proxy_trusted {"
  echo "  default 0;"
  for proxy in "$@"; do
    echo "  $proxy 1;"
  done
  echo "}"
  for proxy in "$@"; do
    echo "set_real_ip_from $proxy;"
  done
}

proxies_write() {
  local proxies
  IFS=, read -ra proxies <<<"$TRUSTED_PROXIES"
  _proxies_render "${proxies[@]}" >"$BERTH_RUN/proxies.conf"
}
