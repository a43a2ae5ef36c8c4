#!/bin/sh
# run.sh [--sanitize] [SUITE…]: installs what is missing, builds Lodge and runs the test suites.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Without a suite: unit display check live lab. Everything that a suite needs (a screen, a message bus,
# folders) is made for this run and ended with it. The last line counts test cases:
# "N passed, N failed, N skipped". Exits 0 if none failed.
#
#   --sanitize   builds with the address and undefined behaviour sanitizers and runs unit and display
#   LODGE_TESTS_BUILD=FOLDER   builds there rather than in _build-tests

exec </dev/null
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$top" || exit 1

sanitize=false
suites=""
for word; do
  case $word in
    --sanitize) sanitize=true ;;
    -*) echo "usage: run.sh [--sanitize] [SUITE…]" >&2; exit 2 ;;
    *) suites="$suites $word" ;;
  esac
done

work="" xvfb="" bus="" system_bus=""

# Ends only what was started here, by its process id.
finish () {
  code=$?
  trap - EXIT HUP INT TERM
  if [ -n "$work" ]; then
    for file in "$work"/run/libvirt/*.pid "$work"/run/libvirt/qemu/run/*.pid; do
      [ -f "$file" ] && kill "$(cat "$file")" 2>/dev/null
    done
  fi
  for pid in $bus $system_bus $xvfb; do
    kill "$pid" 2>/dev/null
  done
  [ -n "$work" ] && rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A reason why nothing could be tested counts as one failure.
give_up () {
  echo "$*" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}

sh data/dependencies/install.sh build tests || give_up "Could not install what the tests need."

work=$(mktemp -d) || give_up "Found no place for temporary files."
mkdir -p "$work/home" "$work/run" "$work/config" "$work/cache" "$work/data" "$work/state"
chmod 700 "$work/run"
export HOME="$work/home" XDG_RUNTIME_DIR="$work/run" XDG_CONFIG_HOME="$work/config" \
  XDG_CACHE_HOME="$work/cache" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state"
export LANG=C.UTF-8 NO_AT_BRIDGE=1 PYTHONDONTWRITEBYTECODE=1
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS LANGUAGE LC_ALL GTK_THEME GSK_RENDERER

named=${suites:+true}
build=${LODGE_TESTS_BUILD:-_build-tests}
options="-Dtests=true"
if $sanitize; then
  build=${LODGE_TESTS_BUILD:-_build-sanitize}
  options="$options -Db_sanitize=address,undefined -Db_lundef=false"
  suites=${suites:- unit display}
  # GTK, fontconfig and drivers keep things until the end of the process.
  export ASAN_OPTIONS=detect_leaks=0:abort_on_error=1
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
fi
suites=${suites:- unit display check live lab}

if [ ! -f "$build/build.ninja" ]; then
  rm -rf "$build"
  # shellcheck disable=SC2086 # options are words
  meson setup "$build" $options >"$work/log" 2>&1 ||
    { cat "$work/log"; give_up "Could not set up the build."; }
fi
meson compile -C "$build" >"$work/log" 2>&1 ||
  { tail -n 200 "$work/log"; give_up "Could not build."; }

chosen=""
known=$(meson introspect --tests "$build" | python3 -c '
import json, sys
print(*sorted({s.split(":")[-1] for t in json.load(sys.stdin) for s in t["suite"]}))')
for suite in $suites; do
  case " $known " in
    *" $suite "*) chosen="$chosen $suite" ;;
    *) [ -z "$named" ] || give_up "There is no suite $suite. There are: $known." ;;
  esac
done

# A screen of our own. Xvfb picks a free number and says which.
mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 1600x1200x24 -nolisten tcp -noreset +extension GLX \
  3>"$work/display" >"$work/xvfb.log" 2>&1 &
xvfb=$!
{ sleep 30; kill "$xvfb"; } 2>/dev/null &
timer=$!
read -r number <"$work/display" ||
  { cat "$work/xvfb.log"; give_up "Could not start a screen for the tests (Xvfb)."; }
kill "$timer" 2>/dev/null
export DISPLAY=":$number" GDK_BACKEND=x11

dbus-daemon --session --fork --print-address=1 --print-pid=1 >"$work/bus" ||
  give_up "Could not start a message bus for the tests."
DBUS_SESSION_BUS_ADDRESS=$(sed -n 1p "$work/bus")
bus=$(sed -n 2p "$work/bus")
export DBUS_SESSION_BUS_ADDRESS
if [ ! -S /run/dbus/system_bus_socket ] && [ -z "$DBUS_SYSTEM_BUS_ADDRESS" ]; then
  # libvirt's daemons ask for a system bus. Nothing of this one is seen outside of this run.
  dbus-daemon --session --fork --print-address=1 --print-pid=1 >"$work/bus" || give_up "No bus."
  DBUS_SYSTEM_BUS_ADDRESS=$(sed -n 1p "$work/bus")
  system_bus=$(sed -n 2p "$work/bus")
  export DBUS_SYSTEM_BUS_ADDRESS
fi

slower=1
$sanitize && slower=4
# run_tests SUITE RECORD PROCESSES TEST…: false if one failed.
run_tests () {
  suite=$1 record=$2 processes=$3
  shift 3
  timeout 3000 meson test -C "$build" --no-rebuild --suite "$suite" --logbase "$record-$suite" \
    --num-processes "$processes" --timeout-multiplier "$slower" --print-errorlogs "$@" >"$work/log" 2>&1
  result=$?
  # The summary of meson counts programs; the last line here counts what they tried.
  grep -Ev '^(Ok|Expected Fail|Fail|Unexpected Pass|Skipped|Timeout): |^Full log|^ninja|^$' "$work/log"
  [ -s "$build/meson-logs/$record-$suite.json" ] || give_up "The suite $suite did not run."
  return $result
}

for suite in $chosen; do
  # What has a screen or a guest is not to be disturbed by its neighbour.
  processes=1
  case $suite in unit|check) processes=$(nproc) ;; esac
  rm -f "$build/meson-logs/run-$suite".* "$build/meson-logs/again-$suite".*
  echo "== $suite"
  run_tests "$suite" run "$processes" && continue

  # Guests under emulation have deadlines that a busy machine can break. What failed there runs once
  # more, and the last lines say so.
  case $suite in live|lab) ;; *) continue ;; esac
  tests=$(python3 tests/count-cases.py --failed "$build/meson-logs" "$suite")
  echo "== $suite, once more: $tests"
  # shellcheck disable=SC2086 # a list of names
  run_tests "$suite" again "$processes" $tests
done

echo
# shellcheck disable=SC2086 # a list of names
python3 tests/count-cases.py "$build/meson-logs" $chosen || exit 1
