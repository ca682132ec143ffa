#!/usr/bin/env bash
# Usage: unpack.sh ARCHIVE FOLDER: unpack a .zip or .tar.gz, whose one folder gets the name of FOLDER.
set -Eeuo pipefail

# By what it begins with: gzip would take a .zip of one file for its own.
_unpack() {
  if [[ $(head -c 2 "$1") == PK ]]; then
    python3 -m zipfile -e "$1" "$2"
  else
    tar -xzf "$1" -C "$2"
  fi
}

_main() {
  local archive=$1 folder=$2 scratch held
  scratch=$(mktemp -d)
  _unpack "$archive" "$scratch"
  held=("$scratch"/*)
  if ((${#held[@]} != 1)) || [[ ! -d ${held[0]} ]]; then
    echo "unpack: the archive of ${folder##*/} must hold one folder" >&2
    return 1
  fi
  chown -R root:root "${held[0]}"
  chmod -R u=rwX,go=rX "${held[0]}"
  mv --no-target-directory "${held[0]}" "$folder"
  rm -rf "$scratch"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  _main "$@"
fi
