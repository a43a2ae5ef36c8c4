#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The desktop guest's start after its root is mounted: devices, the agent's daemon, an X server, a
# window manager, the agent, a terminal with a clock of keys. Then it answers the test's questions
# on the channel org.lodgevm.test: a line "NUMBER BASE64" holds a command, the answer is a line
# "NUMBER STATUS BASE64". Everything runs as root: there is nobody to protect from.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOME=/root LANG=C.UTF-8 XDG_RUNTIME_DIR=/run/user/0 DISPLAY=:0

mkdir -p /dev/pts /dev/shm /tmp
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /tmp
# The home of root cannot be read through the share, and belongs to this machine's user anyhow.
mount -t tmpfs home /root
mkdir -p /run/user/0
chmod 700 /run/user/0
mkdir -p /root/Desktop /root/Downloads /run/dbus /run/spice-vdagentd /run/log /tmp/.X11-unix /var/log
mount -t tmpfs log /var/log
hostname desktop-guest
ip link set lo up

say ()
{
  echo "desktop guest: $* ($(cut -d ' ' -f 1 /proc/uptime) s)" > /dev/ttyS0
}

# Polls: the guest has no better way, and it is up in a moment.
await ()
{
  local turns=1200
  until "$@" > /dev/null 2>&1; do
    turns=$((turns - 1))
    if [ $turns = 0 ]; then
      say "gave up waiting for: $*"
      return 1
    fi
    sleep 0.05
  done
}

say devices
/lib/systemd/systemd-udevd --daemon
modprobe -a virtio_console virtio_gpu qxl bochs evdev psmouse uinput virtio_input xhci_pci usbhid \
  2> /dev/null
udevadm trigger --action=add --subsystem-match=input --subsystem-match=drm \
  --subsystem-match=virtio-ports --subsystem-match=graphics --subsystem-match=usb
udevadm settle --timeout=20

dbus-uuidgen --ensure=/run/machine-id
mount --bind /run/machine-id /etc/machine-id 2> /dev/null

question=/dev/virtio-ports/org.lodgevm.test
answer ()
{
  local number line output status
  exec 3<> "$question"
  while :; do
    # The port reads as ended as long as nobody holds its other end.
    if ! IFS=' ' read -r number line <&3; then
      sleep 0.2
      continue
    fi
    output=$(bash -c "$(base64 -d <<< "$line")" 2>&1 < /dev/null | base64 -w 0; exit "${PIPESTATUS[0]}")
    status=$?
    echo "$number $status $output" >&3
  done
}
await test -e $question && answer &

say "x server"
# The video card asks for a new size by changing the mode that a screen prefers; to follow is the
# part of a desktop environment, which a bare window manager lacks.
follow_preferred_mode ()
{
  stdbuf -oL xev -root -event randr | while read -r line; do
    case $line in
      *Notify*)
        for screen in $(xrandr | awk '$2 == "disconnected" && /[0-9]x[0-9]+[+]/ { print $1 }'); do
          xrandr --output "$screen" --off
        done
        if xrandr | grep -qE '^ +[0-9]+x[0-9]+ .*[0-9] \+'; then
          before=
          for screen in $(xrandr | awk '$2 == "connected" { print $1 }'); do
            xrandr --output "$screen" --auto ${before:+--right-of "$before"}
            before=$screen
          done
        fi
        ;;
    esac
  done
}

dbus-daemon --system --fork
# Without acceleration and GL: the guest has no GPU, and a software one takes seconds to load.
cat > /run/xorg.conf <<'XORG'
Section "Device"
  Identifier "card"
  Driver "modesetting"
  Option "AccelMethod" "none"
EndSection
XORG
Xorg :0 vt1 -config /run/xorg.conf -extension GLX -noreset -nolisten tcp -s 0 -dpms -novtswitch \
  -logfile /var/log/Xorg.log > /var/log/x.out 2>&1 &
await test -e /dev/virtio-ports/com.redhat.spice.0 &&
  spice-vdagentd -X -s /dev/virtio-ports/com.redhat.spice.0
await xset q
say "x server answers"
xsetroot -solid '#2d4f67'
openbox > /var/log/openbox.out 2>&1 &
follow_preferred_mode &
spice-vdagent -x -d -f /root/Downloads -o 0 > /var/log/vdagent.out 2>&1 &
xterm -geometry 60x12+40+40 -fa Monospace -fs 12 -T 'Lodge desktop guest' > /var/log/xterm.out 2>&1 &
await xprop -root _NET_SUPPORTING_WM_CHECK
touch /run/desktop-is-up
say up

# A shell on the serial console, for the console tab.
while :; do
  setsid bash -c 'exec bash --norc -i < /dev/ttyS0 > /dev/ttyS0 2>&1'
  sleep 1
done
