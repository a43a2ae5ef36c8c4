#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh FOLDER: puts the two files that boot the desktop guest into FOLDER.
#
#   vmlinux       this machine's Debian kernel, unpacked: under software emulation the kernel's own
#                 unpacking costs more than all the rest of its start
#   initrd.cpio   BusyBox and the modules that reach the root file system, for the same reason
#                 without compression
#
# There is no disc image: the guest's root is this machine's own, shared read-only over 9p, with an
# overlay in the guest's memory. Whatever is installed here runs there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"

kernel=$(find /boot -name 'vmlinuz-*-amd64' | sort -V | tail -n 1)
version=${kernel#/boot/vmlinuz-}
stamp="$version $(cat "$here/build.sh" "$here/init" "$here/desktop.sh" | md5sum)"
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi

python3 - "$kernel" "$out/vmlinux.new" <<'PYTHON'
import lzma, sys
packed = open(sys.argv[1], 'rb').read()
start = packed.find(b'\xfd7zXZ\0')
if start < 0:
    sys.exit(sys.argv[1] + ': not packed with xz')
open(sys.argv[2], 'wb').write(lzma.LZMADecompressor().decompress(packed[start:]))
PYTHON

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/bin" "$root/modules" "$root/proc" "$root/sys" "$root/dev"
cp /bin/busybox "$root/bin/busybox"
cp "$here/init" "$root/init"
cp "$here/desktop.sh" "$root/desktop.sh"
chmod 755 "$root/init" "$root/desktop.sh"
number=100
for module in virtio_pci 9p 9pnet_virtio overlay; do
  modprobe -S "$version" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
  # Numbered, so that the order of loading is the order of names.
  cp "$file" "$root/modules/$number-$(basename "$file")"
  number=$((number + 1))
done
(cd "$root" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio.new"

mv "$out/vmlinux.new" "$out/vmlinux"
mv "$out/initrd.cpio.new" "$out/initrd.cpio"
chmod 644 "$out/vmlinux" "$out/initrd.cpio"
echo "$stamp" > "$out/stamp"
