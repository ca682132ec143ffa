# The largest upload, once for nginx, PHP and the application: UPLOAD_MIB.

limits_write() {
  # FPM's configuration reads it: a form is a little more than the file in it.
  export REQUEST_MIB=$((UPLOAD_MIB + 1))
  echo "client_max_body_size ${REQUEST_MIB}m;" >"$BERTH_RUN/limits.conf"
}
