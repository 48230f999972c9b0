import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import { absent, problemOf } from "./absences.ts";
import type { Collector, SampleSink } from "./collector.ts";
import { GaugeFiles } from "./gauge-files.ts";
import { HostPower, type HostPowerWay } from "./host-power.ts";
import { findHwmonChips } from "./hwmon.ts";
import { type BmcPower, bmcPowerCadenceMs } from "./ipmi-power.ts";
import type { IpmiReader } from "./ipmi-reader.ts";
import { type PowerFile, powerFilesOf } from "./power-files.ts";
import { createSupplyReader } from "./power-supplies.ts";
import { RaplMeter } from "./rapl.ts";
import { StickyAbsences } from "./sticky-absences.ts";
import type { Virtualization } from "./virtualization.ts";

export interface PowerParts {
  readonly source: HardwareSource;
  readonly sink: SampleSink;
  readonly clock: Clock;
  readonly ipmi: IpmiReader;
  readonly virtualization: () => Virtualization;
}

/**
 * What the host and its parts draw. The host's figure comes from the first of: the BMC (DCMI, then
 * its own sensor, then its supplies), the supplies' inputs on hwmon, a hwmon meter, the supplies'
 * outputs, and RAPL, which knows processors and memory only. Which one it is stands in the series,
 * and in the state as of the last looking around.
 */
export function createPowerCollector({
  source,
  sink,
  clock,
  ipmi,
  virtualization,
}: PowerParts): Collector {
  const rapl = new RaplMeter(source, sink);
  const meters = new GaugeFiles(source, sink);
  const supplies = createSupplyReader(source, sink);
  const host = new HostPower(sink);
  const found = new StickyAbsences();
  const collected = new StickyAbsences();
  let ownWays: readonly HostPowerWay[] = [];
  let lateWay: HostPowerWay | null = null;
  const noteLate = ({ source: late }: BmcPower): void => {
    lateWay = bmcWay(ipmi, late);
  };

  return {
    subject: "power",
    cadenceMs: 0,
    async discover() {
      const raplAbsences = rapl.discover();
      const chips = findHwmonChips(source);
      const files = chips.ok ? chips.value.flatMap(powerFilesOf) : [];
      const absences: Absence[] = [
        ...raplAbsences,
        ...meters.discover(files),
        ...supplies.discover(),
      ];
      const device = ipmi.deviceAbsence("hw.host.power");
      const bmc = device === null ? await firstOf(ipmi.readPower(), clock, noteLate) : null;
      ownWays = [...meterWays(meters, files), ...raplWays(rapl)];
      const bmcWays = bmc?.ok === true ? [bmcWay(ipmi, bmc.value.source)] : [];
      const powerSource = host.choose([...bmcWays, ...ownWays], clock.nowMonotonicMs());
      if (rapl.zones.length === 0 && raplAbsences.length === 0)
        absences.push(noRapl(virtualization()));
      if (powerSource === null)
        absences.push(device ?? (bmc?.ok === false ? bmc.problem : noMeter()));
      return { absences: found.hold(absences), powerSource };
    },
    collect(at) {
      // Energy becomes power by the time of its own reading, not by that of the step.
      const nowMs = clock.nowMonotonicMs();
      const absences = [...rapl.collect(nowMs)];
      absences.push(...(meters.collect(at)?.absences ?? []));
      supplies.collect();
      if (lateWay !== null) {
        host.choose([lateWay, ...ownWays], nowMs);
        lateWay = null;
      }
      const hostAbsence = host.collect(nowMs);
      if (hostAbsence !== null) absences.push(hostAbsence);
      return problemOf(collected.hold(absences));
    },
    close() {
      rapl.close();
      meters.close();
      supplies.close();
    },
  };
}

/** A BMC that is locked must not keep this host's other figures waiting; what it says late counts too. */
function firstOf(
  asked: Promise<Result<BmcPower, Absence>>,
  clock: Clock,
  onLate: (power: BmcPower) => void,
): Promise<Result<BmcPower, Absence>> {
  const late = fail(
    absent({
      what: "hw.host.power",
      reason: "timed-out",
      detail: `the BMC did not answer within ${bmcWaitMs / 1000} s; it is asked again`,
    }),
  );
  let isLate = false;
  return new Promise((resolve, reject) => {
    const giveUp = async (): Promise<void> => {
      // By a clock that does not wait, such as a replay's, an answer that is there still comes first.
      for (let turn = 0; turn < turnsMax; turn += 1) await Promise.resolve();
      isLate = true;
      resolve(late);
    };
    const cancel = clock.after(bmcWaitMs, () => void giveUp());
    asked
      .then((power) => {
        if (isLate && power.ok) onLate(power.value);
        resolve(power);
      }, reject)
      .finally(cancel);
  });
}

const bmcWaitMs = 5_000;
const turnsMax = 256;

function bmcWay(ipmi: IpmiReader, source: BmcPower["source"]): HostPowerWay {
  let taken = 0;
  return {
    source,
    cadenceMs: bmcPowerCadenceMs(source),
    read() {
      const { power, reading } = ipmi.latestPower;
      // Another way than the chosen one would change what the series means.
      if (reading === taken || power === null || power.source !== source) return null;
      taken = reading;
      return power.milliwatts;
    },
  };
}

function meterWays(meters: GaugeFiles, files: readonly PowerFile[]): readonly HostPowerWay[] {
  return (["psu-input", "host", "psu-output"] as const).flatMap((measures) => {
    const chosen = files.filter((file) => file.measures === measures);
    // A supply that gives no reading would make the sum too small.
    if (chosen.length === 0 || !chosen.every(({ path }) => meters.has(path))) return [];
    const source = measures === "host" ? "hwmon-power-meter" : measures;
    const paths =
      measures === "host"
        ? chosen.slice(0, 1).map(({ path }) => path)
        : chosen.map(({ path }) => path);
    const read = (): number | null => {
      let microwatts = 0;
      for (const path of paths) microwatts += meters.latest(path);
      return Number.isNaN(microwatts) ? null : microwatts / 1000;
    };
    return [{ source, cadenceMs: Math.max(...chosen.map(({ cadenceMs }) => cadenceMs)), read }];
  });
}

function raplWays(rapl: RaplMeter): readonly HostPowerWay[] {
  if (!rapl.zones.some(({ kind }) => kind === "package")) return [];
  const hasDram = rapl.zones.some(({ kind }) => kind === "dram");
  return [
    {
      source: hasDram ? "rapl-package-dram" : "rapl-package",
      cadenceMs: 0,
      read: () => rapl.total(),
    },
  ];
}

function noRapl(virtualization: Virtualization): Absence {
  return absent({
    what: "hw.energy",
    reason: virtualization.kind === "virtual" ? "hidden-by-hypervisor" : "no-kernel-interface",
    detail:
      "/sys/class/powercap has no package zone; on a processor with RAPL: modprobe intel_rapl_msr",
  });
}

function noMeter(): Absence {
  return absent({
    what: "hw.host.power",
    reason: "no-such-hardware",
    detail:
      "no BMC power reading, no supply or meter in /sys/class/hwmon, no RAPL in /sys/class/powercap",
  });
}
