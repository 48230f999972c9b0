import type { MetricName } from "#proto/vocabulary/metrics.ts";
import type { SampleSink, SeriesRequest } from "./collector.ts";
import type { SmartFacts } from "./smart-facts.ts";

/** What the series of one drive have in common. */
export interface DriveAttributes {
  readonly id: string;
  readonly name: string;
  /** Slot of the controller; null: not known. */
  readonly parent: string | null;
}

/**
 * Sets the series of one drive from what it says. What it does not say is not set: a gap, never a
 * zero. Series are declared as they are first seen.
 */
export function setDriveSeries(
  sink: SampleSink,
  drive: DriveAttributes,
  facts: SmartFacts,
  cadenceMs: number,
): void {
  const common = {
    "hw.id": drive.id,
    "hw.name": drive.name,
    "hw.type": "physical_disk",
    ...(drive.parent === null ? {} : { "hw.parent": drive.parent }),
  };
  for (const { metric, more, value, exponent, quantum } of readingsOf(facts)) {
    if (value === null || !Number.isSafeInteger(value)) continue;
    const request: SeriesRequest = {
      metric,
      attributes: { ...common, ...more },
      exponent,
      cadenceMs,
      ...(quantum === undefined ? {} : { quantum }),
    };
    sink.set(sink.declare(request), value);
  }
}

interface Reading {
  readonly metric: MetricName;
  readonly more?: Readonly<Record<string, string>>;
  /** In the series' scale; null: the drive does not say. */
  readonly value: number | null;
  readonly exponent: number;
  readonly quantum?: number;
}

function readingsOf(facts: SmartFacts): readonly Reading[] {
  const { spare, spareThreshold } = facts;
  const isAta = facts.device.protocol === "ATA" && facts.passed !== null;
  return [
    plain("wws.disk.smart.passed", flag(facts.passed)),
    plain("wws.disk.critical_warning", facts.criticalWarning),
    share("wws.disk.spare", spare),
    share(
      "wws.disk.spare_margin",
      // A drive that never set a threshold (0) has no margin to it: its critical warning counts.
      spare === null || !spareThreshold ? null : spare - spareThreshold,
    ),
    share("hw.physical_disk.endurance_utilization", facts.percentageUsed),
    sectors("reallocated", facts.reallocated),
    sectors("pending", facts.pending),
    sectors("offline_uncorrectable", facts.offlineUncorrectable),
    {
      metric: "wws.disk.power_on_time",
      value: facts.powerOnHours === null ? null : Math.floor(facts.powerOnHours),
      exponent: 0,
      quantum: 3_600,
    },
    plain("wws.disk.self_test.passed", flag(facts.selfTest?.passed ?? null)),
    plain("wws.disk.attributes_failing", isAta ? facts.attributesFailingNow.length : null),
    {
      metric: "hw.temperature",
      value: facts.temperatureCelsius === null ? null : Math.round(facts.temperatureCelsius * 10),
      exponent: -1,
    },
    errors("media", facts.mediaErrors),
    errors("uncorrected", facts.uncorrectedErrors),
    errors("reallocated_event", facts.reallocatedEvents),
    errors("reported_uncorrectable", facts.reportedUncorrectable),
    errors("command_timeout", facts.commandTimeout),
    errors("crc", facts.crc),
    errors("end_to_end", facts.endToEnd),
    errors("grown_defect", facts.grownDefects),
  ];
}

function plain(metric: MetricName, value: number | null): Reading {
  return { metric, value, exponent: 0 };
}

/** Percent as a share of one. */
function share(metric: MetricName, percent: number | null): Reading {
  return { metric, value: percent === null ? null : Math.round(percent), exponent: -2 };
}

function sectors(state: string, value: number | null): Reading {
  return { metric: "wws.disk.sectors", more: { "wws.sector.state": state }, value, exponent: 0 };
}

function errors(type: string, value: number | null): Reading {
  return { metric: "hw.errors", more: { "error.type": type }, value, exponent: 0 };
}

function flag(value: boolean | null): number | null {
  return value === null ? null : Number(value);
}
