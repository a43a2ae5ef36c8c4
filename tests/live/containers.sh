#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# containers.sh COMMAND…: runs a command as an ordinary user who may talk to a libvirt daemon for
# system containers (lxc:///system). It, and all that runs in it, live in name spaces of their own:
# nothing of the machine is touched, and everything ends with the command. Needs root; without it,
# or where containers cannot run, says so as a skipped test.
set -eu

skip ()
{
  echo "1..0 # SKIP $*"
  exit 0
}

if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" = 0 ] || skip 'containers need root'
  [ -x /usr/lib/libvirt/libvirt_lxc ] || [ -x /usr/libexec/libvirt_lxc ] || skip "libvirt's LXC driver is not installed"
  LODGE_CONTAINERS=$(mktemp -d /var/tmp/lodge-containers-XXXXXX)
  export LODGE_CONTAINERS
  trap 'rm -rf --one-file-system "$LODGE_CONTAINERS"' EXIT
  unshare --mount --net --pid --fork --kill-child --propagation private -- "$0" --inside "$@"
  exit
fi
shift

folder=$LODGE_CONTAINERS
chmod 755 "$folder"
mount -t proc proc /proc
# Libvirt does not want both generations of control groups at once.
umount /sys/fs/cgroup/unified 2> /dev/null || true
ip link set lo up 2> /dev/null || true
for place in /run/libvirt /var/lib/libvirt /var/log/libvirt; do
  mkdir -p "$place"
  mount -t tmpfs tmpfs "$place"
done
# What it defines is kept beside its settings.
mkdir -p "$folder/etc" /etc/libvirt
cp -a /etc/libvirt/. "$folder/etc/"
mount --bind "$folder/etc" /etc/libvirt
mkdir -p /run/libvirt/lxc /var/lib/libvirt/lxc /var/log/libvirt/lxc
cat > "$folder/libvirtd.conf" <<CONF
unix_sock_rw_perms = "0777"
unix_sock_dir = "/run/libvirt"
auth_unix_rw = "none"
auth_unix_ro = "none"
log_outputs = "3:file:$folder/libvirtd.log"
CONF
virtlogd -p /run/libvirt/virtlogd.pid -d
libvirtd -f "$folder/libvirtd.conf" -p /run/libvirt/libvirtd.pid -d
turns=300
until virsh -q -c lxc:///system list > "$folder/list" 2>&1; do
  turns=$((turns - 1))
  [ $turns -gt 0 ] || skip "containers cannot run here: $(tail -n 1 "$folder/list")"
  sleep 0.1
done

root=$folder/root
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
ln -s busybox "$root/bin/sh"
cat > "$folder/box.xml" <<XML
<domain type='lxc'>
  <name>box</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
  <os><type>exe</type><init>/bin/sh</init></os>
  <devices>
    <filesystem type='mount'><source dir='$root'/><target dir='/'/></filesystem>
    <console type='pty'/>
  </devices>
</domain>
XML
virsh -q -c lxc:///system define "$folder/box.xml"
if ! virsh -q -c lxc:///system start box > "$folder/list" 2>&1; then
  skip "containers cannot run here: $(tail -n 2 "$folder/list" | tr '\n' ' ')"
fi
virsh -q -c lxc:///system destroy box
"$(dirname "$0")/as-user.sh" "$@"
