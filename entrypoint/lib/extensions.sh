# Plugins and themes on the shared files, where a site's settings say `files: extensions`.
# What happens is in php/extensions/; its workers end with the process that this starts.

extensions_line=

extensions_shared() {
  [[ ${FILES_MODE:-uploads} == extensions ]]
}

# FPM includes it: in this mode people who administrate have a pool of their own.
extensions_write() {
  local pools=
  ! extensions_shared || pools="include = $BERTH_APP/admin-pool.conf"
  echo "$pools" >"$BERTH_RUN/pools.conf"
}

extensions_run() {
  interruptible setpriv --pdeathsig KILL php -d memory_limit=512M "$BERTH_LIB/php/extensions/command.php" "$1"
}

# The volume's present generation, as the first line of one small file; empty when it cannot be read.
_extensions_read() {
  IFS= read -r line <"$BERTH_FILES/extensions/.berth" || line=
} 2>/dev/null

_extensions_current() {
  readlink "$BERTH_CACHE/extensions/current" || true
}

# FPM starts itself anew on USR2, without dropping a request: its OPcache never looks at files again. It writes
# its number once more when the last request of the former generation has ended.
_extensions_reload() {
  local pid tries
  [[ -s $BERTH_RUN/php-fpm.pid ]] || return 0
  pid=$(<"$BERTH_RUN/php-fpm.pid")
  : >"$BERTH_RUN/reloading"
  if ! kill -USR2 "$pid" 2>/dev/null; then
    log "extensions: no PHP-FPM has number $pid"
    return
  fi
  for ((tries = 0; tries < ${EXTENSIONS_RELOAD_SECONDS:-30} * 5; tries++)); do
    [[ ! $BERTH_RUN/php-fpm.pid -nt $BERTH_RUN/reloading ]] || return 0
    interruptible sleep 0.2
  done
}

# What nginx keeps was made by the former generation. A page that is being written has a dot in its name.
_extensions_forget_pages() {
  [[ -d $BERTH_CACHE/pages ]] || return 0
  find "$BERTH_CACHE/pages" -ignore_readdir_race -type f -regex '.*/[0-9a-f]+' -delete ||
    log "extensions: pages of the former generation were left in $BERTH_CACHE/pages"
}

# Copies a new generation here and reloads. One that fails is tried again at the next look.
extensions_look() {
  local line before
  _extensions_read
  [[ -n $line && $line != "$extensions_line" ]] || return 0
  before=$(_extensions_current)
  extensions_run materialise || return 0
  extensions_line=$line
  [[ $(_extensions_current) != "$before" ]] || return 0
  _extensions_reload
  _extensions_forget_pages
}
