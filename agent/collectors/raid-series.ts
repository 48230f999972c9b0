import { type Component, unknownComponent } from "#proto/messages/state.ts";
import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { SampleSink } from "./collector.ts";
import type { RaidDisk, RaidMembers } from "./raid-facts.ts";
import type { ToldController } from "./raid-tools.ts";
import { tellingText } from "./smart-drives.ts";

/** What every array tells, whoever keeps it. */
export interface ArraySeries {
  readonly id: string;
  readonly name: string;
  readonly parent: string | null;
  readonly isDegraded: boolean | null;
  /** null: nobody counts them. */
  readonly members: RaidMembers | null;
  readonly syncDone: number | null;
}

export function setArraySeries(sink: SampleSink, array: ArraySeries, cadenceMs: number): void {
  const common = {
    "hw.id": array.id,
    "hw.name": array.name,
    "hw.type": "logical_disk",
    ...(array.parent === null ? {} : { "hw.parent": array.parent }),
  };
  const put = (
    metric: MetricName,
    value: number | null,
    exponent: number,
    more: Readonly<Record<string, string>> = {},
  ): void => {
    if (value === null) return;
    sink.set(
      sink.declare({ metric, attributes: { ...common, ...more }, exponent, cadenceMs }),
      value,
    );
  };
  put("wws.raid.degraded", array.isDegraded === null ? null : Number(array.isDegraded), 0);
  for (const [state, count] of Object.entries(array.members ?? {}))
    put("wws.raid.devices", count, 0, { "wws.raid.state": state });
  put("wws.raid.sync", array.syncDone === null ? null : Math.round(array.syncDone * 1_000), -3);
}

/** hw.id of a controller: its serial, else where it sits. */
export function controllerId({ key, facts }: ToldController): string {
  return tellingText(facts.serial) ?? facts.pciAddress ?? key;
}

export interface ControllerSeriesParts {
  readonly sink: SampleSink;
  readonly cadenceMs: number;
  /** Whether another subject tells of the drive with this serial: then it has the say. */
  readonly isTold: (serial: string) => boolean;
}

/** Arrays, battery and temperature of one controller, and the drives that only it can see. */
export function setControllerSeries(told: ToldController, parts: ControllerSeriesParts): void {
  const { sink, cadenceMs, isTold } = parts;
  const { facts, key } = told;
  const id = controllerId(told);
  const parent = facts.pciAddress ?? key;
  const attributes = { "hw.id": id, "hw.name": facts.model ?? key, "hw.type": "disk_controller" };
  const put = (
    metric: MetricName,
    value: number | null,
    exponent = 0,
    more: Readonly<Record<string, string>> = {},
  ): void => {
    if (value === null) return;
    const all = { ...attributes, ...more };
    sink.set(sink.declare({ metric, attributes: all, exponent, cadenceMs }), value);
  };
  const { battery, temperatureCelsius } = facts;
  put("wws.raid.battery.ok", battery === "ok" ? 1 : battery === "failed" ? 0 : null);
  put("hw.temperature", tenths(temperatureCelsius), -1);
  put("hw.errors", facts.correctableMemoryErrors, 0, { "error.type": "corrected" });
  put("hw.errors", facts.uncorrectableMemoryErrors, 0, { "error.type": "uncorrected" });
  for (const array of facts.arrays)
    setArraySeries(
      sink,
      {
        id: `${id}/${array.id}`,
        name: array.name ?? `${key}/${array.id}`,
        parent,
        isDegraded: array.isDegraded,
        members: array.members,
        syncDone: array.syncDone,
      },
      cadenceMs,
    );
  for (const disk of facts.disks) {
    const serial = tellingText(disk.serial);
    if (serial === null || !isTold(serial))
      setDiskSeries(disk, `${key}/${disk.slot}`, parent, parts);
  }
}

function setDiskSeries(
  disk: RaidDisk,
  place: string,
  parent: string,
  { sink, cadenceMs }: ControllerSeriesParts,
): void {
  const attributes = {
    "hw.id": tellingText(disk.serial) ?? disk.wwn ?? place,
    "hw.name": place,
    "hw.type": "physical_disk",
    "hw.parent": parent,
  };
  const put = (metric: MetricName, value: number | null, exponent = 0, error?: string): void => {
    if (value === null) return;
    const all = { ...attributes, ...(error === undefined ? {} : { "error.type": error }) };
    sink.set(sink.declare({ metric, attributes: all, exponent, cadenceMs }), value);
  };
  const alerts = disk.isSmartAlert === true || (disk.predictiveFailures ?? 0) > 0;
  const isSilent = disk.isSmartAlert === null && disk.predictiveFailures === null;
  const isFailed = disk.condition === "failed";
  put("wws.disk.smart.passed", isFailed ? 0 : isSilent ? null : Number(!alerts));
  put("hw.errors", disk.mediaErrors, 0, "media");
  put("hw.temperature", tenths(disk.temperatureCelsius), -1);
}

/** The controller as a part of the host, in the slot that the kernel knows it by. */
export function raidComponent({ key, facts }: ToldController): Component {
  return {
    ...unknownComponent,
    kind: "controller",
    slot: facts.pciAddress ?? key,
    model: facts.model,
    serial: tellingText(facts.serial),
    firmware: facts.firmware,
    address: facts.pciAddress,
  };
}

function tenths(celsius: number | null): number | null {
  return celsius === null ? null : Math.round(celsius * 10);
}
