import { expect, test } from "vitest";
import { type Phase, phases } from "#fleet/inventory/host-record.ts";
import { type OperationKind, operationKinds } from "#fleet/inventory/running-operation.ts";
import { lifecycleWord } from "./lifecycle-word.ts";
import type { OperationRow } from "./operation-row.ts";
import { mayBecome, operationTable, pairOf, phaseAfter } from "./operation-table.ts";

/** The specification's table again, by hand: from where, to where. */
const specified: { readonly [K in OperationKind]: Partial<Record<Phase, Phase | "before">> } = {
  enrol: { planned: "new" },
  adopt: {},
  inspect: { new: "new", quarantined: "quarantined" },
  burnin: { new: "new" },
  deploy: { available: "active" },
  drain: { active: "drained", available: "drained" },
  service: {
    available: "available",
    active: "active",
    drained: "drained",
    quarantined: "quarantined",
  },
  repair: { quarantined: "quarantined", drained: "drained" },
  reimage: {
    drained: "available",
    new: "available",
    quarantined: "available",
    available: "available",
  },
  clear: { quarantined: "before" },
  return: { drained: "active" },
  retire: {
    planned: "retired",
    available: "retired",
    drained: "retired",
    quarantined: "retired",
  },
  power: everyLiving(),
  reboot: everyLiving(),
  locate: everyLiving(),
};

function everyLiving(): Partial<Record<Phase, Phase>> {
  return Object.fromEntries(
    phases.filter((phase) => phase !== "retired").map((phase) => [phase, phase]),
  );
}

const everyPair = operationKinds.flatMap((kind) => phases.map((phase) => [kind, phase] as const));

test.each(everyPair)("%s of a host that is %s goes as the specification says", (kind, phase) => {
  const wanted = specified[kind][phase];
  const pair = pairOf(kind, phase);
  expect(pair.isAllowed).toBe(wanted !== undefined);
  if (!pair.isAllowed) {
    expect(pair.reason).toMatch(/^(is|was|serves|still) .{4,}/);
    expect(phaseAfter(kind, phase, "active")).toBeUndefined();
    return;
  }
  const backTo = "drained";
  expect(phaseAfter(kind, phase, backTo)).toBe(wanted === "before" ? backTo : wanted);
});

test("nothing leads out of retired, and only a reimage leads to available", () => {
  for (const phase of phases)
    if (phase !== "retired") expect(mayBecome("retired", phase)).toBe(false);
  const toAvailable = everyPair.filter(([kind, phase]) => {
    const pair = pairOf(kind, phase);
    return pair.isAllowed && pair.to === "available";
  });
  expect(new Set(toAvailable.map(([kind]) => kind))).toEqual(new Set(["reimage"]));
});

test("an active host is never quarantined by an operation", () => {
  for (const kind of operationKinds)
    if (pairOf(kind, "active").isAllowed) expect(operationTable[kind].failure.to).toBe("same");
  expect(mayBecome("active", "quarantined")).toBe(false);
});

test("what writes or ends a host is of class D, what disturbs it M", () => {
  const classOf = (kind: OperationKind): OperationRow["class"] => operationTable[kind].class;
  expect(operationKinds.filter((kind) => classOf(kind) === "D")).toEqual([
    "deploy",
    "reimage",
    "retire",
  ]);
  expect(classOf("drain")).toBe("M");
  expect(classOf("locate")).toBe("L");
});

test("people see the running operation's word, or else the phase", () => {
  expect(lifecycleWord("active", "drain")).toBe("draining");
  expect(lifecycleWord("quarantined", "repair")).toBe("under repair");
  expect(lifecycleWord("drained", "return")).toBe("drained");
  expect(lifecycleWord("active", null)).toBe("active");
});
