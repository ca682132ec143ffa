#!/usr/bin/env bash
# Usage: languages.sh FOLDER LANGUAGE…: fetch Debian's translations of WordPress, keep those of the languages.
set -Eeuo pipefail

# Prints every file of a language; German is de_DE here, and nobody asked for one country only.
_translations() {
  find "$1" -regextype posix-extended -iregex ".*/(admin-|admin-network-|continents-cities-)?${2//-/_}(_[a-z]+)?\\.mo"
}

_keep() {
  local from=$1 to=$2 language=$3 found
  mapfile -t found < <(_translations "$from" "$language")
  if ((${#found[@]} == 0)); then
    echo "languages: Debian has no translation of WordPress for $language" >&2
    return 1
  fi
  install -m 0644 -t "$to" "${found[@]}"
}

_main() {
  local to=$1 scratch language
  shift
  scratch=$(mktemp -d)
  (cd "$scratch" && apt-get download -qq wordpress-l10n && dpkg-deb --extract ./*.deb .)
  for language in "$@"; do
    _keep "$scratch/usr/share/wordpress/wp-content/languages" "$to" "$language"
  done
  rm -rf "$scratch"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  _main "$@"
fi
