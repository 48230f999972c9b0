import { outputPort } from "./guest.ts";

/**
 * What a guest runs as its first process: loads drivers, puts a little work on disks and network so
 * that counters move, records itself with the agent of this checkout, hands the fixture out and
 * powers itself off. The kernel's command line names the fixture and how many frames it gets.
 * `GUEST DONE` on the console says that all of it worked.
 */
export const recordingInit = `#!/bin/sh
export PATH=/bin:/usr/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
for word in $(cat /proc/cmdline); do
  case $word in wws.fixture=*) fixture=\${word#*=} ;; wws.frames=*) frames=\${word#*=} ;; esac
done
for module in virtio_pci virtio_console virtio_net nvme ahci sd_mod sg crc32c_generic ext4 dmi-sysfs; do modprobe $module; done
[ -d /sys/firmware/dmi/entries/38-0 ] && { modprobe ipmi_si; modprobe ipmi_devintf; }
hostname guest; ip link set lo up; ip link set eth0 up; ip addr add 10.0.2.15/24 dev eth0
# Disks are found in the background. The first gets a file system, so that there is one to report.
for try in $(seq 100); do [ -b /dev/nvme0n1 ] && break; sleep 0.1; done
# By its path: busybox has a smaller one of the same name.
mkdir -p /mnt; /usr/bin/mke2fs -q -t ext4 /dev/nvme0n1 2G && mount -t ext4 /dev/nvme0n1 /mnt || poweroff -f
( while :; do dd if=/dev/zero of=/mnt/load bs=64k count=32 conv=fsync; sleep 1; done ) 2>/dev/null &
( at=0; while [ -b /dev/sda ]; do dd if=/dev/sda of=/dev/null bs=64k count=8 skip=$at; at=$((at + 8)); sleep 1; done ) 2>/dev/null &
ping -s 1000 10.0.2.2 >/dev/null &
echo "GUEST RECORDS after $(cut -d' ' -f1 /proc/uptime) s"
node /agent-home/agent/hardware/main.mjs record /out/$fixture --frames $frames --interval 1 && recorded=yes
echo "GUEST RECORDED after $(cut -d' ' -f1 /proc/uptime) s"
[ "$recorded" = yes ] && cd /out && tar cf - $fixture > ${outputPort} && echo GUEST DONE
poweroff -f
`;
