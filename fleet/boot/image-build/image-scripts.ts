import { rootLabel, rootModules, seedLabel, systemModules } from "./image-contents.ts";

/** First process of the image's initramfs: finds the root file system by its label, on any disk. */
export const rootInit = `#!/bin/busybox sh
/bin/busybox --install -s /bin; export PATH=/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in ${rootModules.join(" ")}; do modprobe -q $module; done
for try in $(seq 600); do
  root=$(findfs LABEL=${rootLabel} 2>/dev/null) && break
  sleep 0.1
done
[ -n "$root" ] || { echo "wws-image: no file system is called ${rootLabel}" >/dev/console; sleep 30; reboot -f; }
mount -t ext4 $root /root || { sleep 30; reboot -f; }
mount --move /dev /root/dev; mount --move /proc /root/proc; mount --move /sys /root/sys
exec switch_root /root /sbin/init
`;

/** `shutdown`: what QEMU's and a BMC's power button ask for, too. */
export const inittab = `::sysinit:/etc/rc.start
::respawn:/etc/rc.agent
::shutdown:/etc/rc.stop
::ctrlaltdel:/bin/busybox reboot
`;

/** Drivers, then what the seed says, then the network. A seed is applied once for each instance. */
export const startScript = `#!/bin/sh
export PATH=/usr/bin:/bin
say() { echo "wws-image $(cut -d' ' -f1 /proc/uptime) $*" >/dev/console; }
mount -o remount,rw /
mount -t tmpfs run /run; mount -t tmpfs tmp /tmp
say "started from $(sed -n 's/^PRETTY_NAME=//p' /etc/os-release)"
for module in ${systemModules.join(" ")}; do modprobe -q $module 2>/dev/null; done
acpid -l /run/acpid.log -p /run/acpid.pid
ip link set lo up
for try in $(seq 50); do
  for card in /sys/class/net/*; do [ -e $card/device ] && found=yes; done
  [ -n "$found" ] && break
  sleep 0.1
done
mkdir -p /run/seed /run/wws
if seed=$(findfs LABEL=${seedLabel} 2>/dev/null) && mount -t vfat -o ro $seed /run/seed; then
  wws-agent first-boot /run/seed && say "seed of $seed applied" || say "seed of $seed is not good"
  umount /run/seed
else
  say "no seed"
fi
if [ -f /run/wws/dhcp ]; then cards=$(cat /run/wws/dhcp)
else cards=$(for card in /sys/class/net/*; do [ -e $card/device ] && echo \${card##*/}; done); fi
for card in $cards; do
  ip link set $card up
  udhcpc -f -R -S -i $card -s /etc/udhcpc.script -A 3 >/dev/null 2>&1 &
done
say "network asked"
`;

/** Kept running by init; without a token or an identity there is nobody to report to. */
export const agentScript = `#!/bin/sh
export PATH=/usr/bin:/bin
[ -f /etc/wws-agent/join-token ] || [ -f /var/lib/wws-agent/journal.json ] || exec sleep 3600
# Until the network is there, every attempt is one for nothing.
for try in $(seq 60); do ip route | grep -q . && break; sleep 1; done
if [ -f /etc/wws-agent/join-token ]; then
  # By its standard input, where ps does not show it; good for one use, and gone after it.
  wws-agent enroll --token - </etc/wws-agent/join-token >/dev/console 2>&1 || exec sleep 10
  rm -f /etc/wws-agent/join-token
fi
wws-agent run </dev/null >/dev/console 2>&1
sleep 5
`;

export const stopScript = `#!/bin/sh
sync; umount -a -r
`;

/** What udhcpc runs. */
export const leaseScript = `#!/bin/sh
export PATH=/usr/bin:/bin
case $1 in
  bound|renew)
    ip addr replace $ip/\${mask:-24} dev $interface
    for gateway in $router; do ip route add default via $gateway dev $interface 2>/dev/null; break; done
    [ "$1" = bound ] && echo "wws-image $(cut -d' ' -f1 /proc/uptime) $interface has $ip" >/dev/console
    [ -n "$dns" ] && for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf ;;
esac
exit 0
`;

/** Of SYSLINUX, for a BIOS. */
export const syslinuxConfig = `DEFAULT linux
PROMPT 0
TIMEOUT 0
SERIAL 0 115200
LABEL linux
 KERNEL vmlinuz
 INITRD initrd
 APPEND console=tty0 console=ttyS0 quiet panic=10
`;

/** Of systemd-boot, for UEFI. */
export const loaderConfig = "timeout 0\ndefault linux.conf\n";
export const loaderEntry =
  "title WWS image\nlinux /vmlinuz\ninitrd /initrd\noptions console=tty0 console=ttyS0 quiet panic=10\n";
