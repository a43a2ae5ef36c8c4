#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# debian13.sh [SUITE…]: builds Lodge and runs its tests on Debian 13, in a folder made by debootstrap
# (once; it stays). Warnings of the compiler are errors here: the newer libraries deprecate things
# before they go. As root, on any Debian.
#
#   LODGE_DEBIAN13   the folder, /var/tmp/lodge-debian13 if not set
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
root=${LODGE_DEBIAN13:-/var/tmp/lodge-debian13}

if [ "$(id -u)" != 0 ]; then
  echo "debian13.sh: needs root, for chroot and mount" >&2
  exit 1
fi
if [ "${LODGE_DEBIAN13_MOUNTS:-}" != "$$" ]; then
  # A mount name space of our own: what is mounted below goes away with us, whatever happens.
  LODGE_DEBIAN13_MOUNTS=$$ exec unshare --mount --propagation private "$0" "$@"
fi

if [ ! -e "$root/.made" ]; then
  command -v debootstrap > /dev/null || apt-get -qq install -y --no-install-recommends debootstrap
  debootstrap --variant=minbase trixie "$root"
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  touch "$root/.made"
fi

mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sys "$root/sys"
mount -t tmpfs run "$root/run"
mount -t tmpfs tmp "$root/tmp"
cp /etc/resolv.conf "$root/etc/resolv.conf"

# The tree as it is, committed or not; the build folder in there is kept and only caught up.
mkdir -p "$root/lodge"
git -C "$source" ls-files -z -co --exclude-standard \
  | tar -C "$source" --null --ignore-failed-read -c -T - | tar -C "$root/lodge" -x
exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  DEBIAN_FRONTEND=noninteractive CFLAGS=-Werror sh /lodge/tests/run.sh "$@"
