import { phases } from "#fleet/inventory/host-record.ts";
import { capacityFigures } from "#fleet/reports/capacity-figures.ts";
import type { FleetFacts, HostFacts } from "#fleet/reports/fleet-facts.ts";
import { powerFigures } from "#fleet/reports/power-figures.ts";
import { createPowerHistory } from "#fleet/reports/power-history.ts";
import type { KeptFigures } from "#fleet/reports/report-store.ts";
import { rackRecord } from "./estate-builders.ts";
import { hostRecord, positionOf, testCell } from "./inventory-builders.ts";
import { holdRecord, leaseRecord, someWhy } from "./life-builders.ts";
import { fc } from "./properties.ts";
import { virtualStartMs } from "./virtual-clock.ts";

/** An active host that serves, is measured and has said what it is. */
export function reportHost(number: number, facts: Partial<HostFacts> = {}): HostFacts {
  const record = facts.record ?? hostRecord(number);
  return {
    record,
    feeds: [],
    life: {
      lifecycle: record.phase,
      holds: [],
      leases: [],
      isSchedulable: true,
      whyNotSchedulable: [],
      data: "clean",
    },
    link: "connected",
    verdict: "ok",
    whyOut: null,
    power: { watts: 200, source: "dcmi" },
    hardware: { cores: 64, memoryBytes: 2 ** 39, diskBytes: 4 * 10 ** 12 },
    ...facts,
  };
}

export function reportFleet(hosts: readonly HostFacts[], racks: FleetFacts["racks"]): FleetFacts {
  return { atMs: virtualStartMs, cell: testCell, hosts, racks, sites: [] };
}

export const someRacks = ["fra2/row-a/rack-01", "fra2/row-a/rack-02", "ams1/row-b/rack-01"].map(
  (id) =>
    rackRecord(id, {
      feeds: ["A", "B"].map((name) => ({ name, budgetWatts: 1_000, upstream: `ups-${name}` })),
    }),
);

const drawn = fc.record({
  place: fc.constantFrom(null, ...someRacks.map(({ id }) => id)),
  unit: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 4 }),
  phase: fc.constantFrom(...phases),
  hardwareClass: fc.constantFrom(null, "compute", "storage"),
  tags: fc.constantFrom<readonly string[]>([], ["spare"], ["canary", "spare"]),
  link: fc.constantFrom("connected", "late", "lost", "never"),
  whyOut: fc.constantFrom(null, "silent", "at fault"),
  isSchedulable: fc.boolean(),
  share: fc.constantFrom(null, "shared", "exclusive"),
  isCordoned: fc.boolean(),
  data: fc.constantFrom("clean", "tainted", "unknown"),
  watts: fc.option(fc.integer({ min: 0, max: 900 }), { nil: null }),
  source: fc.constantFrom("dcmi", "rapl-package"),
  cores: fc.option(fc.integer({ min: 1, max: 256 }), { nil: null }),
});

/** What is kept of that fleet for a day of which nobody watched the power. */
export function keptFiguresOf(facts: FleetFacts): KeptFigures {
  return {
    capacity: capacityFigures(facts),
    power: powerFigures(facts, createPowerHistory(), 86_400_000),
  };
}

/** Fleets of every mixture: hosts without places, retired, silent, unmeasured, undescribed. */
export const arbitraryReportFleet: fc.Arbitrary<FleetFacts> = fc
  .array(drawn, { maxLength: 24 })
  .map((list) =>
    reportFleet(
      list.map((one, at) => {
        const position = one.place === null ? null : positionOf(`eu/${one.place}/u${one.unit}`);
        return reportHost(at + 1, {
          record: hostRecord(at + 1, {
            position,
            heightUnits: one.height,
            phase: one.phase,
            hardwareClass: one.hardwareClass,
            tags: one.tags,
          }),
          life: {
            lifecycle: one.phase,
            holds: one.isCordoned ? [holdRecord(at + 1, { kind: "cordon" })] : [],
            leases: one.share === null ? [] : [leaseRecord(at + 1, { share: one.share })],
            isSchedulable: one.isSchedulable,
            whyNotSchedulable: one.isSchedulable ? [] : [{ ...someWhy, code: "hold" }],
            data: one.data,
          },
          link: one.link,
          whyOut: one.whyOut,
          power: one.watts === null ? null : { watts: one.watts, source: one.source },
          hardware:
            one.isSchedulable && one.cores !== null
              ? { cores: one.cores, memoryBytes: 2 ** 38, diskBytes: 10 ** 12 }
              : null,
        });
      }),
      someRacks,
    ),
  );
