import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent, absentByRead } from "./absences.ts";
import type { SampleSink, SeriesHandle } from "./collector.ts";
import { parseInteger } from "./text.ts";

const metric = "system.cpu.frequency";

/** A clock that one or more CPUs run by. */
export interface FrequencyFile {
  readonly path: string;
  readonly cpus: readonly number[];
}

/**
 * The clocks of the CPUs that are online. Source: cpuN/cpufreq/scaling_cur_freq, kilohertz. On ARM
 * several CPUs share a policy: it is read once. Nothing is read of the clock here, for on some
 * machines each reading interrupts the processor that it asks about.
 */
export function findFrequencyFiles(
  source: HardwareSource,
  online: readonly number[],
): { readonly files: readonly FrequencyFile[]; readonly absences: readonly Absence[] } {
  const byPolicy = new Map<string, { path: string; cpus: number[] }>();
  for (const cpu of online) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}/cpufreq`;
    const link = source.readLink(folder);
    if (!link.ok && !source.listDirectory(folder).ok) continue;
    const key = link.ok ? link.value : folder;
    const known = byPolicy.get(key);
    if (known === undefined) byPolicy.set(key, { path: `${folder}/scaling_cur_freq`, cpus: [cpu] });
    else known.cpus.push(cpu);
  }
  const files = [...byPolicy.values()];
  return { files, absences: files.length === 0 ? [noDriver()] : [] };
}

export function declareFrequency(
  sink: SampleSink,
  file: FrequencyFile,
  cadenceMs: number,
): readonly SeriesHandle[] {
  return file.cpus.map((cpu) =>
    sink.declare({
      metric,
      attributes: { "cpu.logical_number": String(cpu) },
      exponent: 3,
      cadenceMs,
    }),
  );
}

/** Kilohertz now, or why there is none. */
export function readFrequency(source: HardwareSource, file: FrequencyFile): number | Absence {
  const attributes = { "cpu.logical_number": String(file.cpus[0] ?? 0) };
  const read = source.readText(file.path);
  if (!read.ok)
    return absentByRead(metric, read.problem, "the driver gives no frequency now", attributes);
  const kilohertz = parseInteger(read.value);
  if (kilohertz === null)
    return absent({
      what: metric,
      attributes,
      reason: "unreadable-text",
      detail: `${file.path} is not a whole number`,
    });
  if (kilohertz < plausible.min || kilohertz > plausible.max)
    return absent({
      what: metric,
      attributes,
      reason: "implausible",
      detail: `${file.path} says ${kilohertz} kHz, outside ${plausible.min} to ${plausible.max}`,
    });
  return kilohertz;
}

function noDriver(): Absence {
  return absent({
    what: metric,
    reason: "no-kernel-interface",
    detail:
      "/sys/devices/system/cpu/cpu0/cpufreq: no driver; the firmware or the hypervisor sets the clock",
  });
}

/** No server processor is clocked below 50 MHz, and none has passed 10 GHz. */
const plausible = { min: 50_000, max: 10_000_000 } as const;
