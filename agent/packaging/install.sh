#!/bin/sh
# Puts the agent of this tarball onto a host with systemd; `./install.sh --remove` takes it off. The
# settings and the host's identity are left as they are. Debian and its kin: use the .deb instead.
set -eu
[ "$(id -u)" = 0 ] || { echo "install.sh: run it as root" >&2; exit 1; }
cd "$(dirname "$0")"
if [ "${1:-}" = --remove ]; then
  systemctl disable --now wws-agent.service wws-looker.socket wws-hands.socket || true
  systemctl stop wws-looker.service 'wws-hands@*.service' || true
  rm -rf /usr/lib/wws-agent /usr/share/doc/wws-agent /usr/bin/wws-agent
  rm -f /usr/lib/sysusers.d/wws-agent.conf /usr/lib/tmpfiles.d/wws-agent.conf
  for unit in wws-agent.service wws-looker.service wws-looker.socket wws-hands@.service \
    wws-hands.socket; do
    rm -f "/etc/systemd/system/$unit"
  done
  systemctl daemon-reload
  echo "removed; the host's identity is still in /var/lib/wws-agent"
  ls -d /etc/systemd/system/*.d/90-wws-fence.conf 2>/dev/null &&
    echo "this host is fenced: these bars stay until they are removed, and systemctl daemon-reload"
  exit 0
fi
# A program that runs cannot be written over, but replaced.
rm -rf /usr/lib/wws-agent.new
mkdir -p /usr/lib /usr/bin /usr/share/doc /usr/lib/sysusers.d /usr/lib/tmpfiles.d /etc/wws-fleet
cp -R root/usr/lib/wws-agent /usr/lib/wws-agent.new
rm -rf /usr/lib/wws-agent
mv /usr/lib/wws-agent.new /usr/lib/wws-agent
rm -rf /usr/share/doc/wws-agent
cp -R root/usr/share/doc/wws-agent /usr/share/doc/wws-agent
cp root/usr/bin/wws-agent /usr/bin/wws-agent
cp root/usr/lib/sysusers.d/wws-agent.conf /usr/lib/sysusers.d/
cp root/usr/lib/tmpfiles.d/wws-agent.conf /usr/lib/tmpfiles.d/
[ -e /etc/wws-fleet/agent.toml ] || cp root/etc/wws-fleet/agent.toml /etc/wws-fleet/
cp root/lib/systemd/system/wws-* /etc/systemd/system/
chown -R root:root /usr/lib/wws-agent /usr/share/doc/wws-agent /usr/bin/wws-agent
systemd-sysusers /usr/lib/sysusers.d/wws-agent.conf
if getent group _lldpd >/dev/null; then usermod --append --groups _lldpd wws-agent; fi
systemd-tmpfiles --create /usr/lib/tmpfiles.d/wws-agent.conf
systemctl daemon-reload
systemctl stop wws-looker.service || true
systemctl enable --now wws-looker.socket wws-hands.socket wws-agent.service
systemctl restart wws-agent.service
