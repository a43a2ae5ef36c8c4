#!/bin/sh
# session.sh COMMAND…: runs a command where it finds a message bus and a libvirt session.
#
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An ordinary user needs nothing but a message bus, which is started for the time of the command
# where there is none: libvirt starts a user's session by itself.
#
# For root, libvirt takes qemu:///session for the system's own daemon. Where that does not run, root
# gets a daemon of its own here: its folders lie under root's own and cover the system's in a mount
# namespace of this command, so that nothing of the system is changed or used. Its guests run as root,
# and go on running when the command ends, like those of any session.

here=$(cd "$(dirname "$0")" && pwd) || exit 1

# Covers $2 with our folder $1.
cover () {
  mkdir -p "$1" "$2" && mount --bind "$1" "$2"
}

running () {
  [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null
}

if [ "$1" = --inside ]; then
  shift
  kept=${XDG_DATA_HOME:-$HOME/.local/share}/lodge/root-session
  passing=${XDG_RUNTIME_DIR:-/run}/lodge-root-session
  mkdir -p "$kept" "$passing" && chmod 700 "$kept" "$passing"
  if cover "$kept/etc" /etc/libvirt && cover "$kept/lib" /var/lib/libvirt &&
     cover "$kept/cache" /var/cache/libvirt && cover "$kept/log" /var/log/libvirt &&
     cover "$passing" /run/libvirt; then
    printf 'user = "root"\ngroup = "root"\nsecurity_driver = "none"\n' >/etc/libvirt/qemu.conf
    # A daemon of an earlier time may still be there: for root, nobody else uses these folders.
    for daemon in virtlogd libvirtd; do
      running "/run/libvirt/$daemon.pid" && continue
      rm -f "/run/libvirt/$daemon.pid"
      "$daemon" --daemon --timeout 120 --pid-file "/run/libvirt/$daemon.pid" 2>"/run/libvirt/$daemon.start" ||
        cat "/run/libvirt/$daemon.start" >&2
    done
  else
    echo "Could not set up a libvirt session for root. Log in as an ordinary user, or start libvirtd." >&2
  fi
  exec "$@"
fi

if [ -z "$DBUS_SESSION_BUS_ADDRESS" ] && [ ! -S "${XDG_RUNTIME_DIR:-/nonexistent}/bus" ]; then
  exec dbus-run-session -- sh "$here/session.sh" "$@"
fi

if [ "$(id -u)" = 0 ] && [ ! -S /run/libvirt/libvirt-sock ] && [ ! -S /run/libvirt/virtqemud-sock ]; then
  exec unshare --mount sh "$here/session.sh" --inside "$@"
fi

exec "$@"
