#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# podman.sh NAME MEMORY CPUS: runs a container of BusyBox with Podman until standard input ends. Says its
# ID on a line when it runs. Images, containers and settings are in a folder of its own, and control
# groups where those of every container are. Ends with 77 where it cannot be run.

set -eu

missing () {
  echo "needs $1"
  exit 77
}

[ "$(id -u)" = 0 ] || missing 'root'
for program in podman crun conmon busybox unshare; do
  command -v "$program" >/dev/null || missing "$program"
done

# Where both versions of control groups are mounted, crun takes neither.
if [ -d /sys/fs/cgroup/unified ] && [ -z "${PODMAN_INSIDE-}" ]; then
  PODMAN_INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
fi
[ -z "${PODMAN_INSIDE-}" ] || umount /sys/fs/cgroup/unified || missing 'one version of control groups'

folder=$(mktemp -d "${TMPDIR:-/var/tmp}/lodge-podman.XXXXXX")
mkdir -p "$folder/root/bin" "$folder/run"
cp "$(command -v busybox)" "$folder/root/bin/busybox"
cat >"$folder/containers.conf" <<END
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
END
export CONTAINERS_CONF="$folder/containers.conf" XDG_RUNTIME_DIR="$folder/run"

run_podman () {
  podman --root "$folder/storage" --runroot "$folder/run" --storage-driver vfs "$@"
}

finish () {
  run_podman rm --force --time 0 --all >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT

tar -C "$folder/root" -c . | run_podman import --quiet - lodge-test:1 >/dev/null 2>&1
run_podman run --detach --name "$1" --network none --memory "$2" --cpus "$3" \
  lodge-test:1 /bin/busybox sh -c 'while :; do :; done' 2>"$folder/words" ||
  { cat "$folder/words"; exit 77; }

cat >/dev/null
