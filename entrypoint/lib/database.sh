# The database, through PHP: the mariadb client would bring 64 MB and perl.

# A PHP with what these scripts use and nothing more, which begins in a quarter of the time: neither php.ini
# nor the application's extensions.
small_php=(
  php -n -d display_errors=0 -d log_errors=1 -d zend.exception_ignore_args=1
  -d extension=mysqlnd -d extension=mysqli -d extension=curl
)

berth_php() {
  local script=$1
  shift
  interruptible "${small_php[@]}" "$BERTH_LIB/php/$script.php" "$@"
}

# Returns once ROLE (admin or application) can log in; fails at the deadline with the last error.
database_wait() {
  berth_php wait "$1"
}

# Prints what the schema is: empty, leftover, foreign, behind, newer or current.
schema_status() {
  berth_php schema status
}
