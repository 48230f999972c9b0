import { createWalk, type Walk } from "./load-walk.ts";
import type { DiskShape, ServerShape } from "./server-shape.ts";
import type { TextParts, Texts } from "./texts.ts";

/** What each disk is, in sysfs, and where its links lead. */
export function diskFacts(shape: ServerShape): { readonly texts: Texts; readonly links: Texts } {
  const texts: Record<string, string> = {};
  const links: Record<string, string> = {};
  for (const [index, disk] of shape.disks.entries()) {
    const folder = `/sys/block/${disk.name}`;
    texts[`${folder}/size`] = `${sectorsOf(disk)}\n`;
    texts[`${folder}/queue/rotational`] = disk.kind === "sata-hdd" ? "1\n" : "0\n";
    texts[`${folder}/device/model`] = `${disk.model.padEnd(disk.kind === "nvme" ? 40 : 16)}\n`;
    const serial = serialOf(shape, index);
    if (disk.kind === "nvme") {
      const controller = disk.name.replace(/n\d+$/, "");
      texts[`${folder}/device/serial`] = `${serial.padEnd(20)}\n`;
      texts[`${folder}/device/firmware_rev`] = `${disk.firmware.padEnd(8)}\n`;
      texts[`${folder}/wwid`] = `eui.00253${hexOf(shape, index, 11)}\n`;
      links[`${folder}/device`] = `../../${controller}`;
      links[folder] =
        `../devices/pci0000:${bus(index)}/0000:${bus(index)}:00.0/nvme/${controller}/${disk.name}`;
    } else {
      const target = `${index}:0:0:0`;
      texts[`${folder}/device/vendor`] = "ATA     \n";
      texts[`${folder}/device/rev`] = `${disk.firmware}\n`;
      texts[`${folder}/device/vpd_pg80`] = `\0\u0080\0\u0014${serial.padEnd(20)}`;
      texts[`${folder}/device/wwid`] = `naa.${worldWideName(shape, index)}\n`;
      links[`${folder}/device`] = `../../../${target}`;
      links[folder] =
        `../devices/pci0000:00/0000:00:17.0/ata${index + 1}/host${index}/target${index}:0:0/${target}/block/${disk.name}`;
    }
  }
  // A device mapper disk stands in the same folder and is no disk of the server's own.
  texts["/sys/block/dm-0/dm/name"] = "vg0-root\n";
  return { texts, links };
}

/** /proc/diskstats with partitions and a mapped disk among the rows, twenty columns each. */
export function createDiskTexts({ shape, random, load }: TextParts): (frame: number) => Texts {
  const disks = shape.disks.map((disk) =>
    createDisk({ shape, random: random.fork(disk.name), load }, disk),
  );
  return (frame) => {
    for (const disk of disks) disk.step(frame);
    const rows = disks.flatMap((disk) => disk.rows());
    const mapped = disks[0]?.counters ?? [];
    return { "/proc/diskstats": [...rows, row(254, 0, "dm-0", mapped)].join("") };
  };
}

interface Disk {
  /** The twenty columns behind the name but for those that stay 0. */
  readonly counters: readonly number[];
  step(frame: number): void;
  rows(): readonly string[];
}

function createDisk({ shape, random, load }: TextParts, disk: DiskShape): Disk {
  const activity: Walk = createWalk(random, shape.frames, { mean: 0.5, swing: 0.4 });
  const isNvme = disk.kind === "nvme";
  /** Milliseconds that one operation takes on such a disk. */
  const readMs = isNvme ? 0.09 : 7.5;
  const writeMs = isNvme ? 0.03 : 4.2;
  const days = 41 * 86_400;
  const busy = {
    reads: 0,
    sectorsRead: 0,
    readMs: 0,
    writes: 0,
    sectorsWritten: 0,
    writeMs: 0,
    ioMs: 0,
    inFlight: 0,
  };
  const add = (reads: number, writes: number, seconds: number): void => {
    busy.reads += reads;
    busy.sectorsRead += reads * disk.reads.kibibytes * 2;
    busy.readMs += Math.round(reads * readMs);
    busy.writes += writes;
    busy.sectorsWritten += writes * disk.writes.kibibytes * 2;
    busy.writeMs += Math.round(writes * writeMs);
    busy.ioMs += Math.min(
      1000 * seconds,
      Math.round((reads * readMs + writes * writeMs) * (isNvme ? 0.6 : 0.9)),
    );
  };
  add(
    Math.round(disk.reads.perSecond * 0.2 * days),
    Math.round(disk.writes.perSecond * 0.2 * days),
    days,
  );
  const [major, minor] = numbersOf(shape, disk);
  const counters = (): readonly number[] => [
    busy.reads,
    0,
    busy.sectorsRead,
    busy.readMs,
    busy.writes,
    0,
    busy.sectorsWritten,
    busy.writeMs,
    busy.inFlight,
    busy.ioMs,
    busy.readMs + busy.writeMs,
  ];
  return {
    get counters() {
      return counters();
    },
    step(frame) {
      const rate = load(frame) * activity(frame);
      add(Math.round(disk.reads.perSecond * rate), Math.round(disk.writes.perSecond * rate), 1);
      busy.inFlight = random.below(isNvme ? 9 : 3);
    },
    rows: () => [
      row(major, minor, disk.name, counters()),
      ...disk.partitions.map((share, index) => {
        const part = counters().map((value, place) =>
          place === 8 ? 0 : Math.floor(value * share),
        );
        const name = isNvme ? `${disk.name}p${index + 1}` : `${disk.name}${index + 1}`;
        return row(major, minor + index + 1, name, part);
      }),
    ],
  };
}

function row(major: number, minor: number, name: string, counters: readonly number[]): string {
  return `${String(major).padStart(4)} ${String(minor).padStart(7)} ${name} ${counters.join(" ")} 0 0 0 0 0 0\n`;
}

/** Major and minor number: the kernel gives each SCSI disk sixteen, and every sixteen disks a major. */
function numbersOf(shape: ServerShape, disk: DiskShape): readonly [major: number, minor: number] {
  const place = shape.disks.filter(({ kind }) => kind === disk.kind).indexOf(disk);
  if (disk.kind === "nvme") return [259, place * 16];
  return [place < 16 ? 8 : 65, (place % 16) * 16];
}

function sectorsOf(disk: DiskShape): number {
  return Math.round((disk.gigabytes * 1e9) / 512 / 8) * 8;
}

export function serialOf(shape: ServerShape, index: number): string {
  return `EX${shape.seed}D${String(index).padStart(5, "0")}`;
}

/** Sixteen digits: kind, maker and number. */
export function worldWideName(shape: ServerShape, index: number): string {
  return `5000c50${hexOf(shape, index, 9)}`;
}

/** Digits that look like a maker's numbering. */
function hexOf(shape: ServerShape, index: number, digits: number): string {
  return ((shape.seed * 7919 + index * 104_729) % 16 ** 8)
    .toString(16)
    .padStart(digits, "3a7")
    .slice(-digits);
}

function bus(index: number): string {
  return (0x20 + index).toString(16);
}
