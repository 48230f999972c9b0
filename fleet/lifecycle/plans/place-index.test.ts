import { expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { positionOf } from "#test/support/inventory-builders.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { fc } from "#test/support/properties.ts";
import { createPlaceIndexer, type PlaceIndex } from "./place-index.ts";

const { hosts } = planFleet({ racksPerRow: 3, hostsPerRack: 4, classes: ["web", "db"] });
const [first] = hosts;
if (first === undefined) throw new Error("no host");

const running = {
  id: "00000000-0000-7000-8000-000000000001",
  kind: "reboot",
  step: "ask",
  epoch: 1,
  deadlineMs: null,
  isPaused: false,
} as HostRecord["op"];

const contents = ({ byRack, bySite, byGroup }: PlaceIndex) =>
  [byRack, bySite, byGroup].map((groups) =>
    [...groups].map(([key, group]) => [key, group.map(({ id, phase }) => `${id} ${phase}`)]),
  );

/** What may become of one host in a list. */
const change = fc.record({
  at: fc.nat(hosts.length - 1),
  what: fc.constantFrom("phase", "retired", "moved", "classed", "op", "gone", "seen"),
});

const changed = (list: readonly HostRecord[], { at, what }: { at: number; what: string }) =>
  list.flatMap((host, place): HostRecord[] => {
    if (place !== at) return [host];
    const revision = host.revision + 1;
    if (what === "gone") return [];
    if (what === "phase") return [{ ...host, revision, phase: "drained" }];
    if (what === "retired") return [{ ...host, revision, phase: "retired" }];
    if (what === "moved")
      return [{ ...host, revision, position: positionOf("eu/fra2/row-a/rack-03/u40") }];
    if (what === "classed") return [{ ...host, revision, hardwareClass: "gpu" }];
    if (what === "op") return [{ ...host, revision, op: host.op === null ? running : null }];
    return [{ ...host, revision }];
  });

test("an index that follows a list is the one that is built anew from it", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const follow = createPlaceIndexer();
      let list = hosts;
      let index = follow(list);
      for (const one of changes) {
        const before = contents(index);
        const earlier = index;
        list = changed(list, one);
        index = follow(list);
        expect(contents(index)).toEqual(contents(createPlaceIndexer()(list)));
        expect(new Set(index.busy)).toEqual(new Set(list.filter(({ op }) => op !== null)));
        for (const host of list) expect(index.host(host.id)).toBe(host);
        expect(contents(earlier)).toEqual(before);
      }
    }),
  );
});

test("a host that is gone is not found any more", () => {
  const follow = createPlaceIndexer();
  follow(hosts);
  expect(follow(hosts.slice(1)).host(first.id)).toBeUndefined();
});
