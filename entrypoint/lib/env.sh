# Reading and checking the environment. Problems are collected, so that all show at once.

: "${BERTH_RUN:=/run/berth}" "${BERTH_CACHE:=/var/cache/berth}" "${BERTH_FILES:=/srv/files}"
: "${BERTH_SHARE:=/usr/local/share/berth}"
env_problems=()

# Export NAME with a default where it is unset or empty.
env_default() {
  local name=$1
  export "$name=${!name:-$2}"
}

# Value of NAME or the contents of the file in NAME_FILE, into the variable env_value.
file_env() {
  local name=$1 path=$1_FILE
  env_value=${!name:-}
  [[ -n ${!path:-} ]] || return 0
  if [[ -n $env_value ]]; then
    env_problems+=("$name: set twice, as $name and as $path; set one of them")
  elif [[ ! -r ${!path} ]]; then
    env_problems+=("$path: cannot be read, got ${!path}; mount it readable for uid $UID")
  else
    env_value=$(<"${!path}")
  fi
}

env_match() {
  local name=$1 pattern=$2 allowed=$3
  [[ ${!name} =~ ^$pattern$ ]] || env_problems+=("$name: got ${!name@Q}; must be $allowed")
}

# A path that is set must be readable.
env_readable() {
  local name=$1
  [[ -z ${!name} || -r ${!name} ]] || env_problems+=("$name: cannot be read, got ${!name@Q}")
}

# What a job cannot do without.
env_require() {
  local name
  for name in "$@"; do
    [[ -n ${!name:-} ]] || env_problems+=("$name: not set")
  done
}

env_check() {
  local problem
  ((${#env_problems[@]})) || return 0
  for problem in "${env_problems[@]}"; do
    log "environment: $problem"
  done
  fail "the environment has ${#env_problems[@]} problem(s), see above"
}
