# Mail goes through a server, SMTP_HOST; without one there is none.

mail_defaults() {
  env_default SMTP_HOST ''
  env_default SMTP_PORT 587
  env_default SMTP_FROM ''
}

mail_validate() {
  [[ $SMTP_HOST ]] || return 0
  env_match SMTP_HOST '[A-Za-z0-9.-]+' 'a host name'
  env_match SMTP_PORT '[0-9]{1,5}' 'a port number'
  env_match SMTP_FROM '[^@[:space:]]+@[^@[:space:]]+' 'the address that mail comes from'
}
