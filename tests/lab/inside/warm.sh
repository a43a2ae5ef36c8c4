#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Goes once through what tests do, before the state is saved: a camera and a stick are given to the
# guest and taken back. An emulator within an emulator needs most of a minute to translate the kernel's
# code for that for the first time; what it has translated is in the saved state.
set -eu
deadline=$((SECONDS + 600))
within ()
{
  until "$@" > /dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { echo "gave up waiting for: $*"; exit 1; }
    sleep 0.1
  done
}
guest ()
{
  python3 /lab/ask.py "$1"
}
guest_says ()
{
  guest "$1" | grep -q "$2"
}
find_device ()
{
  grep -lx "$1" /sys/bus/usb/devices/*/serial 2>/dev/null | grep -q . || return 1
  device=$(dirname "$(grep -lx "$1" /sys/bus/usb/devices/*/serial)")
}
give ()
{
  within find_device "$1"
  find_device "$1"
  cat > /run/lab/warm.xml <<XML
<hostdev mode='subsystem' type='usb'>
  <source><address bus='$(cat "$device/busnum")' device='$(cat "$device/devnum")'/></source>
  <alias name='ua-warm'/>
</hostdev>
XML
  virsh -q -c qemu:///system attach-device linux /run/lab/warm.xml --live
}
take ()
{
  virsh -q -c qemu:///system detach-device-alias linux ua-warm --live
}

guest 'cat /proc/version; ls /sys/bus/usb/devices'

python3 /lab/usbcamera.py --serial WARM > /dev/null &
camera=$!
within test -e /dev/video0
give WARM
within guest_says 'ls /dev' video0
guest 'frames /dev/video0 6'
take
within guest_says 'ls /dev | grep -c video' '^0'
kill $camera
wait $camera 2>/dev/null || :

python3 /lab/hand.py plug stick warm serial=STICK size=4
within test -b /dev/sda
give STICK
within guest_says 'ls /sys/block' sda
guest 'head -c 512 /dev/sda | wc -c'
take
within test -b /dev/sda
within guest_says 'ls /sys/block | grep -c sd' '^0'
python3 /lab/hand.py unplug warm
until ! find_device STICK; do
  sleep 0.1
done
rm /run/lab/warm.xml
