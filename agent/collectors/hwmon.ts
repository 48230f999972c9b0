import type { HardwareSource, ReadProblem } from "#agent/hardware/hardware-source.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import { trimSysfs } from "./text.ts";

export interface HwmonChip {
  /** The same after a reboot: driver and device, as in `coretemp.0` or `jc42@0-0018`. */
  readonly id: string;
  /** Content of `name`; "unknown" where there is none. */
  readonly driver: string;
  /** Where its attributes lie. */
  readonly folder: string;
  readonly sensors: readonly HwmonSensor[];
}

export type HwmonKind = "temp" | "fan" | "in" | "power";

export interface HwmonSensor {
  readonly kind: HwmonKind;
  /** As in the file names: temp2, power1. */
  readonly name: string;
  readonly label: string | null;
  /** The file that holds the reading. */
  readonly path: string;
  readonly trouble: "fault" | "disabled" | null;
}

/**
 * Every hardware monitoring chip with its readings.
 * Source: /sys/class/hwmon/hwmonN (Documentation/hwmon/sysfs-interface.rst). The number changes
 * from boot to boot, so a chip is known by its driver's name and its device. Old drivers keep their
 * attributes in `hwmonN/device/`.
 */
export function findHwmonChips(source: HardwareSource): Result<readonly HwmonChip[], ReadProblem> {
  const listed = source.listDirectory(classFolder);
  if (!listed.ok) return listed;
  const taken = new Set<string>();
  const chips: HwmonChip[] = [];
  for (const entry of [...listed.value].sort(byNumber)) {
    const base = `${classFolder}/${entry}`;
    const own = namesIn(source, base);
    const old =
      own.includes("name") || own.some((name) => readingForm.test(name)) ? null : `${base}/device`;
    const folder = old ?? base;
    const names = old === null ? own : namesIn(source, old);
    const name = source.readText(`${folder}/name`);
    const driver = (name.ok ? trimSysfs(name.value) : "") || "unknown";
    const id = firstFree(chipId(source, base, entry, driver), taken);
    chips.push({ id, driver, folder, sensors: findSensors(source, folder, names) });
  }
  return ok(chips);
}

function findSensors(
  source: HardwareSource,
  folder: string,
  names: readonly string[],
): readonly HwmonSensor[] {
  const present = new Set(names);
  const sensors = new Map<string, HwmonSensor>();
  for (const file of [...names].sort(byNumber)) {
    const match = readingForm.exec(file);
    const [, name, kind] = match ?? [];
    if (name === undefined || !isKind(kind)) continue;
    // Meters that average and show the moment too: the moment is the sample.
    if (sensors.has(name) && !file.endsWith("_input")) continue;
    const labelled = present.has(`${name}_label`)
      ? source.readText(`${folder}/${name}_label`)
      : null;
    sensors.set(name, {
      kind,
      name,
      label: labelled?.ok ? trimSysfs(labelled.value) || null : null,
      path: `${folder}/${file}`,
      trouble: troubleOf(source, folder, name, present),
    });
  }
  return [...sensors.values()];
}

function troubleOf(
  source: HardwareSource,
  folder: string,
  name: string,
  present: ReadonlySet<string>,
): HwmonSensor["trouble"] {
  const says = (file: string, text: string): boolean => {
    if (!present.has(file)) return false;
    const read = source.readText(`${folder}/${file}`);
    return read.ok && trimSysfs(read.value) === text;
  };
  if (says(`${name}_fault`, "1")) return "fault";
  return says(`${name}_enable`, "0") ? "disabled" : null;
}

function chipId(source: HardwareSource, base: string, entry: string, driver: string): string {
  const link = source.readLink(`${base}/device`);
  const device = link.ok ? (link.value.split("/").at(-1) ?? "") : "";
  if (device === "" || device === "..") return driver === "unknown" ? entry : driver;
  return device.startsWith(driver) ? device : `${driver}@${device}`;
}

/** Two chips of one driver on one device exist; the second gets a number. */
function firstFree(id: string, taken: Set<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number += 1) free = `${id}#${number}`;
  taken.add(free);
  return free;
}

function namesIn(source: HardwareSource, folder: string): readonly string[] {
  const listed = source.listDirectory(folder);
  return listed.ok ? listed.value : [];
}

function isKind(text: string | undefined): text is HwmonKind {
  return text === "temp" || text === "fan" || text === "in" || text === "power";
}

/** temp2 before temp10. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

const classFolder = "/sys/class/hwmon";
const readingForm = /^((temp|fan|in|power)\d+)_(?:input|average)$/;
