#!/bin/sh
# Debian packages for `npm run test:real`, and a small Debian for it to boot in a container. Brings
# only what is missing, so it needs root, and the network, only then.
set -eu

packages="
  chromium
  qemu-system-x86 qemu-utils ovmf
  openipmi ipmitool freeipmi-tools
  busybox-static cpio kmod zstd e2fsprogs util-linux binutils
  smartmontools nvme-cli dmidecode pciutils
  faketime iproute2 iputils-ping
  systemd-container debootstrap
"

if ! command -v dpkg-query >/dev/null 2>&1; then
  echo "setup:real: this is not Debian; install by hand:" $packages >&2
  exit 1
fi

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done

# What test/real/package-container.ts boots: systemd and dpkg, nothing of ours. WWS_DEBIAN_MIRROR
# names another mirror than debootstrap's own.
container_root=/var/cache/wws-fleet/container-root
[ -x "$container_root/usr/lib/systemd/systemd" ] && container=there || container=missing

if [ -z "$missing" ] && [ $container = there ]; then
  echo "setup:real: everything is there"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "setup:real: missing:$missing; $container_root is $container" >&2
  echo "setup:real: only root can bring them: sudo npm run setup:real" >&2
  exit 1
fi

if [ -n "$missing" ]; then
  echo "setup:real: installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 # one word each
  apt-get install -y -qq --no-install-recommends $missing
fi

if [ $container = missing ]; then
  echo "setup:real: making a Debian in $container_root, half a minute"
  unfinished=$container_root.unfinished
  rm -rf "$unfinished"
  mkdir -p "$unfinished"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$unfinished" \
    ${WWS_DEBIAN_MIRROR:+"$WWS_DEBIAN_MIRROR"} >"$unfinished.log" 2>&1 || {
    tail -20 "$unfinished.log" >&2
    exit 1
  }
  rm -rf "$unfinished"/var/cache/apt/archives/*.deb "$unfinished"/var/lib/apt/lists/*
  mv "$unfinished" "$container_root"
fi
