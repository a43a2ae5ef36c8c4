#!/bin/sh
# run.sh [METRIC…] [OPTION…]: measures Lodge beside its peers. See README.md, or --help.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs what is missing, builds Lodge in release form and installs it where an ordinary user can
# read it, since a run by root measures as the user nobody.
#
#   LODGE_BENCH_BUILD=FOLDER   keeps the build there rather than in /var/tmp/lodge-bench-UID
#   LODGE_BENCH_USER=NAME      whom root measures as

exec </dev/null
here=$(cd "$(dirname "$0")" && pwd) || exit 1
top=$(cd "$here/../.." && pwd) || exit 1
folder=${LODGE_BENCH_BUILD:-/var/tmp/lodge-bench-$(id -u)}

fail () {
  echo "$*" >&2
  exit 1
}

sh "$top/data/dependencies/install.sh" build bench || exit 1

{ mkdir -p "$folder" && [ -O "$folder" ] && [ ! -L "$folder" ] && chmod 755 "$folder"; } ||
  fail "The folder $folder is not ours. Name another one: LODGE_BENCH_BUILD=FOLDER"
build=$folder/build
log=$folder/build.log
options="--buildtype=release --prefix=$folder/lodge -Dtests=false -Dbench=true"
if [ "$(cat "$folder/source" 2>/dev/null)" != "$top" ]; then
  rm -rf "$build"
  echo "Building Lodge in release form." >&2
  # shellcheck disable=SC2086 # options are words
  meson setup "$build" "$top" $options >"$log" 2>&1 ||
    { tail -n 40 "$log" >&2; fail "Could not set up the build in $build."; }
  echo "$top" >"$folder/source"
fi
{ ninja -C "$build" >"$log" 2>&1 && meson install -C "$build" >>"$log" 2>&1; } ||
  { tail -n 60 "$log" >&2; fail "Could not build Lodge; $log says more."; }

export PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/bench.py" \
  --tools "{\"lodge\": \"$folder/lodge/bin/lodge\",
            \"data\": \"$folder/lodge/share\",
            \"probe\": \"$build/tests/bench/bench-probe\",
            \"floor\": \"$build/tests/bench/bench-floor\",
            \"null\": \"$build/tests/bench/bench-null\",
            \"guest\": \"$build/data/demo/lodge-demo.elf\"}" "$@"
