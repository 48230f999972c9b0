import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { ann, drainOperation } from "#test/support/drain-builders.ts";
import { holdIdOf, holdRecord } from "#test/support/life-builders.ts";
import { someHost } from "#test/support/life-world.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { decideAddHold, decideExpiry, decideFault, decideReleaseHold } from "./decide-hold.ts";
import type { HostFacts } from "./decision.ts";
import { cordonFor } from "./drain-cordon.ts";

const nowMs = unixMs(virtualStartMs);
const facts: HostFacts = { host: someHost(), holds: [], leases: [], operation: null };
const newId = () => holdIdOf(9);
const none = { expiresMs: null, reviewMs: null, forWhom: null };

test("a hold counts its host's record on, so that whoever judged it before judges again", () => {
  const decision = decideAddHold(facts, { kind: "cordon", ...none }, ann, holdIdOf(1), nowMs);
  expect(decision).toMatchObject({
    kind: "change",
    value: { holder: "ann", holderKind: "operator", reviewMs: nowMs + 7 * 86_400_000 },
    change: { hosts: [{ record: { revision: 2 }, expectedRevision: 1 }] },
  });
});

test.each([
  ["a fault by a person", { kind: "fault", ...none }],
  ["an end in the past", { kind: "cordon", ...none, expiresMs: nowMs }],
  ["a reservation for nobody", { kind: "reservation", ...none }],
  ["a tenant's hold without a date", { kind: "tenant", ...none, forWhom: "acme" }],
] as const)("%s is refused in words", (_, ask) => {
  const decision = decideAddHold(facts, ask, ann, holdIdOf(1), nowMs);
  expect(decision.kind).toBe("refused");
  if (decision.kind === "refused") expect(decision.why[0]?.words.length).toBeGreaterThan(8);
});

test("a host has no more holds than its limit", () => {
  const holds = Array.from({ length: 64 }, (_, at) => holdRecord(at, { holder: `p${at}` }));
  const decision = decideAddHold(
    { ...facts, holds },
    { kind: "protect", ...none },
    ann,
    newId(),
    nowMs,
  );
  expect(decision).toMatchObject({
    kind: "refused",
    why: [{ words: "host-1 has 64 holds already" }],
  });
});

test("automation and tenants do not release what an operator holds, and hear who does", () => {
  const hold = holdRecord(1, { holder: "ben", holderKind: "operator", kind: "legal" });
  for (const kind of ["automation", "tenant"] as const)
    expect(
      decideReleaseHold(
        { ...facts, holds: [hold] },
        hold,
        { kind, name: "x" },
        { ...ann, name: "x" },
        newId,
        nowMs,
      ),
    ).toMatchObject({ kind: "refused", why: [{ who: "ben, or another operator" }] });
});

test("a drain's cordon stays while anything runs and while its host is drained", () => {
  const operation = drainOperation();
  const cordon = cordonFor(operation, holdIdOf(1), nowMs);
  const by = { kind: "operator", name: "ann" } as const;
  const release = (over: Partial<HostFacts>) =>
    decideReleaseHold({ ...facts, holds: [cordon], ...over }, cordon, by, ann, newId, nowMs).kind;
  expect(release({ operation })).toBe("refused");
  expect(release({ host: someHost({ phase: "drained" }) })).toBe("refused");
  expect(release({})).toBe("change");
});

test("a hold goes at its end and not before", () => {
  const hold = holdRecord(1, { expiresMs: unixMs(nowMs + 1) });
  expect(decideExpiry(facts, hold, nowMs).kind).toBe("same");
  expect(decideExpiry(facts, hold, unixMs(nowMs + 1)).kind).toBe("change");
});

test("health sets its own fault hold once, and ends only its own", () => {
  const set = decideFault(facts, "failed", ["sda is dead"], newId, nowMs);
  expect(set).toMatchObject({ kind: "change", value: { kind: "fault", reason: "sda is dead" } });
  const held = {
    ...facts,
    holds: [holdRecord(1, { kind: "fault", holder: "health", holderKind: "automation" })],
  };
  expect(decideFault(held, "failing", [], newId, nowMs).kind).toBe("same");
  expect(decideFault(held, "unknown", [], newId, nowMs).kind).toBe("same");
  expect(decideFault(held, "degraded", [], newId, nowMs).kind).toBe("change");
  expect(decideFault(facts, "ok", [], newId, nowMs)).toEqual({ kind: "same", value: null });
});
