# Scripts that run inside WordPress, which must not outlive the process that asked for them.

# wordpress SCRIPT [URL of a blog]
wordpress() {
  local script=$1
  shift
  setpriv --pdeathsig KILL php -d memory_limit=512M "$BERTH_APP/$script.php" "$@" >&2
}

# The URL of each blog, one a line: one, unless the site is a network.
wordpress_blogs() {
  setpriv --pdeathsig KILL php "$BERTH_APP/blogs.php"
}
