#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# as-user.sh COMMAND…: runs a command as an ordinary user. People are not root, and for root
# libvirt's session is another thing. As root, the command runs as nobody, who also sees this
# checkout if it lies in a home that is shut to others. With --with-shell first, who is nobody may
# log in: an SSH server runs commands with the shell that the user has.
set -eu

shell=
if [ "$1" = --with-shell ]; then
  shell=$1
  shift
fi

if [ "$(id -u)" != 0 ]; then
  exec "$@"
fi

if [ -n "$shell" ]; then
  if [ -z "${LODGE_WITH_SHELL:-}" ]; then
    LODGE_WITH_SHELL=1 exec unshare --mount --propagation private "$0" "$shell" "$@"
  fi
  # And systemd's name service, for which the account is locked, is not asked.
  for change in 's|^\(nobody:.*:\)[^:]*$|\1/bin/sh|:/etc/passwd' 's|^shadow:.*|shadow: files|:/etc/nsswitch.conf'; do
    file=${change##*:}
    new=$(mktemp)
    sed "${change%:*}" "$file" > "$new"
    chmod 644 "$new"
    mount --bind "$new" "$file"
    rm "$new"
  done
fi

checkout=$(cd "$(dirname "$0")/../.." && pwd -P)
nobody="setpriv --reuid=nobody --regid=nogroup --clear-groups"

if ! $nobody test -r "$checkout/meson.build"; then
  if [ -z "${LODGE_AS_USER:-}" ]; then
    LODGE_AS_USER=1 exec unshare --mount --propagation private "$0" "$@"
  fi
  # In a name space of our own: an empty home in place of the shut one, and the checkout in it.
  folder=$checkout
  while [ "$folder" != / ]; do
    $nobody test -x "$folder" || shut=$folder
    folder=$(dirname "$folder")
  done
  held=$(mktemp -d)
  mount --bind "$checkout" "$held"
  mount -t tmpfs -o mode=755 home "$shut"
  mkdir -p "$checkout"
  mount --move "$held" "$checkout"
  cd "$checkout"
fi
exec $nobody "$@"
