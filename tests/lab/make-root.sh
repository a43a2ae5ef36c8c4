#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-root.sh IMAGE VERSION LAB: makes an ext4 image of what the laboratory needs of this machine's
# root: programs and libraries, the modules of the kernel VERSION, the settings without anything
# secret, and the folder LAB as /lab. Called in mount namespace of its own, so that nothing of what
# it mounts is seen outside, and the root itself is only read.
set -eu
image=$1 version=$2 lab=$3

stage=$(mktemp -d)
trap 'umount -R "$stage" 2>/dev/null || :; rmdir "$stage" 2>/dev/null || :' EXIT
mount -t tmpfs -o mode=755,size=200m stage "$stage"
cd "$stage"
mkdir -p usr/lib/modules usr/share etc var/{lib,log,cache,tmp} var/log/libvirt/qemu var/lib/libvirt dev proc sys run tmp root home mnt \
  media opt srv boot usr/local/{bin,sbin,lib,share}
chmod 1777 tmp var/tmp
ln -s /run var/run
for link in bin sbin lib lib32 lib64 libx32; do
  [ ! -L "/$link" ] || cp -P "/$link" .
done

attach () {
  [ -d "/$1" ] || return 0
  mkdir -p "$1"
  mount --bind "/$1" "$1"
  mount -o remount,bind,ro "$1"
}
hide () {
  [ ! -d "$1" ] || mount -t tmpfs -o mode=755 hidden "$1"
}

for folder in usr/bin usr/sbin usr/libexec usr/lib64 usr/lib/x86_64-linux-gnu usr/lib/systemd usr/lib/udev \
              usr/lib/dbus-1.0 usr/lib/girepository-1.0 usr/lib/ipxe usr/lib/modprobe.d usr/lib/spice-vdagent \
              usr/lib/xorg usr/lib/locale "usr/lib/modules/$version" \
              usr/share/{X11,dbus-1,fontconfig,glib-2.0,hwdata,icons/Adwaita,icons/hicolor,ipxe} \
              usr/share/{libvirt,mime,misc,polkit-1,python3,qemu,qemu-efi,seabios,vgabios,xml,usb_modeswitch} \
              usr/share/{spice-vdagent,themes,fonts/truetype/dejavu,gtk-4.0,libosinfo,osinfo}; do
  attach "$folder"
done
for folder in /usr/lib/python3*; do
  attach "${folder#/}"
done
for folder in usr/lib/x86_64-linux-gnu/{fpc,valgrind,samba,perl,perl5,dri,gstreamer-1.0,webkit2gtk-4.0,webkit2gtk-4.1} \
              usr/libexec/{valgrind,gcc} "usr/lib/modules/$version/kernel/drivers/"{gpu,net/wireless,infiniband} \
              "usr/lib/modules/$version/kernel/"{sound,fs/xfs,fs/btrfs}; do
  hide "$folder"
done

cp -a /etc/. etc
rm -rf etc/shadow* etc/gshadow* etc/ssl/private etc/ssh etc/NetworkManager etc/wpa_supplicant etc/krb5.keytab \
  etc/machine-id etc/libvirt/secrets etc/libvirt/qemu/*.xml etc/libvirt/qemu/autostart etc/libvirt/lxc
find etc -type f ! -perm -004 -delete
# Nobody needs a password here, nobody comes in from outside.
cut -d : -f 1 etc/passwd | sed 's/$/:*:19000::::::/' > etc/shadow
chmod 600 etc/shadow
cp -r "$lab" lab

mke2fs -q -t ext4 -O ^has_journal -m 0 -E lazy_itable_init=1 -d "$stage" "$image" 6G
used=$(du -m "$image" | cut -f 1)
[ "$used" -lt 4000 ] || { echo "the image takes $used MB"; exit 1; }
