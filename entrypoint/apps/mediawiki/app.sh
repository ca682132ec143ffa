# MediaWiki's own part of the entrypoint: its settings, secrets, shared folders, and how it is installed.

# shellcheck source=entrypoint/apps/mediawiki/maintenance.sh
. "$BERTH_APP/maintenance.sh"

# shellcheck disable=SC2034 # the shared half reads them
{
  APP_SERVER=MEDIAWIKI_SERVER
  APP_SERVING_SECRETS=(MEDIAWIKI_SECRET_KEY)
  APP_INSTALL_SECRETS=(MEDIAWIKI_ADMIN_USER MEDIAWIKI_ADMIN_PASSWORD)
  APP_FOLDERS=(images images/archive images/deleted images/lockdir images/temp images/thumb)
}

app_defaults() {
  env_default DATABASE_NAME wiki
  env_default MEDIAWIKI_SITENAME Wiki
  env_default MEDIAWIKI_LANGUAGE en
  env_default MEDIAWIKI_TIMEZONE UTC
  env_default MEDIAWIKI_READ_ONLY ''
  env_default MEDIAWIKI_PRIVATE 0
  env_default MEDIAWIKI_LOGO ''
  env_default MEDIAWIKI_UPLOAD_TYPES png,gif,jpg,jpeg,webp
  env_default MEDIAWIKI_CAPTCHA ''
  # What only some people may read is kept for nobody else.
  [[ $MEDIAWIKI_PRIVATE != 1 ]] || export PAGE_CACHE_SECONDS=0
}

# Messages are compiled into the image: of another language none could be shown.
_validate_language() {
  [[ -e $BERTH_SHARE/messages/$MEDIAWIKI_LANGUAGE.l10n.php ]] ||
    env_problems+=("MEDIAWIKI_LANGUAGE: not baked into this image, got $MEDIAWIKI_LANGUAGE; build it with that language")
}

# Questions against robots, with the extension that asks them in the image.
_validate_captcha() {
  [[ $MEDIAWIKI_CAPTCHA ]] || return 0
  php "$BERTH_APP/captcha.php" ||
    env_problems+=("MEDIAWIKI_CAPTCHA: got ${MEDIAWIKI_CAPTCHA@Q}; must be a JSON object of questions with their answers")
  grep --quiet "'ConfirmEdit/QuestyCaptcha'" "$BERTH_SHARE/baked.php" ||
    env_problems+=("MEDIAWIKI_CAPTCHA: the extensions ConfirmEdit and ConfirmEdit/QuestyCaptcha are not baked into this image")
}

app_validate() {
  env_match MEDIAWIKI_PRIVATE '[01]' '1 for a wiki that only people with an account may read, or 0'
  env_match MEDIAWIKI_LOGO '((https?:/)?/[^[:space:]"]+)?' 'a URL, or a path such as /images/Logo.png'
  env_match MEDIAWIKI_UPLOAD_TYPES '[a-z0-9]+(,[a-z0-9]+)*' 'extensions of files with commas between'
  _validate_captcha
  env_match FILES_MODE uploads 'uploads: nothing is installed from within a wiki, its extensions are baked'
  env_match MEDIAWIKI_LANGUAGE '[a-z]+(-[a-z0-9]+)*' 'a language code, such as en'
  _validate_language
}

app_prepare() {
  mkdir -p "$BERTH_CACHE/mediawiki"
  echo "map \"\" \$private_wiki { default $MEDIAWIKI_PRIVATE; }" >"$BERTH_RUN/private.conf"
}

app_install() {
  maintenance_install
  maintenance_update
}

app_upgrade() {
  maintenance_update
}

# In read-only mode jobs wait. The limit is against leaks.
app_background() {
  if [[ $MEDIAWIKI_READ_ONLY || -e $BERTH_RUN/read-only ]]; then
    sleep 10
    return
  fi
  # shellcheck disable=SC2154 # lib/database.sh has it
  setpriv --pdeathsig KILL "${small_php[@]}" "$BERTH_APP/jobs.php"
  maintenance runJobs --maxjobs 1000 >/dev/null
}
