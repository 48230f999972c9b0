import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import { linksTo } from "./device-link.ts";
import { IntegerScanner } from "./integer-scanner.ts";

export interface WholeDisk {
  /** What the kernel calls it: sda, nvme0n1. */
  readonly name: string;
  /** Rows of /proc/diskstats that are summed for it; its own name, or its NVMe paths. */
  readonly rows: readonly string[];
}

/**
 * The whole disks: entries of /sys/block with a device behind them, which leaves out partitions,
 * dm, md, loop, ram and zram (they live under /sys/devices/virtual). Optical and floppy drives and
 * network block devices are left out by name. In the order of /proc/diskstats.
 */
export function findWholeDisks(
  source: HardwareSource,
  diskstats: Uint8Array,
): readonly WholeDisk[] {
  const rows = parseDiskRows(diskstats);
  const listed = source.listDirectory("/sys/block");
  const isWhole = listed.ok
    ? wholeBySysfs(source, listed.value)
    : (name: string) => wholeByName.test(name) && !leftOutByName.test(name);
  const names = [...rows.keys()].filter(isWhole);
  return names.map((name) => ({ name, rows: rowsOf(name, rows) }));
}

/** Names of the whole disks, in the order of /proc/diskstats; none where that cannot be read. */
export function listWholeDisks(source: HardwareSource): readonly string[] {
  const opened = source.openCounterFile("/proc/diskstats");
  if (!opened.ok) return [];
  const read = opened.value.read();
  const names = read.ok ? findWholeDisks(source, read.value).map(({ name }) => name) : [];
  opened.value.close();
  return names;
}

/** Whether a block device's name alone says that it is no disk of the server's own. */
function isNoDiskByName(name: string): boolean {
  return leftOutByName.test(name) || multipathLeg.test(name);
}

function wholeBySysfs(source: HardwareSource, entries: readonly string[]) {
  const names = new Set(entries.filter((name) => !isNoDiskByName(name)));
  return (name: string): boolean => names.has(name) && hasDevice(source, name);
}

/** Virtual block devices have no `device`; where the tree says nothing of either, the name tells. */
function hasDevice(source: HardwareSource, name: string): boolean {
  if (linksTo(source, `/sys/block/${name}/device`)) return true;
  return !source.readLink(`/sys/block/${name}`).ok && wholeByName.test(name);
}

/**
 * NVMe multipath: some kernels count on the paths (nvme0c0n1, nvme0c1n1) and leave the disk
 * (nvme0n1) at zero; newer ones count on the disk.
 */
function rowsOf(name: string, rows: ReadonlyMap<string, boolean>): readonly string[] {
  const parts = /^nvme(\d+)n(\d+)$/.exec(name);
  if (parts === null || rows.get(name) === true) return [name];
  const path = new RegExp(`^nvme${parts[1]}c\\d+n${parts[2]}$`);
  const paths = [...rows.keys()].filter((row) => path.test(row));
  return paths.length > 0 ? paths : [name];
}

/** Names in /proc/diskstats, and whether anything was ever read or written there. */
function parseDiskRows(bytes: Uint8Array): ReadonlyMap<string, boolean> {
  const scanner = new IntegerScanner();
  scanner.reset(bytes);
  const rows = new Map<string, boolean>();
  for (; !scanner.atEnd(); scanner.skipLine()) {
    if (scanner.integer() < 0 || scanner.integer() < 0) continue;
    scanner.skipBlanks();
    const length = scanner.wordLength();
    const name = scanner.text(length);
    scanner.position += length;
    let used = false;
    for (let number = scanner.integer(); number >= 0; number = scanner.integer())
      used ||= number > 0;
    if (name !== "") rows.set(name, used);
  }
  return rows;
}

const leftOutByName = /^(?:dm-|md|loop|ram|zram|sr|fd|nbd|rbd|drbd|zd|btt)\d*/;
/** One path of an NVMe disk that several controllers reach. */
const multipathLeg = /^nvme\d+c\d+n\d+$/;
/** Where there is no /sys to ask: names of whole disks, not of their partitions. */
const wholeByName =
  /^(?:(?:sd|hd|vd|xvd)[a-z]+|nvme\d+n\d+|mmcblk\d+|pmem\d+|dasd[a-z]+|c\d+d\d+)$/;
