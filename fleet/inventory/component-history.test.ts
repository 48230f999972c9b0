import { describe, expect, test } from "vitest";
import type { Absence, Component, HostState } from "#proto/messages/state.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostState } from "#test/support/inventory-builders.ts";
import { compareComponents, componentKey, type KnownComponent } from "./component-history.ts";

const disk = (serial: string | null, facts: Partial<Component> = {}): Component => ({
  ...unknownComponent,
  kind: "disk",
  slot: "sda",
  serial,
  ...facts,
});
const dimm = (slot: string, serial: string | null): Component => ({
  ...unknownComponent,
  kind: "dimm",
  slot,
  serial,
});

function stateWith(
  components: readonly Component[],
  atMs = 1_000,
  without: string[] = [],
): HostState {
  const absences = without.map(
    (what): Absence => ({ what, attributes: [], reason: "tool-missing", detail: "" }),
  );
  return hostState({ observedMs: unixMs(atMs), absences }, { components });
}

/** A look that is not through: `what` was not looked for since the agent's start. */
function earlyState(
  components: readonly Component[],
  what = "components",
  atMs = 2_000,
): HostState {
  const absence: Absence = { what, attributes: [], reason: "not-yet-collected", detail: "" };
  return hostState({ observedMs: unixMs(atMs), absences: [absence] }, { components });
}

function knownAfter(components: readonly Component[]): readonly KnownComponent[] {
  return compareComponents([], stateWith(components)).known;
}

describe("a part is known", () => {
  test("by its serial, whatever the kernel calls it today", () => {
    expect(componentKey(disk("S1", { slot: "sda" }))).toBe(
      componentKey(disk("s1 ", { slot: "sdb" })),
    );
  });

  test("by its world-wide name or MAC address, where it has no serial of its own", () => {
    const port = {
      ...unknownComponent,
      kind: "nic",
      slot: "eth0",
      address: "3c:ec:ef:1:2:3",
    } as const;
    expect(componentKey(port)).toBe("nic:3c:ec:ef:1:2:3");
    expect(componentKey(disk("To Be Filled By O.E.M.", { address: "0x5000" }))).toBe("disk:0x5000");
  });

  test("by its place, where nothing else tells it from its neighbours", () => {
    expect(componentKey(dimm("A1", "Not Specified"))).toBe("dimm@A1");
  });
});

test("the first state of a host is its beginning: nothing changed", () => {
  const { known, changes } = compareComponents([], stateWith([disk("S1"), dimm("A1", "D1")]));
  expect(changes).toEqual([]);
  expect(known.map(({ key, firstSeenMs, goneMs }) => [key, firstSeenMs, goneMs])).toEqual([
    ["disk:s1", 1_000, null],
    ["dimm:d1", 1_000, null],
  ]);
});

test("a disk in the place of another is one change, and the old one is remembered", () => {
  const { known, changes } = compareComponents(
    knownAfter([disk("S1")]),
    stateWith([disk("S2")], 2_000),
  );
  expect(changes).toEqual([{ kind: "replaced", before: disk("S1"), component: disk("S2") }]);
  expect(known.map(({ key, goneMs }) => [key, goneMs])).toEqual([
    ["disk:s1", 2_000],
    ["disk:s2", null],
  ]);
});

test("a part that comes back is the same part, with its first day", () => {
  const gone = compareComponents(
    knownAfter([disk("S1"), disk("S2")]),
    stateWith([disk("S2")], 2_000),
  );
  expect(gone.changes).toEqual([{ kind: "removed", component: disk("S1") }]);
  const back = compareComponents(gone.known, stateWith([disk("S1"), disk("S2")], 3_000));
  expect(back.changes).toEqual([{ kind: "returned", component: disk("S1") }]);
  expect(back.known.find(({ key }) => key === "disk:s1")).toMatchObject({
    firstSeenMs: 1_000,
    goneMs: null,
  });
});

test("new firmware is told with what it was; a name that the kernel gave anew is not", () => {
  const known = knownAfter([disk("S1", { firmware: "1" }), dimm("A1", "D1")]);
  const now = [disk("S1", { firmware: "2", slot: "sdq" }), dimm("B1", "D1")];
  expect(compareComponents(known, stateWith(now)).changes).toMatchObject([
    { kind: "changed", fields: ["firmware"], before: { firmware: "1" } },
    { kind: "changed", fields: ["slot"], before: { slot: "A1" }, component: { slot: "B1" } },
  ]);
});

test("what is not told now is kept, and what is told for the first time is no change", () => {
  const first = compareComponents(
    knownAfter([disk("S1")]),
    stateWith([disk("S1", { firmware: "1" })]),
  );
  expect(first.changes).toEqual([]);
  const silent = compareComponents(first.known, stateWith([disk("S1")]));
  expect(silent.changes).toEqual([]);
  expect(silent.known[0]?.component.firmware).toBe("1");
});

test.each(["components", "components.dimm"])(
  "a part is not gone because nobody could look (%s is absent)",
  (what) => {
    const known = knownAfter([dimm("A1", "D1"), disk("S1")]);
    const { changes } = compareComponents(known, stateWith([disk("S1")], 2_000, [what]));
    expect(changes).toEqual([]);
  },
);

test("two parts with one serial are two parts", () => {
  const known = knownAfter([dimm("A1", "12345678"), dimm("B1", "12345678")]);
  expect(known).toHaveLength(2);
  expect(
    compareComponents(known, stateWith([dimm("A1", "12345678"), dimm("B1", "12345678")])).changes,
  ).toEqual([]);
});

describe("a serial that comes late", () => {
  test("names the part that was known by its place: nothing changed", () => {
    const { known, changes } = compareComponents(
      knownAfter([disk(null, { model: "X" })]),
      stateWith([disk("S1", { model: "X" })], 2_000),
    );
    expect(changes).toEqual([]);
    expect(known.map(({ key, firstSeenMs }) => [key, firstSeenMs])).toEqual([["disk:s1", 1_000]]);
  });

  test("is not lost while nobody tells it: the part in that place is the one that was there", () => {
    const { known, changes } = compareComponents(
      knownAfter([disk("S1", { model: "X" })]),
      stateWith([disk(null, { model: "X" })], 2_000),
    );
    expect(changes).toEqual([]);
    expect(known).toMatchObject([{ key: "disk:s1", goneMs: null, component: { serial: "S1" } }]);
  });

  test("is known by its world-wide name meanwhile, whatever the kernel calls it", () => {
    const silent = disk(null, { address: "naa.5000c500a", slot: "sdb" });
    const named = disk("S1", { address: "naa.5000c500a", slot: "sda" });
    const lost = compareComponents(knownAfter([named]), stateWith([silent], 2_000));
    expect(lost.changes).toEqual([]);
    expect(lost.known.map(({ key, goneMs }) => [key, goneMs])).toEqual([["disk:s1", null]]);
    const learned = compareComponents(knownAfter([silent]), stateWith([named], 2_000));
    expect(learned.changes).toEqual([]);
    expect(learned.known.map(({ key, goneMs }) => [key, goneMs])).toEqual([["disk:s1", null]]);
  });

  test("is not given to a part that is another by its model, or whose owner stands elsewhere", () => {
    const other = compareComponents(
      knownAfter([disk("S1", { model: "X" })]),
      stateWith([disk(null, { model: "Y" })]),
    );
    expect(other.changes.map(({ kind }) => kind)).toEqual(["replaced"]);
    const moved = compareComponents(
      knownAfter([disk("S1")]),
      stateWith([disk(null), disk("S1", { slot: "sdb" })]),
    );
    expect(moved.changes.map(({ kind }) => kind)).toEqual(["added"]);
  });
});

describe("while the agent has not looked for all of it since its start", () => {
  test("a host does not begin: what is found slowly was not put in later", () => {
    for (const what of ["components", "components.disk"]) {
      const early = compareComponents([], earlyState([dimm("A1", "D1")], what));
      expect(early).toEqual({ known: [], changes: [] });
    }
    const whole = compareComponents([], stateWith([dimm("A1", "D1"), disk("S1")], 3_000));
    expect(whole.changes).toEqual([]);
    expect(whole.known).toHaveLength(2);
  });

  test("nothing is compared: a port that has its bond's address for now is no new port", () => {
    const port = (slot: string, address: string): Component => ({
      ...unknownComponent,
      kind: "nic",
      slot,
      address,
    });
    const known = knownAfter([
      port("eth0", "02:00:00:00:00:01"),
      port("eth1", "02:00:00:00:00:02"),
    ]);
    const early = [port("eth0", "02:00:00:00:00:01"), port("eth1", "02:00:00:00:00:01")];
    expect(compareComponents(known, earlyState(early))).toEqual({ known, changes: [] });
  });

  test("other kinds are compared", () => {
    const known = knownAfter([disk("S1"), dimm("A1", "D1")]);
    const { changes } = compareComponents(
      known,
      earlyState([disk("S9", { slot: "sdz" }), dimm("A1", "D2")], "components.disk"),
    );
    expect(changes.map(({ kind, component }) => [kind, component.serial])).toEqual([
      ["replaced", "D2"],
    ]);
  });
});
