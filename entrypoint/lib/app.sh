# The application's own part: the shared half knows it by these names only.

: "${BERTH_LIB:=/usr/local/lib/berth}"
: "${BERTH_APP:=$BERTH_LIB/app}"
# shellcheck source=/dev/null
. "$BERTH_APP/app.sh"
