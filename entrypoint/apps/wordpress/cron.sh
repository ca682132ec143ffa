#!/usr/bin/env bash
# What is due, blog by blog; php/locked.php holds the lock and runs this as its child.
set -Eeuo pipefail

: "${BERTH_LIB:=/usr/local/lib/berth}"
for part in log env app; do
  # shellcheck source=/dev/null
  . "$BERTH_LIB/lib/$part.sh"
done

_main() {
  local blogs blog
  blogs=$(wordpress_blogs)
  for blog in $blogs; do
    wordpress cron "$blog" || log "what was due at $blog ended with status $?"
  done
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  _main
fi
