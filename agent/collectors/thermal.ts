import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { absent, absentByRead, problemOf } from "./absences.ts";
import type { Collector, SampleSink } from "./collector.ts";
import { type GaugeFile, GaugeFiles } from "./gauge-files.ts";
import { findHwmonChips, type HwmonChip } from "./hwmon.ts";
import { sensorAttributes, sensorFilesOf } from "./sensor-files.ts";
import { findThermalZones } from "./thermal-zones.ts";
import { StickyAbsences } from "./sticky-absences.ts";
import type { Virtualization } from "./virtualization.ts";

/**
 * Temperatures, fans and voltages. Source: hwmon by driver name, never by number; where it has no
 * temperature, the firmware's thermal zones.
 */
export function createThermalCollector(
  source: HardwareSource,
  sink: SampleSink,
  virtualization: () => Virtualization,
  clock: Pick<Clock, "nowMonotonicMs"> | null = null,
): Collector {
  const gauges = new GaugeFiles(source, sink, clock);
  const found = new StickyAbsences();
  const collected = new StickyAbsences();
  return {
    subject: "thermal",
    cadenceMs: 0,
    discover() {
      const chips = findHwmonChips(source);
      const known = chips.ok ? chips.value : [];
      const files: GaugeFile[] = known.flatMap(sensorFilesOf);
      if (!files.some(({ metric }) => metric === "hw.temperature"))
        files.push(...findThermalZones(source));
      const absences: Absence[] = [...known.flatMap(troubles), ...gauges.discover(files)];
      // Most servers have them on the BMC alone; what it does not give, its own collector tells.
      const bmc = source.listDirectory("/sys/class/ipmi");
      const isReadByBmc = bmc.ok && bmc.value.length > 0;
      for (const [metric, mend] of isReadByBmc ? [] : kinds) {
        if (files.some((file) => file.metric === metric)) continue;
        absences.push(
          virtualization().kind === "virtual"
            ? absent({
                what: metric,
                reason: "hidden-by-hypervisor",
                detail: `/sys/class/hwmon: ${mend}`,
              })
            : chips.ok
              ? absent({
                  what: metric,
                  reason: "no-such-hardware",
                  detail: `/sys/class/hwmon: ${mend}`,
                })
              : absentByRead(metric, chips.problem, mend),
        );
      }
      return { absences: found.hold(absences) };
    },
    collect: (at) => problemOf(collected.hold(gauges.collect(at)?.absences ?? [])),
    close: () => gauges.close(),
  };
}

function troubles(chip: HwmonChip): readonly Absence[] {
  return chip.sensors.flatMap((sensor) => {
    const what = metricOf[sensor.kind];
    if (sensor.trouble === null || what === null) return [];
    const attributes = sensorAttributes(chip, sensor);
    const [reason, says] =
      sensor.trouble === "fault"
        ? (["not-supported", `${sensor.name}_fault is 1: no working sensor there`] as const)
        : (["switched-off", `${sensor.name}_enable is 0`] as const);
    return [absent({ what, attributes, reason, detail: `${chip.folder}: ${says}` })];
  });
}

const metricOf = {
  temp: "hw.temperature",
  fan: "hw.fan.speed",
  in: "hw.voltage",
  power: null,
} as const;

const kinds = [
  ["hw.temperature", "no chip shows a temperature; modprobe coretemp or k10temp, or read the BMC"],
  [
    "hw.fan.speed",
    "no chip shows a fan; modprobe the board's driver (sensors-detect), or read the BMC",
  ],
  [
    "hw.voltage",
    "no chip shows a voltage; modprobe the board's driver (sensors-detect), or read the BMC",
  ],
] as const;
