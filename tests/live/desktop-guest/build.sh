#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh FOLDER: puts the two files that boot the desktop guest into FOLDER.
#
#   vmlinux       this machine's own kernel, unpacked
#   initrd.cpio   BusyBox and the modules that reach the root file system; not compressed, as it would
#                 be unpacked under software emulation
#
# There is no disc image: the guest's root is this machine's own, shared read-only over 9p, with an
# overlay in the guest's memory. Whatever is installed here runs there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"

boot_files () {
  python3 "$here/../../support/boot_files.py" "$@"
}

version=$(boot_files version) || { echo "the desktop guest $version"; exit 77; }
stamp="$version $(cat "$here/build.sh" "$here/../../support/boot_files.py" "$here/init" "$here/desktop.sh" | md5sum)"
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi

boot_files kernel "$out/vmlinux.new"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev"
cp /bin/busybox "$root/bin/busybox"
cp "$here/init" "$root/init"
cp "$here/desktop.sh" "$root/desktop.sh"
chmod 755 "$root/init" "$root/desktop.sh"
boot_files modules "$root/modules" virtio_pci 9p 9pnet_virtio overlay
(cd "$root" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio.new"

mv "$out/vmlinux.new" "$out/vmlinux"
mv "$out/initrd.cpio.new" "$out/initrd.cpio"
chmod 644 "$out/vmlinux" "$out/initrd.cpio"
echo "$stamp" > "$out/stamp"
