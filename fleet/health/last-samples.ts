import type { LatestValue, LatestView } from "#fleet/telemetry/telemetry.ts";
import { attributeOf, partIdOf } from "./part.ts";
import type { LastSamples } from "./reboot-facts.ts";

/** Figures taken within so long of the last one speak of the end; older ones do not. */
const endMs = 120_000;

/** The newest figures of a boot that has ended; null: none. */
export function lastSamplesOf(latest: LatestView | undefined): LastSamples | null {
  if (latest === undefined) return null;
  const { observedMs } = latest;
  const near = (metric: Parameters<LatestView["valuesOf"]>[0]): readonly LatestValue[] =>
    latest.valuesOf(metric).filter((value) => value.observedMs >= observedMs - endMs);
  const margin = extreme(near("hw.temperature.margin"), (left, right) => left < right);
  const hottest = extreme(near("hw.temperature"), (left, right) => left > right);
  const pressure = near("wws.pressure.stall_time").find(
    ({ series }) =>
      attributeOf(series, "wws.pressure.resource") === "memory" &&
      attributeOf(series, "wws.pressure.kind") === "full",
  );
  return {
    observedMs,
    thermalMargin: margin && { celsius: margin.value, part: nameOf(margin) },
    hottest: hottest && { celsius: hottest.value, part: nameOf(hottest) },
    suppliesDown: near("hw.power_supply.status")
      .filter(({ value }) => value === 0)
      .map(nameOf)
      .slice(0, suppliesMax),
    watts: latest.hostWide("hw.host.power"),
    memoryUtilization: latest.hostWide("system.memory.utilization"),
    memoryPressure: pressure?.value ?? null,
    uncorrectedErrors: near("hw.errors")
      .filter(
        ({ series }) =>
          // Drives count theirs over their whole life.
          attributeOf(series, "error.type") === "uncorrected" &&
          attributeOf(series, "hw.type") === "memory",
      )
      .reduce((sum, { value }) => sum + value, 0),
  };
}

const suppliesMax = 16;

function extreme(
  values: readonly LatestValue[],
  isMore: (left: number, right: number) => boolean,
): LatestValue | null {
  let found: LatestValue | null = null;
  for (const value of values) if (found === null || isMore(value.value, found.value)) found = value;
  return found;
}

function nameOf({ series }: LatestValue): string {
  return attributeOf(series, "hw.name") ?? (partIdOf(series) || "a sensor");
}
