import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByTool } from "./absences.ts";
import { listWholeDisks } from "./disk-discovery.ts";
import { parseSmartctlScan, type ScannedDevice } from "./smartctl-scan.ts";
import { trimSysfs } from "./text.ts";

/** One way to ask a drive. Several may lead to the same drive. */
export interface DriveWay {
  /** Name and type: what tells this way from others. */
  readonly key: string;
  readonly tool: "smartctl" | "nvme";
  readonly device: string;
  /** For `-d`; null: smartctl finds out. */
  readonly type: string | null;
  /** What people call it: sda, nvme0n1, bus/0:megaraid,3. */
  readonly label: string;
  /** Name in /sys/block; null: the kernel shows no such disk. */
  readonly block: string | null;
}

export interface FoundWays {
  readonly ways: readonly DriveWay[];
  readonly absences: readonly Absence[];
  /** The scan failed: drives that only it names may be there all the same. */
  readonly isPartial: boolean;
}

export const smartWhat = "wws.disk.smart.passed";
const scanTimeoutMs = 20_000;

/**
 * All ways to this host's drives: those that `smartctl --scan-open` lists, and whole disks of
 * /sys/block that it leaves out. Without smartctl, NVMe drives by their controller, for `nvme`.
 */
export async function findDriveWays(source: HardwareSource): Promise<FoundWays> {
  const blocks = listWholeDisks(source).slice(0, blocksMax);
  const scan = await source.runTool({
    tool: "smartctl",
    args: ["--scan-open", "--json"],
    timeoutMs: scanTimeoutMs,
  });
  if (!scan.ok && scan.problem.kind === "missing") return withoutSmartctl(blocks);
  const parsed = scan.ok ? parseSmartctlScan(scan.value.stdout) : null;
  const absences: Absence[] = [];
  if (!scan.ok) absences.push(absentByTool(smartWhat, scan.problem, "smartmontools"));
  else if (parsed?.ok === false)
    absences.push(
      absent({
        what: smartWhat,
        reason: "unreadable-text",
        detail: `smartctl --scan-open: ${parsed.problem.detail}; apt install smartmontools (7.3 or newer)`,
      }),
    );
  const scanned = parsed?.ok === true ? parsed.value : [];
  const ways = new Map<string, DriveWay>();
  const add = (way: DriveWay): void => {
    if (!ways.has(way.key)) ways.set(way.key, way);
  };
  for (const device of scanned) add(wayOf(device, blocks));
  const reached = new Set([...ways.values()].map(({ block }) => block));
  for (const block of blocks) {
    if (reached.has(block)) continue;
    if (isSmartArrayVolume(source, block)) add(smartArrayWay(block, 0));
    else if (smartBlocks.test(block)) add(plainWay(block));
    else absences.push(noSmart(block));
  }
  return { ways: [...ways.values()], absences, isPartial: !scan.ok };
}

/** The way to the next drive behind the same Smart Array; null where this is no such way. */
export function nextBehind(way: DriveWay): DriveWay | null {
  const number = /^cciss,(\d{1,3})$/.exec(way.type ?? "")?.[1];
  if (number === undefined || Number(number) >= smartArrayDrivesMax) return null;
  return smartArrayWay(way.device.slice("/dev/".length), Number(number) + 1);
}

function wayOf({ name, type }: ScannedDevice, blocks: readonly string[]): DriveWay {
  const label = name.slice("/dev/".length);
  // A scan that does not open calls every SATA disk scsi; left to itself smartctl finds SAT.
  const asked = type === null || type === "scsi" || type === "nvme" ? null : type;
  const isBehind = asked !== null && /,\d/.test(asked) && !/^usb|^sat,/i.test(asked);
  const block = isBehind ? null : blockOf(label, blocks);
  return {
    key: `${name} ${asked ?? ""}`,
    tool: "smartctl",
    device: name,
    type: asked,
    label: isBehind ? `${label}:${asked}` : (block ?? label),
    block,
  };
}

/** /dev/nvme0 is the controller; its first namespace is the disk that people know. */
function blockOf(label: string, blocks: readonly string[]): string | null {
  if (blocks.includes(label)) return label;
  if (!/^nvme\d+$/.test(label)) return null;
  return blocks.find((block) => block.startsWith(`${label}n`)) ?? null;
}

function plainWay(block: string): DriveWay {
  const device = `/dev/${block}`;
  return { key: `${device} `, tool: "smartctl", device, type: null, label: block, block };
}

function smartArrayWay(block: string, number: number): DriveWay {
  const type = `cciss,${number}`;
  const device = `/dev/${block}`;
  return {
    key: `${device} ${type}`,
    tool: "smartctl",
    device,
    type,
    label: `${block}:${type}`,
    block: null,
  };
}

function withoutSmartctl(blocks: readonly string[]): FoundWays {
  const ways = new Map<string, DriveWay>();
  const absences: Absence[] = [];
  const others: string[] = [];
  for (const block of blocks) {
    const controller = /^nvme\d+(?=n\d)/.exec(block)?.[0];
    if (controller === undefined) {
      if (smartBlocks.test(block)) others.push(block);
      else absences.push(noSmart(block));
      continue;
    }
    const device = `/dev/${controller}`;
    if (!ways.has(device))
      ways.set(device, { key: device, tool: "nvme", device, type: null, label: block, block });
  }
  if (others.length > 0 || ways.size === 0)
    absences.push(
      absent({
        what: smartWhat,
        reason: "tool-missing",
        detail: `smartctl is not there to ask ${others.slice(0, 4).join(" ") || "any disk"}; apt install smartmontools`,
      }),
    );
  return { ways: [...ways.values()], absences, isPartial: false };
}

/** Volumes of an HP Smart Array, behind which drives are numbered; smartctl's scan leaves them out. */
function isSmartArrayVolume(source: HardwareSource, block: string): boolean {
  const of = (file: string): string => {
    const read = source.readText(`/sys/block/${block}/device/${file}`);
    return read.ok ? trimSysfs(read.value) : "";
  };
  return /^HPE?$/.test(of("vendor")) && /^LOGICAL VOLUME/.test(of("model"));
}

function noSmart(block: string): Absence {
  return absent({
    what: smartWhat,
    attributes: { "hw.name": block },
    reason: /^(?:vd|xvd)/.test(block) ? "hidden-by-hypervisor" : "not-supported",
    detail: `${block}: this kind of disk has no SMART`,
  });
}

const smartBlocks = /^(?:sd|hd|nvme)/;
const blocksMax = 1_024;
/** A Smart Array numbers its drives from 0; smartctl takes up to 127. */
const smartArrayDrivesMax = 127;
