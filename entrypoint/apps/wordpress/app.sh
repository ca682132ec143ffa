# WordPress' own part of the entrypoint: its settings, secrets, shared folders, and how it is installed.

# shellcheck source=entrypoint/apps/wordpress/commands.sh
. "$BERTH_APP/commands.sh"

wordpress_root=/usr/share/wordpress

# shellcheck disable=SC2034 # the shared half reads them
{
  APP_SERVER=WORDPRESS_URL
  APP_SERVING_SECRETS=(WORDPRESS_{AUTH,SECURE_AUTH,LOGGED_IN,NONCE}_{KEY,SALT})
  APP_INSTALL_SECRETS=(WORDPRESS_ADMIN_USER WORDPRESS_ADMIN_PASSWORD)
  APP_FOLDERS=(uploads)
}

# Title, language, time zone and address are what an installation begins with; later they are changed in wp-admin.
app_defaults() {
  env_default DATABASE_NAME wordpress
  env_default WORDPRESS_TITLE Blog
  env_default WORDPRESS_LANGUAGE en
  env_default WORDPRESS_TIMEZONE UTC
  env_default WORDPRESS_ADMIN_EMAIL admin@example.invalid
  env_default WORDPRESS_MULTISITE ''
  env_default WORDPRESS_CRON_SECONDS 50
}

# Translations are part of the image: of another language none could be shown.
_validate_language() {
  local translations=$wordpress_root/wp-content/languages/${WORDPRESS_LANGUAGE//-/_}
  [[ $WORDPRESS_LANGUAGE == en ]] || compgen -G "$translations.mo" >/dev/null || compgen -G "${translations}_*.mo" >/dev/null ||
    env_problems+=("WORDPRESS_LANGUAGE: not baked into this image, got $WORDPRESS_LANGUAGE; build it with that language")
}

# The blogs of a network have their addresses in the database.
_validate_network() {
  [[ -z $WORDPRESS_MULTISITE || $WORDPRESS_URL != forwarded ]] ||
    env_problems+=("WORDPRESS_URL: got forwarded; a network of blogs needs a URL")
}

app_validate() {
  env_match WORDPRESS_LANGUAGE '[a-z]+(-[a-z0-9]+)*' 'a language code, such as en'
  env_match WORDPRESS_ADMIN_EMAIL '[^@[:space:]]+@[^@[:space:]]+' 'an e-mail address'
  env_match WORDPRESS_MULTISITE '(subdomain|subdirectory)?' 'empty, subdomain or subdirectory'
  env_match FILES_MODE '(uploads|extensions)' 'uploads or extensions'
  env_match WORDPRESS_CRON_SECONDS '[1-9][0-9]{0,3}' 'seconds, from 1 to 9999'
  _validate_network
  _validate_language
}

# Blogs in subdirectories share one tree: /second/wp-admin/ is /wp-admin/ of the blog called second.
_rewrites() {
  [[ $WORDPRESS_MULTISITE == subdirectory ]] || return 0
  # shellcheck disable=SC2016 # nginx' variable
  printf 'rewrite ^/[_0-9a-zA-Z-]+%s $1 last;\n' \
    '(/wp-(?:admin|content|includes)/.*)$' '(/wp-(?:activate|comments-post|login|signup)\.php)$'
}

# In extensions mode readers get this container's copy of plugins and themes; who is logged in gets the pool
# that works on the shared ones, in wp-admin.
_extensions() {
  local root=$wordpress_root/wp-content pool=php
  ! extensions_shared || root=$BERTH_CACHE/extensions/current pool=admin
  # shellcheck disable=SC2016 # nginx' variables
  printf '%s\n' "map \"\" \$extensions_root { default $root; }" \
    "map \$http_cookie \$admin_pool { default php; \"~(^|; )wordpress_logged_in_\" $pool; }"
}

app_prepare() {
  _rewrites >"$BERTH_RUN/rewrites.conf"
  _extensions >"$BERTH_RUN/extensions.conf"
}

app_install() {
  wordpress install
  [[ -z $WORDPRESS_MULTISITE ]] || wordpress network
}

app_upgrade() {
  local blogs blog
  [[ -z $WORDPRESS_MULTISITE ]] || wordpress network
  blogs=$(wordpress_blogs)
  for blog in $blogs; do
    wordpress upgrade "$blog"
  done
}

# Asked by nobody's visit, so no reader waits for it; a lock lets one replica work at a time.
app_background() {
  sleep "$WORDPRESS_CRON_SECONDS"
  # Another version changes the schema.
  [[ ! -e $BERTH_RUN/read-only ]] || return 0
  setpriv --pdeathsig KILL php "$BERTH_LIB/php/locked.php" --or-not cron \
    setpriv --pdeathsig KILL bash "$BERTH_APP/cron.sh"
}
