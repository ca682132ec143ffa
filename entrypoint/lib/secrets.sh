# Secrets leave the environment for files that only this user reads: what is in the environment
# shows in /proc, in crash dumps and in every child process.

secret_names=(
  DATABASE_USER
  DATABASE_PASSWORD
  DATABASE_ADMIN_USER
  DATABASE_ADMIN_PASSWORD
  SMTP_USER
  SMTP_PASSWORD
  CACHE_PASSWORD
  "${APP_SERVING_SECRETS[@]}"
  "${APP_INSTALL_SECRETS[@]}"
)

# From the first command on: what the entrypoint itself starts inherits none.
secrets_hide() {
  export -n "${secret_names[@]}"
}

secret_path() {
  echo "$BERTH_RUN/secrets/$1"
}

# By rename: a reader sees the old value or the new one, and a restart replaces it.
_secret_write() {
  local path
  path=$(secret_path "$1")
  rm -f "$path.new"
  (umask 0377 && printf '%s' "$2" >"$path.new")
  mv -f "$path.new" "$path"
}

secrets_store() {
  local name env_value
  for name in "${secret_names[@]}"; do
    file_env "$name"
    [[ -z $env_value ]] || _secret_write "$name" "$env_value"
    unset "$name" "${name}_FILE"
  done
  env_check
}

secret_require() {
  local name
  for name in "$@"; do
    [[ -s $(secret_path "$name") ]] || env_problems+=("$name: not set; set $name or ${name}_FILE")
  done
}

secret_exists() {
  [[ -s $(secret_path "$1") ]]
}

# A long-running process keeps no secret that it does not need.
secrets_forget() {
  local name
  for name in "$@"; do
    rm -f "$(secret_path "$name")"
  done
}
