#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# save-nested.sh FOLDER: boots the guest of the laboratory here, where it takes seconds (inside it
# would take minutes), and saves it as libvirt does into FOLDER/linux.save. Called in namespaces of
# its own (mount, net, pid): its libvirt daemon sees no other one and nobody sees it.
set -eu
folder=$1
mount -t proc proc /proc
for hidden in /run /var/lib/libvirt /var/log/libvirt /var/cache/libvirt /etc/libvirt; do
  [ ! -d $hidden ] || mount -t tmpfs -o mode=755 hidden $hidden
done
mkdir -p /run/lab/linux /etc/libvirt /var/log/libvirt/qemu
mount --bind "$folder" /run/lab/linux
cat > /etc/libvirt/qemu.conf <<CONF
user = "root"
group = "root"
stdio_handler = "file"
security_driver = "none"
cgroup_controllers = []
namespaces = []
CONF
await () {
  local turns=$1
  shift
  until "$@" > /dev/null 2>&1; do
    turns=$((turns - 1))
    [ $turns != 0 ] || { echo "gave up waiting for: $*"; tail -n 5 /run/lab/linux.log /run/libvirtd.log; exit 1; }
    sleep 0.1
  done
}
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=/run/none LC_ALL=C.UTF-8
libvirtd > /run/libvirtd.log 2>&1 &
virsh="virsh -q -c qemu:///system"
await 300 $virsh version
$virsh create "$folder/nested.xml"
await 1200 grep -q '^@0 0' /run/lab/linux.log
$virsh save linux "$folder/linux.save"
chmod 644 "$folder/linux.save"
