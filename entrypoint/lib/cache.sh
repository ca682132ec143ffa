# The page cache of nginx: PAGE_CACHE_SECONDS is how long a page may be kept, 0 keeps none.

cache_write() {
  local zone=pages
  ((PAGE_CACHE_SECONDS)) || zone=off
  echo "map \"\" \$page_cache { default $zone; }" >"$BERTH_RUN/cache.conf"
}
