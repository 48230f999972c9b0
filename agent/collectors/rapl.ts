import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import { parseWholeInteger } from "./integer-scanner.ts";
import { type OpenOnce, openOnce } from "./open-once.ts";
import { rateGapMsMax } from "./rate-limits.ts";
import { listRaplZones, type RaplZone } from "./rapl-zones.ts";

/**
 * Energy of processor packages and memory, and the power that follows from two readings of it.
 * Source: powercap's energy_uj, microjoules; readable by root only since Linux 5.10.
 */
export class RaplMeter {
  readonly #source: HardwareSource;
  readonly #sink: SampleSink;
  #zones: readonly OpenZone[] = [];

  constructor(source: HardwareSource, sink: SampleSink) {
    this.#source = source;
    this.#sink = sink;
  }

  /** Finds the zones; what cannot be read is told. Zones that stay keep their last reading. */
  discover(): readonly Absence[] {
    const known = new Map(this.#zones.map((zone) => [zone.zone.energyPath, zone]));
    const absences: Absence[] = [];
    const zones: OpenZone[] = [];
    for (const zone of listRaplZones(this.#source)) {
      // core and uncore are parts of a package that nobody asked to be split.
      if (!zone.isAdded && zone.kind !== "psys") continue;
      const kept = known.get(zone.energyPath);
      const file = kept?.file ?? openOnce(this.#source, zone.energyPath);
      const problem = look(zone, file);
      if (typeof problem === "number") zones.push(kept ?? this.#declare(zone, file));
      else absences.push(problem);
    }
    for (const zone of this.#zones) if (!zones.includes(zone)) zone.file.close();
    this.#zones = zones;
    return absences;
  }

  get zones(): readonly RaplZone[] {
    return this.#zones.map(({ zone }) => zone);
  }

  /** Reads every zone. `atMs` is the monotonic time of the reading. */
  collect(atMs: number): readonly Absence[] {
    const absences: Absence[] = [];
    for (let index = 0; index < this.#zones.length; index += 1) {
      const zone = this.#zones[index];
      if (zone === undefined) continue;
      zone.milliwatts = Number.NaN;
      const reading = look(zone.zone, zone.file);
      if (typeof reading !== "number") {
        absences.push(reading);
        continue;
      }
      const elapsedMs = atMs - zone.lastAtMs;
      const used = microjoulesBetween(zone.last, reading, zone.zone.rangeMicrojoules, elapsedMs);
      zone.last = reading;
      zone.lastAtMs = atMs;
      if (used === null) continue;
      zone.usedMicrojoules += used;
      this.#sink.set(zone.energy, Math.floor(zone.usedMicrojoules / 1000));
      zone.milliwatts = used / elapsedMs;
      this.#sink.set(zone.power, Math.round(zone.milliwatts / 100));
    }
    return absences;
  }

  /**
   * Milliwatts of packages and memory at the last `collect`; null where one of them gave none. psys
   * has them in it and is never added.
   */
  total(): number | null {
    let sum = 0;
    let count = 0;
    for (const { milliwatts, zone } of this.#zones) {
      if (!zone.isAdded) continue;
      sum += milliwatts;
      count += 1;
    }
    return count === 0 || Number.isNaN(sum) ? null : sum;
  }

  close(): void {
    for (const { file } of this.#zones) file.close();
    this.#zones = [];
  }

  #declare(zone: RaplZone, file: OpenOnce): OpenZone {
    const attributes = raplAttributes(zone);
    return {
      zone,
      file,
      energy: this.#sink.declare({ metric: "hw.energy", attributes, exponent: -3 }),
      power: this.#sink.declare({ metric: "hw.power", attributes, exponent: -1 }),
      last: Number.NaN,
      lastAtMs: 0,
      usedMicrojoules: 0,
      milliwatts: Number.NaN,
    };
  }
}

/**
 * Energy between two readings of a counter that begins again at 0 after `range`. null: not known —
 * first reading, a wrap of unknown range, a pause in which it may have wrapped twice, or more than
 * a package can draw.
 */
export function microjoulesBetween(
  before: number,
  now: number,
  range: number | null,
  elapsedMs: number,
): number | null {
  if (Number.isNaN(before) || elapsedMs <= 0 || elapsedMs > rateGapMsMax) return null;
  let used = now - before;
  if (used < 0) {
    if (range === null) return null;
    used += range + 1;
    if (used < 0) return null;
  }
  if (range !== null && elapsedMs * zoneMilliwattsMax > range) return null;
  return used / elapsedMs > zoneMilliwattsMax ? null : used;
}

function raplAttributes(zone: RaplZone): Readonly<Record<string, string>> {
  const types = { package: "cpu", dram: "memory", psys: "enclosure" } as const;
  return {
    "hw.id": zone.id,
    "hw.type": zone.kind === "core" || zone.kind === "uncore" ? "cpu" : types[zone.kind],
    "wws.power.source": raplSource(zone),
  };
}

/** psys sees the same watts again: another source, so that nobody adds it. */
function raplSource({ kind }: RaplZone): string {
  return kind === "psys" ? "rapl-psys" : "rapl";
}

/** Microjoules per millisecond are milliwatts. No package or its memory draws more than 4 kW. */
const zoneMilliwattsMax = 4_000_000;

interface OpenZone {
  readonly zone: RaplZone;
  readonly file: OpenOnce;
  readonly energy: SeriesHandle;
  readonly power: SeriesHandle;
  last: number;
  lastAtMs: number;
  usedMicrojoules: number;
  milliwatts: number;
}

function look(zone: RaplZone, file: OpenOnce): number | Absence {
  const read = file.read();
  const reading = read.ok ? parseWholeInteger(read.value) : Number.NaN;
  if (reading >= 0) return reading;
  const attributes = { "hw.id": zone.id, "wws.power.source": raplSource(zone) };
  if (!read.ok)
    return absentByRead("hw.energy", read.problem, "modprobe intel_rapl_msr", attributes);
  return absent({
    what: "hw.energy",
    attributes,
    reason: "unreadable-text",
    detail: `${zone.energyPath} is not a whole number`,
  });
}
