import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetchDebianKernel } from "./debian-kernel.ts";
import { type GuestHardware, runGuest } from "./guest.ts";
import { numaStorageServer, powerServer, powerServerSensors } from "./guest-hardware.ts";
import { buildInitramfs } from "./guest-initramfs.ts";
import { startIpmiSimulator } from "./ipmi-simulator.ts";

export type GuestName = "numa-storage" | "power";

/** Where kernels are kept between runs. */
const cache = join(tmpdir(), "wws-guest-kernels");

/**
 * The guest records itself with the agent of this checkout while it does a little work, packs the
 * fixture onto its output disk and powers itself off.
 */
function recordingInit(fixture: string, frames: number): string {
  return `#!/bin/sh
export PATH=/bin:/usr/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
for module in virtio_pci virtio_blk virtio_net nvme ahci sd_mod sg ext4 crc32c_generic dmi-sysfs; do modprobe $module; done
[ -d /sys/firmware/dmi/entries/38-0 ] && { modprobe ipmi_si; modprobe ipmi_devintf; }
hostname guest; ip link set lo up; ip link set eth0 up
# The first NVMe disk gets a file system, so that there is one to report.
mkdir -p /mnt; [ -b /dev/nvme0n1 ] && mkfs.ext2 /dev/nvme0n1 2097152 >/dev/null 2>&1 && mount -t ext4 /dev/nvme0n1 /mnt
( while :; do dd if=/dev/zero of=/mnt/load bs=64k count=32 conv=fsync 2>/dev/null; sleep 1; done ) &
cd /agent-home && node agent/main.ts record /out/${fixture} --frames ${frames} --interval 1 && R=ok
kill $! 2>/dev/null
[ "$R" = ok ] && cd /out && tar cf /dev/disk-output ${fixture} && sync && echo GUEST DONE
poweroff -f
`;
}

/** Boots the guest, lets it record `frames` seconds of itself, and unpacks the fixture into `into`. */
export async function recordGuest(guest: GuestName, into: string, frames = 6): Promise<string> {
  const kernel = fetchDebianKernel(mkdirs(cache));
  const folder = mkdtempSync(join(tmpdir(), `wws-guest-${guest}-`));
  const bmc =
    guest === "power" ? await startIpmiSimulator(folder, "lab1", 9623, powerServerSensors) : null;
  try {
    const hardware: GuestHardware = bmc === null ? numaStorageServer : powerServer(bmc.guestArgs);
    const initramfs = join(folder, "initramfs");
    // The output disk is the first virtio disk.
    buildInitramfs(
      kernel,
      recordingInit(hardware.name, frames).replace("/dev/disk-output", "/dev/vda"),
      initramfs,
    );
    const output = await runGuest({
      hardware,
      folder,
      kernel: kernel.image,
      initramfs,
      timeoutMs: 170_000,
    });
    mkdirs(into);
    execFileSync("tar", ["xf", output.archive, "--no-same-owner", "-C", into]);
    return join(into, hardware.name);
  } finally {
    await bmc?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function mkdirs(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}

// By hand: node test/real/guests/record-guest.ts power hardware-fixtures/hosts
if (import.meta.main) {
  const [guest, into, frames] = process.argv.slice(2);
  if ((guest !== "power" && guest !== "numa-storage") || into === undefined) {
    process.stderr.write(
      "usage: node test/real/guests/record-guest.ts power|numa-storage DIR [FRAMES]\n",
    );
    process.exit(2);
  }
  process.stdout.write(
    `${await recordGuest(guest, into, frames === undefined ? 6 : Number(frames))}\n`,
  );
}
