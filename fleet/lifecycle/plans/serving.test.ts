import { expect, test } from "vitest";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { holdRecord, operationRecord } from "#test/support/life-builders.ts";
import { heard, lost, observing, planFleet } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import type { FleetSnapshot } from "./fleet-snapshot.ts";
import { groupOf } from "./places.ts";
import { countOut, findNow, whyOut } from "./serving.ts";
import { indexSnapshot } from "./snapshot-index.ts";

const hosts = 12;
const marks = fc.record({
  phase: fc.constantFrom("active", "available", "drained", "planned", "retired"),
  observed: fc.constantFrom(
    heard(),
    heard({ verdict: "failed" }),
    heard({ verdict: "failing" }),
    heard({ link: "late" }),
    lost(),
    lost({ verdict: "failed" }),
  ),
  hold: fc.constantFrom("fault", "cordon", null),
  operation: fc.constantFrom("drain", "reboot", "return", null),
});

test("out are as many hosts of a group as have a reason, whoever is looked at one by one", () => {
  fc.assert(
    fc.property(fc.array(marks, { minLength: hosts, maxLength: hosts }), (all) => {
      const fleet = planFleet({
        sites: ["fra2", "nrt1"],
        racksPerRow: 2,
        hostsPerRack: 3,
        classes: ["compute", "storage"],
        host: (number) => ({ phase: all[number - 1]?.phase ?? "active" }),
      });
      const snapshot: FleetSnapshot = {
        ...observing(
          fleet,
          all.map(({ observed }, at) => [hostIdOf(at + 1), observed] as const),
        ),
        holds: all.flatMap(({ hold: kind }, at) =>
          kind === null ? [] : [holdRecord(at + 1, { hostId: hostIdOf(at + 1), kind })],
        ),
        operations: all.flatMap(({ operation: kind }, at) =>
          kind === null ? [] : [operationRecord(at + 1, { hostId: hostIdOf(at + 1), kind })],
        ),
      };
      const { get } = snapshot.observed;
      const isUp: FleetSnapshot["observed"]["isUp"] = (hostId) =>
        get(hostId)?.link === "connected" && get(hostId)?.verdict !== "failed";
      const index = indexSnapshot({ ...snapshot, observed: { get, isUp } });
      const groups = [...new Set(snapshot.hosts.map(groupOf))];
      expect(groups).toHaveLength(4);
      for (const group of groups) {
        const one = index.hostsByGroup.get(group) ?? [];
        const out = one.filter((host) => whyOut(host, index) !== null).length;
        expect(countOut(group, index)).toBe(out);
        expect(countOut(group, indexSnapshot(snapshot))).toBe(out);
      }
    }),
  );
});

test("of a host that an operation begins on it is noted how it is, and where it is silent since when", () => {
  const fleet = planFleet({ racksPerRow: 1, hostsPerRack: 4 });
  const silent = lost();
  const index = indexSnapshot(
    observing(fleet, [
      [hostIdOf(1), silent],
      [hostIdOf(2), lost({ link: "never", lastHeardMs: null })],
      [hostIdOf(3), lost({ verdict: "failed" })],
    ]),
  );
  const found = fleet.hosts.map((host) => findNow(host, "drain", index));
  expect(found).toEqual([
    { found: "silent", foundHeardMs: silent.lastHeardMs },
    { found: "silent" },
    { found: "failed" },
    { found: "serving" },
  ]);
});
