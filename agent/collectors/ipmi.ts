import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { MonotonicMs } from "#proto/vocabulary/units.ts";
import { absent, problemOf } from "./absences.ts";
import type { Collector, SampleSink, SeriesHandle } from "./collector.ts";
import { findHwmonChips } from "./hwmon.ts";
import type { IpmiReader } from "./ipmi-reader.ts";
import { judgeRow, seriesOfRow, supplySeries } from "./ipmi-rows.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";
import { supplyWorks } from "./ipmi-states.ts";
import { sensorFilesOf } from "./sensor-files.ts";
import { StickyAbsences } from "./sticky-absences.ts";

/** How often the BMC's sensors are read; also the cadence of their series. */
export const ipmiCadenceMs = 10_000;
/** Discrete states change rarely and cost a sweep of their own. */
export const ipmiStatesCadenceMs = 60_000;

/**
 * Sensors of the host's own BMC: temperatures, fans, voltages, watts, and whether the supplies work.
 * Source: `ipmitool sdr elist full` and `compact` over /dev/ipmi0. Discrete rows are never numbers,
 * and margins are never temperatures. A sweep that is still under way is not started again.
 */
export function createIpmiCollector(
  source: HardwareSource,
  sink: SampleSink,
  reader: IpmiReader,
): Collector {
  const found = new StickyAbsences();
  const collected = new StickyAbsences();
  let isPresent = false;
  let isBusy = false;
  let statesDueAt = 0;
  let sensors: ReadonlyMap<string, SeriesHandle> = new Map();
  let supplies: ReadonlyMap<string, SeriesHandle> = new Map();

  const declare = (rows: readonly IpmiSensor[]): void => {
    const declared = new Map(sensors);
    for (const row of rows) {
      const request = seriesOfRow(row, ipmiCadenceMs)?.request;
      if (request !== undefined && judgeRow(row, ipmiCadenceMs) === null)
        declared.set(row.id, sink.declare(request));
    }
    sensors = declared;
  };

  const declareSupplies = (rows: readonly IpmiSensor[]): void => {
    const declared = new Map(supplies);
    for (const row of rows)
      if (supplyWorks(row) !== null)
        declared.set(row.id, sink.declare(supplySeries(row, ipmiStatesCadenceMs)));
    supplies = declared;
  };

  const put = (rows: readonly IpmiSensor[]): readonly Absence[] => {
    const absences: Absence[] = [];
    for (const row of rows) {
      const problem = judgeRow(row, ipmiCadenceMs);
      if (problem !== null) absences.push(problem);
      const handle = sensors.get(row.id);
      const series = seriesOfRow(row, ipmiCadenceMs);
      if (problem !== null || handle === undefined || series === null || row.value === null)
        continue;
      sink.set(handle, series.integer(row.value));
    }
    return absences;
  };

  const readAll = async (at: MonotonicMs): Promise<readonly Absence[]> => {
    const swept = await reader.readSensors();
    const absences: Absence[] = swept.ok ? [...put(swept.value)] : [swept.problem];
    const power = await reader.readPower();
    if (!power.ok) absences.push(power.problem);
    if (at < statesDueAt) return absences;
    statesDueAt = at + ipmiStatesCadenceMs - ipmiCadenceMs / 2;
    const states = await reader.readStates();
    if (!states.ok) return [...absences, states.problem];
    for (const row of states.value) {
      const works = supplyWorks(row);
      const handle = supplies.get(row.id);
      if (works !== null && handle !== undefined) sink.set(handle, works ? 1 : 0);
    }
    return absences;
  };

  return {
    subject: "ipmi",
    cadenceMs: ipmiCadenceMs,
    async discover() {
      const missing = reader.deviceAbsence("hw.power_supply.status");
      isPresent = missing === null;
      if (missing !== null) return { absences: [missing] };
      reader.forgetPowerWay();
      const swept = await reader.latestSensors();
      const states = await reader.latestStates();
      if (swept.ok) declare(swept.value);
      if (states.ok) declareSupplies(states.value);
      const absences = [swept, states].flatMap((read) => (read.ok ? [] : [read.problem]));
      if (swept.ok) absences.push(...judgeAll(swept.value), ...missingKinds(source, swept.value));
      if (states.ok && supplies.size === 0) absences.push(noSupplies());
      return { absences: found.hold(absences) };
    },
    async collect(at) {
      if (!isPresent || isBusy) return null;
      isBusy = true;
      try {
        return problemOf(collected.hold(await readAll(at)));
      } finally {
        isBusy = false;
      }
    },
    close: () => {},
  };
}

/** What neither the BMC nor the kernel shows: a server has them, so a person should know. */
function missingKinds(source: HardwareSource, rows: readonly IpmiSensor[]): readonly Absence[] {
  const chips = findHwmonChips(source);
  const kernel = chips.ok ? chips.value.flatMap(sensorFilesOf) : [];
  const shown = new Set<string>(kernel.map(({ metric }) => metric));
  for (const row of rows) {
    const metric = seriesOfRow(row, ipmiCadenceMs)?.request.metric;
    if (metric !== undefined) shown.add(metric);
  }
  return ["hw.temperature", "hw.fan.speed", "hw.voltage"].flatMap((what) =>
    shown.has(what)
      ? []
      : [
          absent({
            what,
            reason: "not-supported",
            detail: "neither `ipmitool sdr elist full` nor /sys/class/hwmon has such a sensor",
          }),
        ],
  );
}

function noSupplies(): Absence {
  return absent({
    what: "hw.power_supply.status",
    reason: "not-supported",
    detail: "`ipmitool sdr elist compact` names no power supply with a state",
  });
}

function judgeAll(rows: readonly IpmiSensor[]): readonly Absence[] {
  return rows.flatMap((row) => judgeRow(row, ipmiCadenceMs) ?? []);
}
