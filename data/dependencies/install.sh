#!/bin/sh
# install.sh [--stamp FILE] LIST…: installs what is missing of data/dependencies/LIST-*.txt, as root
# or with sudo.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Says nothing and takes no time where nothing is missing. Exits non-zero with a reason where it
# cannot install what is missing. FILE remembers for which packages the distribution was asked in
# vain, since asking takes a second.

here=$(cd "$(dirname "$0")" && pwd) || exit 1

fail () {
  echo "$*" >&2
  exit 1
}

# The names in the lists for $manager: "? name" for those that not every release has.
names () {
  for list in $lists; do
    sed -e 's/#.*//' -e '/^ *$/d' "$here/$list-$manager.txt" || exit 1
  done
}

# One question for all of them is fast.
list_installed () {
  [ "$manager" = apt ] && dpkg-query -W -f '${Package} ${db:Status-Status}\n'
}

have () {
  case $manager in
    apt) case "$installed" in *"
$1 installed
"*) true ;; *) false ;; esac ;;
    dnf|zypper) rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
    pacman) pacman -T "$1" >/dev/null 2>&1 ;;
  esac
}

exists () {
  case $manager in
    apt) [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ] ;;
    *) true ;;
  esac
}

as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    fail "Missing packages:$missing$may_miss. There is no sudo to install them with: do it as root."
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" || fail "Missing packages:$missing$may_miss. Could not install them by sudo."
  fi
}

# All lines of what a package manager says are kept until it fails.
quietly () {
  log=$(mktemp) || exit 1
  "$@" >"$log" 2>&1 </dev/null
  code=$?
  [ $code = 0 ] || cat "$log" >&2
  rm -f "$log"
  return $code
}

install_apt () {
  # Lists that were never fetched or are old do not know the packages of today.
  if ! quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
         --no-install-recommends "$@" 2>/dev/null; then
    quietly as_root apt-get update -q || fail "Could not fetch the lists of packages."
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
         --no-install-recommends "$@"
  fi
}

stamp=""
if [ "$1" = --stamp ]; then
  stamp=$2
  shift 2
fi
lists=$*
[ -n "$lists" ] || fail "usage: install.sh [--stamp FILE] LIST…"

manager=""
for candidate in apt:dpkg-query dnf:dnf pacman:pacman zypper:zypper; do
  if command -v "${candidate#*:}" >/dev/null; then
    manager=${candidate%%:*}
    break
  fi
done
[ -n "$manager" ] ||
  fail "Found no package manager that is known here. What Lodge needs is listed in $here."

installed="
$(list_installed)
"
missing="" may_miss=""
for name in $(names); do
  have "${name#\?}" && continue
  case $name in
    \?*) may_miss="$may_miss ${name#\?}" ;;
    *) missing="$missing $name" ;;
  esac
done

if [ "$manager" = apt ] && [ -n "$missing" ]; then
  # shellcheck disable=SC2086 # a list of names
  exists ${missing%% *} || quietly as_root apt-get update -q ||
    fail "Could not fetch the lists of packages."
fi
if [ -z "$stamp" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$may_miss" ]; then
  for name in $may_miss; do
    exists "$name" && missing="$missing $name"
  done
  [ -z "$stamp" ] || echo "$may_miss" >"$stamp"
fi
[ -n "$missing" ] || exit 0

echo "Installing:$missing" >&2
# shellcheck disable=SC2086 # a list of names
case $manager in
  apt) install_apt $missing ;;
  dnf) quietly as_root dnf install -y --setopt=install_weak_deps=False $missing ;;
  pacman) quietly as_root pacman -S --needed --noconfirm $missing ;;
  zypper) quietly as_root zypper --non-interactive install --no-recommends $missing ;;
esac || fail "Could not install:$missing"
