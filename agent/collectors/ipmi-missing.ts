import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { absent } from "./absences.ts";
import { findHwmonChips } from "./hwmon.ts";
import { ipmiSweepCadenceMs } from "./ipmi-power.ts";
import { seriesOfRow } from "./ipmi-rows.ts";
import type { IpmiSensor } from "./ipmi-sensor.ts";
import { sensorFilesOf } from "./sensor-files.ts";

/** What neither the BMC nor the kernel shows: a server has them, so a person should know. */
export function missingKinds(
  source: HardwareSource,
  rows: readonly IpmiSensor[],
): readonly Absence[] {
  const chips = findHwmonChips(source);
  const kernel = chips.ok ? chips.value.flatMap(sensorFilesOf) : [];
  const shown = new Set<string>(kernel.map(({ metric }) => metric));
  for (const row of rows) {
    const metric = seriesOfRow(row, ipmiSweepCadenceMs)?.request.metric;
    // A fan in percent is a fan.
    if (metric !== undefined) shown.add(metric === "hw.fan.speed_ratio" ? "hw.fan.speed" : metric);
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

export function noSupplies(): Absence {
  return absent({
    what: "hw.power_supply.status",
    reason: "not-supported",
    detail: "`ipmitool sdr elist compact` names no power supply with a state",
  });
}
