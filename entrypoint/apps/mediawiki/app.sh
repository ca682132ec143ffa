# MediaWiki's own part of the entrypoint: its settings, secrets, shared folders, and how it is installed.

# shellcheck source=entrypoint/apps/mediawiki/maintenance.sh
. "$BERTH_APP/maintenance.sh"

# shellcheck disable=SC2034 # the shared half reads them
{
  APP_SERVING_SECRETS=(MEDIAWIKI_SECRET_KEY)
  APP_INSTALL_SECRETS=(MEDIAWIKI_ADMIN_USER MEDIAWIKI_ADMIN_PASSWORD)
  APP_FOLDERS=(images images/archive images/deleted images/lockdir images/temp images/thumb)
}

app_defaults() {
  env_default DATABASE_NAME wiki
  env_default MEDIAWIKI_SERVER http://localhost:8080
  env_default MEDIAWIKI_SITENAME Wiki
  env_default MEDIAWIKI_LANGUAGE en
  env_default MEDIAWIKI_TIMEZONE UTC
  env_default MEDIAWIKI_READ_ONLY ''
}

# Messages are compiled into the image: of another language none could be shown.
_validate_language() {
  [[ -e $BERTH_SHARE/messages/$MEDIAWIKI_LANGUAGE.l10n.php ]] ||
    env_problems+=("MEDIAWIKI_LANGUAGE: not baked into this image, got $MEDIAWIKI_LANGUAGE; build it with that language")
}

app_validate() {
  env_match MEDIAWIKI_SERVER 'https?://[^/[:space:]]+' 'a URL without a path, such as https://wiki.example.org'
  env_match MEDIAWIKI_LANGUAGE '[a-z]+(-[a-z0-9]+)*' 'a language code, such as en'
  _validate_language
}

app_prepare() {
  mkdir -p "$BERTH_CACHE/mediawiki"
}

app_install() {
  maintenance_install
  maintenance_update
}

app_upgrade() {
  maintenance_update
}

# MediaWiki stops it after a database error, in read-only mode and, against leaks, after many jobs.
app_background() {
  maintenance runJobs --wait --maxjobs 1000 >/dev/null
}
