import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  countMembers,
  type RaidArray,
  type RaidController,
  type RaidDisk,
  type RaidFacts,
  raidLimits,
  unknownController,
  unknownDisk,
} from "./raid-facts.ts";
import { readToolLines } from "./raid-text.ts";
import { celsiusOf, conditionOf, pciAddressOf, wordOf } from "./raid-values.ts";
import { parseWwn } from "./smartctl-wwn.ts";

/**
 * Reads `ssacli ctrl all show config detail`: a controller at the margin, below it arrays, logical
 * drives and drives, each with "Key: value" lines of its own until the next begins.
 */
export function parseSsacli(text: string): Result<RaidFacts, string> {
  const controllers: ControllerText[] = [];
  let values: Map<string, string> = new Map();
  let array: string | null = null;
  const problems: string[] = [];
  for (const { indent, text: line, key, value } of readToolLines(text)) {
    const title = /^(\S.{0,120}?) in Slot (\S{1,20})/.exec(line);
    if (indent === 0 && title !== null && controllers.length < raidLimits.controllers) {
      values = new Map();
      array = null;
      controllers.push({
        model: title[1] ?? "",
        slot: wordOf(title[2]) ?? "?",
        values,
        arrays: [],
        disks: [],
      });
      continue;
    }
    if (/^Error:/i.test(line) && problems.length < 16) problems.push(line.slice(0, 200));
    const controller = controllers.at(-1);
    if (controller === undefined) continue;
    if (key === "array" && value !== null) {
      array = value;
      values = new Map();
    } else if (/^Unassigned\b/i.test(line)) array = null;
    else if (key === "logical drive" && value !== null) {
      values = new Map([["id", value]]);
      if (controller.arrays.length < raidLimits.arrays) controller.arrays.push({ array, values });
    } else if (/^physicaldrive \S{1,40}$/i.test(line)) {
      values = new Map([["slot", line.slice("physicaldrive ".length).trim()]]);
      if (controller.disks.length < raidLimits.disks) controller.disks.push({ array, values });
    } else if (key !== null && value !== null && !values.has(key)) values.set(key, value);
  }
  if (controllers.length === 0) return fail(problems[0] ?? "no controller");
  return ok({ tool: "ssacli", controllers: controllers.map(readController), problems });
}

interface Part {
  readonly array: string | null;
  readonly values: ReadonlyMap<string, string>;
}

interface ControllerText {
  readonly model: string;
  readonly slot: string;
  readonly values: ReadonlyMap<string, string>;
  readonly arrays: Part[];
  readonly disks: Part[];
}

function readController({ model, slot, values, arrays, disks }: ControllerText): RaidController {
  const found = disks.map(readDisk);
  const status = wordOf(values.get("controller status"));
  const battery = values.get("battery/capacitor status");
  const batteries = values.get("battery/capacitor count");
  return {
    ...unknownController,
    id: slot,
    model: wordOf(model),
    serial: wordOf(values.get("serial number")),
    firmware: wordOf(values.get("firmware version")),
    pciAddress: pciAddressOf(values.get("pci address (domain:bus:device.function)")),
    status,
    isOptimal: status === null ? null : /^ok$/i.test(status),
    battery:
      battery !== undefined
        ? /^(?:ok|recharging|charging)/i.test(battery)
          ? "ok"
          : "failed"
        : batteries === "0"
          ? "absent"
          : null,
    temperatureCelsius: degreesOf(values.get("controller temperature (c)")),
    arrays: arrays.map((part) => readArray(part, found)),
    disks: found,
  };
}

function readArray({ array, values }: Part, disks: readonly RaidDisk[]): RaidArray {
  const state = wordOf(values.get("status"));
  const done = /(\d{1,3})(?:\.\d+)?% complete/i.exec(state ?? "")?.[1];
  const level = wordOf(values.get("fault tolerance"));
  return {
    id: values.get("id") ?? "",
    name: wordOf(values.get("logical drive label")) ?? wordOf(values.get("disk name")),
    level: level === null ? null : /^RAID/i.test(level) ? level : `RAID${level}`,
    state,
    isDegraded: degradedBy(state),
    members: countMembers(
      disks
        .filter((disk) => disk.array !== null && disk.array === array)
        .map(({ condition }) => condition),
    ),
    syncDone: done === undefined || Number(done) > 100 ? null : Number(done) / 100,
  };
}

function readDisk({ array, values }: Part): RaidDisk {
  const state = wordOf(values.get("status"));
  const use = values.get("drive type") ?? "";
  const type = values.get("interface type") ?? "";
  const works = conditionOf(state);
  const isPredicted = /predictive/i.test(state ?? "");
  const condition =
    (works !== "active" && !isPredicted) || state === null
      ? works
      : /spare/i.test(use)
        ? "spare"
        : array === null || /unassigned/i.test(use)
          ? "unconfigured"
          : "active";
  const model = wordOf(values.get("model"));
  const words = model?.split(" ") ?? [];
  return {
    ...unknownDisk,
    slot: values.get("slot") ?? "",
    state,
    condition,
    array,
    vendor: words.length > 1 && words[0] !== "ATA" ? (words[0] ?? null) : null,
    model: words.length > 1 ? words.slice(1).join(" ") : model,
    serial: wordOf(values.get("serial number")),
    wwn: parseWwn(values.get("wwid") ?? ""),
    firmware: wordOf(values.get("firmware revision")),
    isRotational: /solid state|ssd|nvme/i.test(type)
      ? false
      : values.has("rotational speed")
        ? true
        : null,
    isSmartAlert: state === null ? null : isPredicted,
    temperatureCelsius: degreesOf(values.get("current temperature (c)")),
  };
}

function degradedBy(state: string | null): boolean | null {
  if (state === null) return null;
  if (/^OK\b/i.test(state)) return false;
  return /recover|rebuild|fail|interim|degraded|missing/i.test(state) ? true : null;
}

function degreesOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) ? celsiusOf(Number(text)) : null;
}
