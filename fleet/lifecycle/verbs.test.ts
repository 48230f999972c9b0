import { expect, test } from "vitest";
import { unixMs } from "#proto/vocabulary/units.ts";
import { holdRecord } from "#test/support/life-builders.ts";
import { type HoldKind, holdKinds } from "./hold.ts";
import { holdBlocks, holdsAgainst, mayRelease, type Verb, verbs, whoReleases } from "./verbs.ts";

/** The specification's list again, by hand. */
const specified: { readonly [K in HoldKind]: readonly Verb[] } = {
  cordon: ["deploy", "place"],
  protect: ["reimage", "retire", "force-drain"],
  "power-lockout": [
    "inspect",
    "burnin",
    "deploy",
    "service",
    "reimage",
    "retire",
    "power",
    "reboot",
  ],
  legal: ["deploy", "reimage", "retire", "erase"],
  fault: ["deploy", "place"],
  reservation: ["deploy", "place"],
  tenant: ["drain", "force-drain"],
};

const everyPair = holdKinds.flatMap((kind) => verbs.map((verb) => [kind, verb] as const));

test.each(everyPair)("a hold of kind %s and the verb %s", (kind, verb) => {
  const hold = holdRecord(1, { kind, expiresMs: null });
  const isBlocked = specified[kind].includes(verb);
  expect(holdsAgainst(verb, [hold], 0)).toEqual(isBlocked ? [hold] : []);
  expect(holdBlocks[kind][verb] !== undefined).toBe(isBlocked);
});

test("a hold that has run out forbids nothing", () => {
  const hold = holdRecord(1, { kind: "cordon", expiresMs: unixMs(1_000) });
  expect(holdsAgainst("place", [hold], 999)).toEqual([hold]);
  expect(holdsAgainst("place", [hold], 1_000)).toEqual([]);
});

test("a reservation lets in only the one it names", () => {
  const hold = holdRecord(1, { kind: "reservation", forWhom: "acme" });
  expect(holdsAgainst("place", [hold], 0, "acme")).toEqual([]);
  expect(holdsAgainst("place", [hold], 0, "shop")).toEqual([hold]);
});

test.each([
  ["operator", "ann", "operator", "ben", true],
  ["operator", "ann", "automation", "health", false],
  ["operator", "ann", "tenant", "tenant acme", false],
  ["automation", "health", "operator", "ann", true],
  ["automation", "health", "automation", "health", true],
  ["automation", "health", "automation", "planner", false],
  ["automation", "health", "tenant", "tenant acme", false],
  ["tenant", "tenant acme", "operator", "ann", true],
  ["tenant", "tenant acme", "automation", "health", false],
  ["tenant", "tenant acme", "tenant", "tenant acme", true],
  ["tenant", "tenant acme", "tenant", "tenant shop", false],
] as const)("a hold of %s %s is released by %s %s: %s", (holderKind, holder, kind, name, may) => {
  for (const holdKind of holdKinds) {
    const hold = holdRecord(1, { kind: holdKind, holderKind, holder });
    expect(mayRelease(hold, { kind, name })).toBe(may);
    expect(whoReleases(hold)).toContain("operator");
  }
});
