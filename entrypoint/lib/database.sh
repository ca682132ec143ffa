# The database, through PHP: the mariadb client would bring 64 MB and perl.

berth_php() {
  local script=$1
  shift
  interruptible php "$BERTH_LIB/php/$script.php" "$@"
}

# Returns once ROLE (admin or application) can log in; fails at the deadline with the last error.
database_wait() {
  berth_php wait "$1"
}

# Prints what the schema is: empty, leftover, foreign, behind, newer or current.
schema_status() {
  berth_php schema status
}
