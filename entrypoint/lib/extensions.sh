# Plugins and themes on the shared files, where a site's settings say `files: extensions`.
# What happens is in php/extensions/; its workers end with the process that this starts.

extensions_line=

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

# FPM starts itself anew on USR2, without dropping a request: its OPcache never looks at files again.
_extensions_reload() {
  local pid
  { read -r pid <"$BERTH_RUN/php-fpm.pid"; } 2>/dev/null || return 0
  kill -USR2 "$pid" 2>/dev/null || log "extensions: no PHP-FPM has number $pid"
}

# Copies a new generation here and reloads. One that fails is tried again at the next look.
extensions_look() {
  local line before
  _extensions_read
  [[ -n $line && $line != "$extensions_line" ]] || return 0
  before=$(_extensions_current)
  extensions_run materialise || return 0
  extensions_line=$line
  [[ $(_extensions_current) == "$before" ]] || _extensions_reload
}
