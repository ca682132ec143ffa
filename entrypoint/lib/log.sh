# What every script has. Messages go to standard error: standard output belongs to the access log.

log() {
  printf 'berth: %s\n' "$*" >&2
}

fail() {
  log "error: $*"
  exit 1
}

# Bash runs a trap only when the child in the foreground has ended, but interrupts a wait for it.
interruptible() {
  "$@" &
  wait $!
}
