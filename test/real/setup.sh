#!/bin/sh
# Debian packages for `npm run test:real`. Installs only what is missing, so it needs root only then.
set -eu

packages="
  chromium
  qemu-system-x86 qemu-utils ovmf
  openipmi ipmitool freeipmi-tools
  busybox-static cpio kmod zstd e2fsprogs util-linux binutils
  smartmontools nvme-cli dmidecode pciutils
  faketime iproute2 iputils-ping
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

if [ -z "$missing" ]; then
  echo "setup:real: everything is there"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "setup:real: missing:$missing" >&2
  echo "setup:real: only root can install them: sudo npm run setup:real" >&2
  exit 1
fi

echo "setup:real: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # one word each
apt-get install -y -qq --no-install-recommends $missing
