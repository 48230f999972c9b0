import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  countMembers,
  type RaidArray,
  type RaidDisk,
  type RaidFacts,
  raidLimits,
  unknownController,
  unknownDisk,
} from "./raid-facts.ts";
import { readToolLines, type ToolLine } from "./raid-text.ts";
import { conditionOf, wordOf } from "./raid-values.ts";
import { parseWwn } from "./smartctl-wwn.ts";

/**
 * Reads `sas2ircu N DISPLAY` and `sas3ircu N DISPLAY`: controller, volumes and devices in sections.
 * Members of a volume may stand as "Ready" among the devices: the volume's own list says who is
 * one. Enclosures are devices too, and no drives.
 */
export function parseSasIrcu(text: string, id = "0"): Result<RaidFacts, string> {
  const lines = readToolLines(text);
  const sections = splitSections(lines);
  const controller = valuesOf(sections.get("controller information") ?? []);
  if (controller.size === 0)
    return fail(
      lines.find(({ text: line }) => /error|fail|not found/i.test(line))?.text ?? "no controller",
    );
  const number = (key: string): number | null => {
    const value = controller.get(key);
    return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : null;
  };
  const [segment, bus, device, part] = ["segment", "bus", "device", "function"].map(number);
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0");
  const volumes = readVolumes(sections.get("ir volume information") ?? []);
  const members = new Set(volumes.flatMap(({ slots }) => slots));
  const disks = readDevices(sections.get("physical device information") ?? [], members);
  return ok({
    tool: "sas-ircu",
    controllers: [
      {
        ...unknownController,
        id,
        model: wordOf(controller.get("controller type")),
        firmware: wordOf(controller.get("firmware version")),
        pciAddress:
          bus == null || device == null || part == null || bus > 255 || device > 31 || part > 7
            ? null
            : `${hex(segment ?? 0, 4)}:${hex(bus, 2)}:${hex(device, 2)}.${part}`,
        arrays: volumes.map((volume) => arrayOf(volume, disks)),
        disks,
      },
    ],
    problems: [],
  });
}

interface Volume {
  readonly values: ReadonlyMap<string, string>;
  /** enclosure:slot of each member. */
  readonly slots: readonly string[];
}

/** A title between two lines of dashes begins a section. */
function splitSections(lines: readonly ToolLine[]): ReadonlyMap<string, readonly ToolLine[]> {
  const sections = new Map<string, ToolLine[]>();
  let current: ToolLine[] = [];
  for (const [index, line] of lines.entries()) {
    const isTitle =
      isRule(lines[index - 1]) && isRule(lines[index + 1]) && /information$/i.test(line.text);
    if (isTitle) {
      current = [];
      const title = line.text.toLowerCase();
      if (!sections.has(title)) sections.set(title, current);
    } else if (!isRule(line)) current.push(line);
  }
  return sections;
}

function isRule(line: ToolLine | undefined): boolean {
  return line !== undefined && /^-{20,}$/.test(line.text);
}

function valuesOf(lines: readonly ToolLine[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { key, value } of lines)
    if (key !== null && value !== null && !values.has(key)) values.set(key, value);
  return values;
}

/** Cuts at each line that a new thing begins with. */
function splitAt(lines: readonly ToolLine[], begins: RegExp): readonly (readonly ToolLine[])[] {
  const blocks: ToolLine[][] = [];
  for (const line of lines) {
    if (begins.test(line.text)) blocks.push([line]);
    else blocks.at(-1)?.push(line);
  }
  return blocks;
}

function readVolumes(lines: readonly ToolLine[]): readonly Volume[] {
  return splitAt(lines, /^IR volume \d+/i)
    .slice(0, raidLimits.arrays)
    .map((block) => ({
      values: valuesOf(block),
      slots: block.flatMap(({ text }) => {
        const slot = /^PHY\[\d{1,4}\].*:\s*(\d{1,5}:\d{1,5})$/.exec(text)?.[1];
        return slot === undefined ? [] : [slot];
      }),
    }));
}

function arrayOf({ values, slots }: Volume, disks: readonly RaidDisk[]): RaidArray {
  const state = wordOf(values.get("status of volume"));
  const found = slots.map(
    (slot) => disks.find((disk) => disk.slot === slot)?.condition ?? "missing",
  );
  return {
    id: (values.get("volume wwid") ?? values.get("volume id") ?? "").toLowerCase(),
    name: wordOf(values.get("volume name")),
    level: wordOf(values.get("raid level")),
    state,
    isDegraded: degradedBy(state),
    members: countMembers(found),
    syncDone: null,
  };
}

function degradedBy(state: string | null): boolean | null {
  if (state === null) return null;
  if (/\((?:OKY|ONL|OPT|INIT)\)|^(?:okay|optimal|online)/i.test(state)) return false;
  return /\((?:DGD|FLD|MIS|RBLD?)\)|degraded|failed|missing/i.test(state) ? true : null;
}

function readDevices(
  lines: readonly ToolLine[],
  members: ReadonlySet<string>,
): readonly RaidDisk[] {
  return splitAt(lines, /^Device is a /i)
    .filter(([first]) => /hard disk|solid state|ssd/i.test(first?.text ?? ""))
    .slice(0, raidLimits.disks)
    .map((block): RaidDisk => {
      const values = valuesOf(block);
      const slot = `${values.get("enclosure #") ?? "?"}:${values.get("slot #") ?? "?"}`;
      const state = wordOf(values.get("state"));
      const condition = conditionOf(state);
      const sectors = /\/(\d{1,15})$/.exec(values.get("size (in mb)/(in sectors)") ?? "")?.[1];
      const bytes = sectors === undefined ? 0 : Number(sectors) * 512;
      const type = values.get("drive type") ?? "";
      return {
        ...unknownDisk,
        slot,
        state,
        condition: condition === "unconfigured" && members.has(slot) ? "active" : condition,
        // "ATA" stands for the translation layer.
        vendor: values.get("manufacturer") === "ATA" ? null : wordOf(values.get("manufacturer")),
        model: wordOf(values.get("model number")),
        serial: wordOf(values.get("unit serial no(vpd)")) ?? wordOf(values.get("serial no")),
        wwn: parseWwn(values.get("guid") ?? ""),
        firmware: wordOf(values.get("firmware revision")),
        capacityBytes: bytes > 0 && Number.isSafeInteger(bytes) ? bytes : null,
        isRotational: /HDD$/i.test(type) ? true : /SSD$/i.test(type) ? false : null,
      };
    });
}
