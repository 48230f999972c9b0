import type { KnownComponent } from "#fleet/inventory/component-history.ts";
import type { ComponentChangeRecord } from "#fleet/inventory/component-store.ts";
import type { HardwareDifference } from "#fleet/inventory/hardware-profile.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { LatestView } from "#fleet/telemetry/telemetry.ts";
import type { HostState } from "#proto/messages/state.ts";
import { absenceReasons } from "#proto/vocabulary/absence.ts";
import { metrics } from "#proto/vocabulary/metrics.ts";
import { describeChange } from "./component-words.ts";
import type { HostInventory } from "./inventory-schemas.ts";

/** What a host is now, and what it was. */
export interface InventoryFacts {
  readonly state: HostState;
  readonly latest: LatestView | undefined;
  readonly past: {
    readonly components: readonly KnownComponent[];
    readonly changes: readonly ComponentChangeRecord[];
    readonly differences: readonly HardwareDifference[] | null;
  };
}

/** Changes, and parts that are gone, in one answer. */
export const changesShownMax = 100;
const goneShownMax = 100;

/** A host's slow facts as the API shows them, with what it reports now. */
export function viewInventory(
  host: HostRecord,
  { state, latest, past }: InventoryFacts,
): HostInventory {
  const { components, processor, ...identity } = state.identity;
  return {
    hostId: host.id,
    observedMs: state.observedMs,
    identity: { ...identity, processor: processor === null ? null : { ...processor } },
    components: components.map((component) => ({ ...component })),
    collectors: state.collectors.map((collector) => ({ ...collector })),
    absences: state.absences.map((absence) => ({
      what: absence.what,
      attributes: Object.fromEntries(absence.attributes.map(({ key, value }) => [key, value])),
      reason: absence.reason,
      meaning: absenceReasons[absence.reason],
      detail: absence.detail,
    })),
    hardwareClass: host.hardwareClass,
    differences: past.differences?.map((one) => ({ ...one })) ?? null,
    changes: past.changes.map(({ number, atMs, bootId, change }) => ({
      number,
      atMs,
      bootId,
      kind: change.kind,
      component: { ...change.component },
      words: describeChange(change),
    })),
    gone: past.components
      .flatMap(({ component, firstSeenMs, goneMs }) =>
        goneMs === null ? [] : [{ component: { ...component }, firstSeenMs, goneMs }],
      )
      .sort((left, right) => right.goneMs - left.goneMs)
      .slice(0, goneShownMax),
    powerSource: state.powerSource,
    metrics: reportedMetrics(latest),
  };
}

function reportedMetrics(latest: LatestView | undefined): HostInventory["metrics"] {
  const byMetric = new Map<keyof typeof metrics, { series: number; keys: Set<string> }>();
  for (const { series } of latest?.values() ?? []) {
    const entry = byMetric.get(series.metric) ?? { series: 0, keys: new Set<string>() };
    entry.series += 1;
    for (const { key } of series.attributes) entry.keys.add(key);
    byMetric.set(series.metric, entry);
  }
  return [...byMetric]
    .map(([metric, { series, keys }]) => ({
      metric,
      unit: rateUnit(metrics[metric]),
      series,
      by: [...keys].sort(),
    }))
    .sort((a, b) => (a.metric < b.metric ? -1 : 1));
}

/** Counters are answered per second. */
function rateUnit(metric: { readonly kind: string; readonly unit: string }): string {
  if (metric.kind !== "counter") return metric.unit;
  // Seconds per second are a share.
  return metric.unit === "s" ? "1" : `${metric.unit}/s`;
}
