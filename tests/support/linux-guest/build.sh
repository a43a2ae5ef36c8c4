#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh FOLDER: puts the two files that boot the Linux guest of the tests into FOLDER, unless they
# are there and fit. Exits with 77 where the programs or the kernel that it is made of are missing.
#
#   vmlinux       this machine's own kernel, unpacked
#   initrd.cpio   BusyBox, QEMU's guest agent, the drivers of QEMU's memory devices and those of a USB
#                 CD drive; not compressed, as it would be unpacked under software emulation
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1

missing () {
  echo "the Linux guest of the tests needs $1"
  exit 77
}

boot_files () {
  python3 "$here/../boot_files.py" "$@"
}

for program in busybox cpio modprobe python3 flock; do
  command -v "$program" >/dev/null || missing "$program"
done
version=$(boot_files version) || missing "${version#needs }"
agent=$(command -v qemu-ga || true)
[ -n "$agent" ] || missing 'qemu-ga (qemu-guest-agent)'

mkdir -p "$out"
# Several tests may want it at a time.
exec 9>"$out/lock"
flock 9

stamp="$version $(cat "$here/build.sh" "$here/../boot_files.py" "$here/init" "$agent" | md5sum)"
if [ "$(cat "$out/stamp" 2>/dev/null)" = "$stamp" ]; then
  exit 0
fi

boot_files kernel "$out/vmlinux.new"

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

boot_files modules "$root/modules" virtio_pci virtio_balloon virtio_mem virtio_console
boot_files modules "$root/modules-usb" xhci_pci usb_storage sr_mod isofs
(cd "$root" && find . | cpio --quiet -o -H newc) > "$out/initrd.cpio.new"

mv "$out/vmlinux.new" "$out/vmlinux"
mv "$out/initrd.cpio.new" "$out/initrd.cpio"
chmod 644 "$out/vmlinux" "$out/initrd.cpio"
echo "$stamp" > "$out/stamp"
