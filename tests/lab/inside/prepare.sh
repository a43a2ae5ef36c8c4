#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What stands in the laboratory when its state is saved: libvirt's daemon, and a Linux guest that
# has booted. Its USB bus is empty.
set -eu
await ()
{
  local turns=$1
  shift
  until "$@" > /dev/null 2>&1; do
    turns=$((turns - 1))
    [ $turns != 0 ] || { echo "gave up waiting for: $*"; exit 1; }
    sleep 0.25
  done
}
virtlogd -d
libvirtd -d
await 240 virsh -q -c qemu:///system version
virsh -q -c qemu:///system define /lab/nested.xml
virsh -q -c qemu:///system restore /lab/linux.save
/lab/warm.sh
echo "prepared in $(cut -d ' ' -f 1 /proc/uptime) s"
