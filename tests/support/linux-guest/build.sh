#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh FOLDER: puts the two files that boot the Linux guest of the tests into FOLDER, unless they
# are there and fit. Exits with 77 where the programs or the kernel that it is made of are missing.
#
#   vmlinux       this machine's Debian kernel, unpacked: under software emulation the kernel's own
#                 unpacking costs more than all the rest of its start
#   initrd.cpio   BusyBox, QEMU's guest agent, the drivers of QEMU's memory devices and those of a USB
#                 CD drive; not compressed for the same reason
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1

missing () {
  echo "the Linux guest of the tests needs $1"
  exit 77
}

kernel=$(find /boot -name 'vmlinuz-*-amd64' 2>/dev/null | sort -V | tail -n 1)
[ -n "$kernel" ] || missing 'a kernel of Debian (linux-image-amd64)'
version=${kernel#/boot/vmlinuz-}
[ -d "/lib/modules/$version" ] || missing "the modules of $version"
for program in busybox cpio modprobe python3 flock; do
  command -v "$program" >/dev/null || missing "$program"
done
agent=$(command -v qemu-ga || true)
[ -n "$agent" ] || missing 'qemu-ga (qemu-guest-agent)'

mkdir -p "$out"
# Several tests may want it at a time.
exec 9>"$out/lock"
flock 9

stamp="$version $(cat "$here/build.sh" "$here/init" "$agent" | md5sum)"
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
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev" "$root/run" "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
cp "$here/init" "$root/init"
cp "$agent" "$root/bin/qemu-ga"
chmod 755 "$root/init" "$root/bin/qemu-ga" "$root/bin/busybox"

# What the agent and BusyBox are linked with, where the linker looks for it.
ldd "$agent" "$(command -v busybox)" 2>/dev/null | grep -oE '/[^ )]+' | grep -v ':$' | sort -u |
while read -r file; do
  mkdir -p "$root$(dirname "$file")"
  cp -L "$file" "$root$file"
done

# FOLDER MODULE…: copies them and what they need, numbered, so that the order of loading is the order of
# names.
copy_modules () {
  folder=$1
  shift
  mkdir -p "$root/$folder"
  number=100
  for module; do
    modprobe -S "$version" --show-depends "$module"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    cp "$file" "$root/$folder/$number-$(basename "$file")"
    number=$((number + 1))
  done
}

copy_modules modules virtio_pci virtio_balloon virtio_mem virtio_console
copy_modules modules-usb xhci_pci usb_storage sr_mod isofs
(cd "$root" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio.new"

mv "$out/vmlinux.new" "$out/vmlinux"
mv "$out/initrd.cpio.new" "$out/initrd.cpio"
chmod 644 "$out/vmlinux" "$out/initrd.cpio"
echo "$stamp" > "$out/stamp"
