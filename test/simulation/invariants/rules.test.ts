import { expect, test } from "vitest";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { HostOrder } from "#proto/messages/orders.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { holdRecord, operationRecord } from "#test/support/life-builders.ts";
import { planFleet } from "#test/support/plan-fleet.ts";
import { allRules } from "./all-rules.ts";
import { type RuleName, watchRules } from "./checker.ts";
import type { Seen, Written } from "./seen.ts";

/** A fleet at rest of two racks, and what the rules say of what happens to it. */
const { hosts, racks, sites } = planFleet({ racksPerRow: 2, hostsPerRack: 5 });
const [one, two, three] = hosts;
if (one === undefined || two === undefined || three === undefined) throw new Error("no hosts");
const atMs = one.createdMs;

const estate: Seen = {
  kind: "estate",
  atMs,
  hosts,
  racks,
  sites,
  operations: [],
  holds: [],
  leases: [],
  auditHead: null,
};
const audit = {
  atMs,
  actor: "ann",
  action: "host.phase",
  facts: {},
} as unknown as Written["change"]["audit"];
const wrote = (facts: Partial<Written>, change: Partial<Written["change"]> = {}): Seen => ({
  kind: "written",
  atMs,
  manager: "manager-1",
  change: { term: 1, audit, ...change },
  hosts: [],
  operations: [],
  audit: [],
  ...facts,
});
const began = (facts: Partial<OperationRecord>): Seen =>
  wrote({ operations: [operationRecord(1, { hostId: one.id, version: 1, ...facts })] });
const asked: Seen = {
  kind: "asked",
  atMs,
  by: "ann",
  approvedBy: null,
  verb: "plan drain",
  hostIds: hosts.map(({ id }) => id),
};
const order: HostOrder = {
  operationId: operationRecord(1).id,
  epoch: 2,
  generation: 1,
  serial: null,
  action: { kind: "fence" },
};
const facts = { atMs, hostId: one.id, sentMs: atMs, seenTerm: 0, seenEpoch: 0 } as const;
const did = (differs: Partial<Extract<Seen, { kind: "did" }>> = {}): Seen => ({
  kind: "did",
  term: 1,
  order,
  ...facts,
  ...differs,
});
const sent = (hostId = one.id): Seen => ({
  kind: "sent",
  atMs,
  manager: "manager-1",
  hostId,
  term: 1,
  order,
});

const noWord = { code: "agent", words: "moving", who: "it", command: null, untilMs: null } as const;
const told = (...seen: readonly Seen[]): readonly RuleName[] => {
  const rules = watchRules(allRules);
  for (const each of [estate, ...seen]) rules.see(each);
  return [...new Set(rules.findings.map(({ rule }) => rule))];
};

test.each<[RuleName, string, readonly Seen[]]>([
  ["L1", "a host that served is available", [wrote({ hosts: [{ ...one, phase: "available" }] })]],
  [
    "L2",
    "an order that writes a disk arrives",
    [
      {
        ...did({ order: { ...order, action: { kind: "unknown" } } }),
        kind: "told",
        result: "done",
      } as Seen,
    ],
  ],
  ["L3", "an operation begins that nobody asked for", [began({})]],
  ["L4", "an epoch falls", [wrote({ hosts: [{ ...one, epoch: 3 }] }), wrote({ hosts: [one] })]],
  [
    "L4",
    "an operation begins at an epoch that its host has had",
    [wrote({ hosts: [{ ...one, epoch: 3 }] }), began({ epoch: 3 })],
  ],
  [
    "L5",
    "an operation that ended goes on",
    [
      began({ endedMs: unixMs(atMs), status: "done" }),
      wrote({ operations: [operationRecord(1, { hostId: one.id, version: 2 })] }),
    ],
  ],
  ["L5", "an order is given for nobody's operation", [sent()]],
  ["L6", "a plan of nobody is made", [{ ...asked, hostIds: [], answer: "ok" } as Seen]],
  [
    "L8",
    "a forgotten host is ordered",
    [{ kind: "host-removed", atMs, manager: "m", hostId: one.id }, sent()],
  ],
  [
    "L9",
    "a forgotten id comes back",
    [
      { kind: "host-removed", atMs, manager: "m", hostId: one.id },
      { kind: "host-written", atMs, manager: "m", record: one, isNew: true },
    ],
  ],
  ["S3", "an order is done twice", [did(), did()]],
  ["S4", "a reimage begins", [began({ kind: "reimage" })]],
  [
    "S5",
    "two hosts of a rack are taken",
    [began({}), wrote({ operations: [operationRecord(2, { hostId: two.id, version: 1 })] })],
  ],
  [
    "L7",
    "too few of a class serve",
    [
      ...hosts.slice(3, 9).map(
        (host): Seen => ({
          kind: "host-is",
          atMs,
          hostId: host.id,
          isOn: true,
          isFenced: false,
          running: [],
          verdict: "failed",
          bootId: "b",
        }),
      ),
      began({}),
    ],
  ],
  [
    "L7",
    "too few of a class are heard, since this very moment",
    [
      ...hosts
        .slice(3, 9)
        .map(
          ({ id }): Seen => ({ kind: "heard", atMs: atMs - 90_000, hostId: id, isHeard: false }),
        ),
      began({}),
    ],
  ],
  [
    "L7",
    "too few of a class are heard, where records were gone and came back from a backup",
    [
      ...hosts.slice(3, 9).flatMap(({ id }): readonly Seen[] => [
        { kind: "host-removed", atMs: atMs - 100_000, manager: "m", hostId: id },
        { kind: "heard", atMs: atMs - 90_000, hostId: id, isHeard: false },
      ]),
      { ...estate, kind: "restored" } as Seen,
      began({}),
    ],
  ],
  ["S7", "a change has no entry", [wrote({})]],
  ["S8", "a return begins on an active host", [began({ kind: "return" })]],
  ["S11", "a lower term writes", [wrote({}, { term: 2 }), wrote({}, { term: 1 })]],
  ["S11", "a lower epoch acts", [did({ seenEpoch: 3 })]],
  [
    "S12",
    "nobody knows what is waited for",
    [
      {
        kind: "settled",
        atMs: atMs + 11 * 60_000,
        operations: [operationRecord(1, { why: [] })],
        plans: [],
        waitsOf: () => [],
        safeMode: { inStore: false, atManager: false },
      },
    ],
  ],
  [
    "S12",
    "nobody asks any more how far an evacuation is",
    [
      {
        kind: "settled",
        atMs: atMs + 11 * 60_000,
        operations: [operationRecord(1, { step: "evacuate", stepState: "waiting", why: [noWord] })],
        plans: [],
        waitsOf: () => [],
        safeMode: { inStore: false, atManager: false },
      },
    ],
  ],
  [
    "S12",
    "a manager waits for people who have looked long ago",
    [
      {
        kind: "settled",
        atMs: atMs + 11 * 60_000,
        operations: [],
        plans: [],
        waitsOf: () => [],
        safeMode: { inStore: false, atManager: true },
      },
    ],
  ],
  [
    "S13",
    "another's workload stands in a record",
    [
      wrote({
        operations: [
          operationRecord(1, {
            hostId: one.id,
            detail: {
              kind: "drain",
              remaining: ["h77/web"],
            } as unknown as OperationRecord["detail"],
          }),
        ],
      }),
    ],
  ],
  [
    "drained",
    "a host is drained that runs something",
    [
      {
        kind: "host-is",
        atMs,
        hostId: one.id,
        isOn: true,
        isFenced: true,
        running: ["h1/web"],
        verdict: "ok",
        bootId: "b",
      },
      wrote({
        hosts: [{ ...one, phase: "drained" }],
        operations: [
          operationRecord(1, {
            hostId: one.id,
            kind: "drain",
            status: "done",
            endedMs: unixMs(atMs),
          }),
        ],
      }),
    ],
  ],
  [
    "holds",
    "a restart begins under a power lockout",
    [
      wrote(
        {},
        { holdsAdded: [holdRecord(1, { hostId: one.id, kind: "power-lockout", expiresMs: null })] },
      ),
      began({ kind: "reboot" }),
    ],
  ],
  [
    "freeze",
    "an order is given during a freeze",
    [{ kind: "freeze-is", atMs, manager: "manager-1", isFrozen: true }, sent()],
  ],
  [
    "freeze",
    "one alone lifts it",
    [
      { kind: "freeze-is", atMs, manager: "manager-1", isFrozen: true },
      { ...asked, verb: "unfreeze", hostIds: [] } as Seen,
      { kind: "freeze-is", atMs, manager: "manager-1", isFrozen: false },
    ],
  ],
  [
    "brake",
    "something begins where a rack went dark and nobody has looked",
    [
      { kind: "manager", atMs: atMs - 3_600_000, manager: "manager-1", is: "started" },
      { ...wrote({}), atMs: atMs - 3_600_000 },
      ...hosts
        .slice(0, 3)
        .map(({ id }): Seen => ({ kind: "heard", atMs, hostId: id, isHeard: false })),
      {
        ...wrote({
          operations: [operationRecord(1, { hostId: hosts[3]?.id ?? one.id, version: 1 })],
        }),
        atMs: atMs + 180_000,
      },
    ],
  ],
  [
    "quarantine",
    "a host leaves it for nobody knows where",
    [
      wrote({ hosts: [{ ...one, phase: "quarantined" }] }),
      wrote({ hosts: [{ ...one, phase: "active" }] }),
    ],
  ],
])("%s is broken where %s", (rule, _what, seen) => {
  expect(told(...seen)).toContain(rule);
});

test("a drain that somebody asked for, alone in its rack, breaks only what was left out here", () => {
  // No audit entry was told with it, and no record of the host.
  expect(told(asked, began({})).filter((rule) => rule !== "S7")).toEqual([]);
});

test("a backup brings an operation back as it began, however its host is by then", () => {
  const isNow = (verdict: "ok" | "failed"): Seen => ({
    kind: "host-is",
    atMs,
    hostId: one.id,
    isOn: true,
    isFenced: false,
    running: [],
    verdict,
    bootId: "b",
  });
  const drain = { hostId: one.id, version: 1 };
  const restored = {
    ...estate,
    kind: "restored",
    operations: [operationRecord(1, drain)],
  } as Seen;
  const next = wrote({ operations: [operationRecord(2, { hostId: two.id, version: 1 })] });
  const rest = [isNow("ok"), restored, isNow("failed"), next];
  // It had failed before its drain: that takes nothing.
  expect(told(isNow("failed"), began(drain), ...rest)).not.toContain("S5");
  // It served.
  expect(told(began(drain), ...rest)).toContain("S5");
});

test("a rule that never looked is named", () => {
  const rules = watchRules(allRules);
  rules.see(estate);
  expect(rules.unlooked()).toHaveLength(allRules.length);
  rules.see(did());
  expect(rules.unlooked()).not.toContain("S3");
});
