import { expect, test } from "vitest";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createMemorySource } from "#test/support/memory-source.ts";
import { createValueSink } from "#test/support/value-sink.ts";
import { createFilesystemCollector } from "./filesystems.ts";
import { parseLocalMounts } from "./mount-table.ts";

const mountinfo = [
  "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
  "28 27 0:25 / /proc rw - proc proc rw",
  "29 27 254:0 /var/lib /mnt/bind rw shared:3 master:1 - ext4 /dev/vda rw",
  "30 27 0:40 / /srv/nfs rw - nfs4 server:/export rw",
  "31 27 8:1 / /mnt/my\\040disk rw - xfs /dev/sda1 rw",
  "32 27 0:50 /@ /btrfs/root rw - btrfs /dev/sdb rw,subvol=/@",
  "33 27 0:51 /@home /btrfs rw - btrfs /dev/sdb rw,subvol=/@home",
  "34 27 7:0 / /snap/core ro - squashfs /dev/loop0 ro",
  "35 27 0:60 / /run rw - tmpfs tmpfs rw",
  "36 27 0:61 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=/a:/b",
  "37 27 0:62 / /net rw - autofs systemd-1 rw",
  "broken line",
  "",
].join("\n");

test("local file systems with data, each once, at its shortest mount point", () => {
  expect(parseLocalMounts(mountinfo)).toEqual([
    { mountpoint: "/", type: "ext4", device: "/dev/vda" },
    { mountpoint: "/btrfs", type: "btrfs", device: "/dev/sdb" },
    { mountpoint: "/mnt/my disk", type: "xfs", device: "/dev/sda1" },
  ]);
});

test("used, free and reserved add up, and the share is of what others may use", async () => {
  const source = createMemorySource({
    "/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n",
  });
  const kib = 1024;
  source.putFilesystem("/", {
    sizeBytes: 1000 * kib,
    freeBytes: 400 * kib,
    availableBytes: 350 * kib,
    files: 1,
    filesFree: 1,
  });
  const sink = createValueSink();
  const collector = createFilesystemCollector(source, sink);
  await collector.discover();
  expect(await collector.collect(monotonicMs(0))).toBeNull();
  expect(sink.values()).toEqual({
    "system.filesystem.usage{/,ext4,used}": 600,
    "system.filesystem.usage{/,ext4,free}": 350,
    "system.filesystem.usage{/,ext4,reserved}": 50,
    "system.filesystem.utilization{/,ext4}": 6316,
  });
});

test("a file system that went away costs its own points", async () => {
  const source = createMemorySource({ "/proc/self/mountinfo": mountinfo });
  const sink = createValueSink();
  source.putFilesystem("/", {
    sizeBytes: 4096,
    freeBytes: 0,
    availableBytes: 0,
    files: 1,
    filesFree: 1,
  });
  source.putFilesystem("/btrfs", {
    sizeBytes: 4096,
    freeBytes: 0,
    availableBytes: 0,
    files: 1,
    filesFree: 1,
  });
  const collector = createFilesystemCollector(source, sink);
  await collector.discover();
  expect(await collector.collect(monotonicMs(0))).toMatchObject({
    absences: [{ what: "system.filesystem.usage", attributes: [{ value: "/mnt/my disk" }] }],
  });
  expect(sink.value("system.filesystem.utilization{/btrfs,btrfs}")).toBe(10_000);
});
