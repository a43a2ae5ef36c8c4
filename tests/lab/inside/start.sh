#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The laboratory's start after its root is mounted: devices, buses, the agent that runs what the
# outside asks for, and a shell on the serial line.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8 TERM=linux PAGER=cat

mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs run /run
mount -t cgroup2 cgroup /sys/fs/cgroup
mkdir -p /run/dbus /run/user/0 /run/lab/linux
mount --bind /lab /run/lab/linux
chmod 700 /run/user/0
hostname laboratory
ip link set lo up

/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add --subsystem-match=block --subsystem-match=virtio-ports
modprobe -a xhci_pci vhci_hcd virtio_console usb_storage sd_mod usbhid hid_generic uvcvideo tun \
  vfat ext4 isofs
udevadm settle --timeout=60

dbus-uuidgen --ensure=/etc/machine-id
dbus-daemon --system --fork

python3 /lab/agent.py &
echo "laboratory: up ($(cut -d ' ' -f 1 /proc/uptime) s)" > /dev/ttyS0
while :; do
  setsid bash -c 'cd /run/lab; PS1="laboratory# " exec bash --norc -i < /dev/ttyS0 > /dev/ttyS0 2>&1'
  sleep 1
done
