# What every script has. Messages are lines of JSON on standard error: standard output belongs to the access log.

# One message of SOURCE; what JSON has no short form for is left out.
log_line() {
  local text=${2//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  text=${text//$'\t'/\\t}
  printf '{"time":"%(%FT%T%z)T","source":"%s","message":"%s"}\n' -1 "$1" "${text//[[:cntrl:]]/}"
}

# Standard input in the same form; lines that have one of their own are kept.
log_lines() {
  local line
  while IFS= read -r line || [[ $line ]]; do
    case $line in
      '{"'*'}') printf '%s\n' "$line" ;;
      *) log_line "$1" "$line" ;;
    esac
  done
}

log() {
  log_line berth "$*" >&2
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
