import { modulesAtStart } from "./imaging-contents.ts";

/** Where our own files lie in the initramfs. */
export const imagingHome = "wws";

/**
 * The first process. It mounts what a system has, takes every watchdog off first, loads the driver of
 * each device that is there, keeps asking for an address on each network card, and keeps the imaging
 * program running. It never ends, and touches no disk.
 */
export const imagingInit = `#!/bin/sh
export PATH=/usr/bin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mkdir -p /dev/pts; mount -t devpts pts /dev/pts; mount -t tmpfs tmp /tmp; mount -t tmpfs run /run
say() { echo "wws-imaging $(cut -d' ' -f1 /proc/uptime) $*" >/dev/console; }
say starting
for module in ${modulesAtStart.join(" ")}; do modprobe -q $module; done

# A watchdog that a former system armed would reset the machine in the middle of a disk.
if [ -d /sys/firmware/dmi/entries/38-0 ]; then
  modprobe -q ipmi_si; modprobe -q ipmi_devintf
  for try in 1 2 3 4 5 6 7 8 9 10; do [ -e /dev/ipmi0 ] && break; sleep 0.2; done
  if [ -e /dev/ipmi0 ]; then
    timeout 20 ipmitool mc watchdog off >/dev/null 2>&1 && say "watchdog of the BMC is off" ||
      say "watchdog of the BMC does not answer"
  fi
fi
load() {
  find /sys/devices -name modalias 2>/dev/null | xargs -r cat 2>/dev/null | sort -u |
    xargs -r modprobe -qab 2>/dev/null
}
# Twice: buses that the first pass found bring devices of their own.
load; load
for watchdog in /sys/class/watchdog/watchdog*; do
  [ "$(cat $watchdog/state 2>/dev/null)" = active ] && printf V >/dev/\${watchdog##*/} &&
    say "\${watchdog##*/} is $(cat $watchdog/state)"
done
say "drivers loaded"

ip link set lo up
for try in $(seq 50); do
  for card in /sys/class/net/*; do [ -e $card/device ] && found=yes; done
  [ -n "$found" ] && break
  sleep 0.1
done
for card in /sys/class/net/*; do
  [ -e $card/device ] && [ "$(cat $card/type)" = 1 ] || continue
  name=\${card##*/}
  ip link set $name up
  # For ever: switches may take a minute before they forward.
  udhcpc -f -R -i $name -s /${imagingHome}/dhcp -t 10 -T 1 -A 3 >/dev/null 2>&1 &
done
say "network asked"

while :; do
  node /${imagingHome}/imaging.mjs
  say "the imaging program ended with $?; again in 5 s"
  sleep 5
done
`;

/** What udhcpc runs; the first card that gets a route keeps it. */
export const dhcpScript = `#!/bin/sh
export PATH=/usr/bin:/bin
case $1 in
  bound|renew)
    ip addr replace $ip/\${mask:-24} dev $interface
    for gateway in $router; do ip route add default via $gateway dev $interface 2>/dev/null; break; done
    [ "$1" = bound ] && echo "wws-imaging $(cut -d' ' -f1 /proc/uptime) $interface has $ip" >/dev/console
    [ -n "$dns" ] && for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf ;;
  deconfig) ip link set $interface up ;;
esac
exit 0
`;
