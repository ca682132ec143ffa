# MediaWiki's own maintenance scripts, which must not outlive the process that asked for them.

mediawiki=/usr/share/mediawiki

maintenance() {
  setpriv --pdeathsig KILL php -d memory_limit=512M ${php_options[@]+"${php_options[@]}"} "$mediawiki/maintenance/run.php" "$@"
}

# MediaWiki 1.43's installer stops where it finds settings and writes some where it does not: it
# is pointed at an empty folder, and what it writes there is thrown away.
maintenance_install() {
  local scratch php_options=()
  scratch=$(mktemp -d)
  [[ -z $DATABASE_TLS_CA ]] || php_options=(-d auto_prepend_file="$BERTH_LIB/php/verified.php")
  MW_CONFIG_FILE=$scratch/LocalSettings.php maintenance install \
    --dbtype mysql --dbserver "$DATABASE_HOST:$DATABASE_PORT" --dbname "$DATABASE_NAME" \
    --dbuser "$(<"$(secret_path DATABASE_USER)")" --dbpassfile "$(secret_path DATABASE_PASSWORD)" \
    ${DATABASE_TLS_CA:+--dbssl} --passfile "$(secret_path MEDIAWIKI_ADMIN_PASSWORD)" \
    --server "$SERVER_FALLBACK" --scriptpath '' --lang "$MEDIAWIKI_LANGUAGE" --confpath "$scratch" \
    "$MEDIAWIKI_SITENAME" "$(<"$(secret_path MEDIAWIKI_ADMIN_USER)")" >&2
  rm -rf "$scratch"
}

maintenance_update() {
  maintenance update --quick --skip-external-dependencies >&2
}
