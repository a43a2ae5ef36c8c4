#!/bin/sh
# launch.sh [--demo] [--headless FILE.png] [OPTION…]: installs what is missing, builds and starts Lodge.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   --demo               makes the demo guest and starts it as the everyday guest
#   --headless FILE.png  does that without a display, waits until the guest's picture is in the
#                        window, saves a picture of the window, and ends the guest and Lodge
#   OPTION…              is given to Lodge: --everyday, --start NAME, --connect URI, --version …
#
# The build folder is build/, or what LODGE_BUILD says.

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
build=${LODGE_BUILD:-$top/build}

fail () {
  echo "$*" >&2
  exit 1
}

# Takes --headless FILE out of the arguments.
headless="" needs_display=true
count=$#
while [ "$count" -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  case $word in
    --headless)
      { [ "$count" -gt 0 ] && [ -n "$1" ]; } || fail "--headless wants the name of a file."
      headless=$1
      shift
      count=$((count - 1))
      ;;
    --headless=?*) headless=${word#*=} ;;
    --headless=) fail "--headless wants the name of a file." ;;
    --version|--help|-h|--help-*) needs_display=false; set -- "$@" "$word" ;;
    *) set -- "$@" "$word" ;;
  esac
done

if [ -n "$headless" ]; then
  case $headless in /*) ;; *) headless=$PWD/$headless ;; esac
  [ -d "$(dirname "$headless")" ] || fail "There is no folder $(dirname "$headless")."
elif $needs_display && [ -z "$DISPLAY" ] && [ -z "$WAYLAND_DISPLAY" ]; then
  fail "Lodge has no display to open its window on. Start it from a desktop session, or see its" \
       "window in a picture: sh data/launch.sh --headless lodge.png"
fi

{ mkdir -p "$build" && [ -w "$build" ]; } || fail "The folder $build cannot be written to."
# shellcheck disable=SC2086 # a list of names
sh "$top/data/dependencies/install.sh" --stamp "$build/.dependencies" build ${headless:+headless} ||
  exit 1

log=$build/launch.log
if [ ! -f "$build/build.ninja" ]; then
  echo "Building Lodge. The first time takes a minute." >&2
  meson setup -Dtests=false "$build" "$top" >"$log" 2>&1 </dev/null ||
    meson setup --wipe -Dtests=false "$build" "$top" >"$log" 2>&1 </dev/null ||
    { tail -n 40 "$log" >&2; fail "Could not set up the build in $build."; }
fi
ninja -C "$build" >"$log" 2>&1 </dev/null ||
  { grep -v '^\[' "$log" | tail -n 60 >&2; fail "Could not build Lodge; $log says more."; }

# Lodge runs from the build folder, with its settings and its icons from there.
export GSETTINGS_SCHEMA_DIR="$build/data"
export XDG_DATA_DIRS="$build/data:$top/data:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}"

if [ -n "$headless" ]; then
  exec sh "$top/data/session.sh" python3 "$top/data/headless.py" "$headless" "$build/src/lodge" --demo "$@"
fi
exec sh "$top/data/session.sh" "$build/src/lodge" "$@"
