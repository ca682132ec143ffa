# The shared files: made ready once by whichever container comes first.
# No chown and no walk through the tree: on a network file system each operation is a round trip.

files_layout='layout 1'

# Also proves that the volume is neither read-only nor full: a shell redirect reports both.
_files_probe() {
  local probe=$BERTH_FILES/.berth-probe
  printf '%4096s' ' ' >"$probe" && rm -f "$probe"
}

# The first of the application's folders holds the others. One that a killed container left half-made
# is never published, only swept.
_files_publish() {
  local new=$BERTH_FILES/.berth-new.$BASHPID
  rm -rf "$BERTH_FILES"/.berth-new.*
  mkdir -p "${APP_FOLDERS[@]/#/$new/}" || return
  mv --no-target-directory "$new/${APP_FOLDERS[0]}" "$BERTH_FILES/${APP_FOLDERS[0]}"
  rmdir "$new"
}

# Somebody restored uploads before the first start: keep them, add what lacks.
_files_complete() {
  mkdir -p "${APP_FOLDERS[@]/#/$BERTH_FILES/}"
}

_files_seed() {
  if [[ -d $BERTH_FILES/${APP_FOLDERS[0]} ]]; then
    _files_complete
  else
    _files_publish
  fi
}

# The state is the content of the locked file: network file systems cache absent names, not this.
_files_locked() {
  local state
  _files_probe || return
  state=$(<"$BERTH_FILES/.berth")
  [[ $state != "$files_layout" ]] || return 0
  log "making the shared files ready in $BERTH_FILES"
  _files_seed || return
  printf '%s\n' "$files_layout" >"$BERTH_FILES/.berth"
}

files_prepare() {
  local lock
  { exec {lock}<>"$BERTH_FILES/.berth"; } ||
    fail "shared files: cannot write to $BERTH_FILES; mount it writable for uid $UID"
  flock --wait "${FILES_WAIT_SECONDS:-120}" "$lock" ||
    fail "shared files: another container holds $BERTH_FILES/.berth; gave up after ${FILES_WAIT_SECONDS:-120} s"
  _files_locked || fail "shared files: cannot write to $BERTH_FILES, see above; is it full or read-only?"
  exec {lock}>&-
}
