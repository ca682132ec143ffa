# Further settings from S3: fetched before anything reads them, the same bytes for every replica.

settings_fetch() {
  rm -rf "$BERTH_RUN/settings"
  [[ -n $CONFIG_FILES ]] || return 0
  mkdir -m 0700 "$BERTH_RUN/settings"
  berth_php settings
}
