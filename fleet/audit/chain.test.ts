import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import { chainStart, emptyChain, entryText, hashEntry, linkEntry } from "./chain.ts";

test("the first record follows 64 zeros, each other the one before it", () => {
  const first = linkEntry(auditEntry("hold.add"), emptyChain);
  expect(first).toMatchObject({ seq: 1, previousSha256: chainStart, action: "hold.add" });
  const second = linkEntry(auditEntry("hold.release"), first);
  expect(second).toMatchObject({ seq: 2, previousSha256: first.sha256 });
  expect(second.sha256).not.toBe(first.sha256);
});

test("a record's hash is one that anybody can compute from the docs", () => {
  const record = linkEntry(auditEntry("hold.add", { facts: { b: 1, a: "x" } }), emptyChain);
  const text =
    '{"action":"hold.add","actor":"ada","actorKind":"person","atMs":1800000000000,' +
    '"facts":{"a":"x","b":1},"outcome":"done","planHash":null,"previousSha256":"' +
    `${chainStart}","reason":null,"seq":1,"subject":{"id":"01930000-0000-7000-8000-000000000001",` +
    '"kind":"host","name":"host-1","rack":null,"serial":null}}';
  expect(record.sha256).toBe(sha256(text.replace("1800000000000", String(record.atMs))));
});

test("any other value of any field gives another hash", () => {
  const entry = auditEntry("hold.add", { facts: { from: "active" } });
  const hashes = [
    hashEntry(entry, 1, chainStart),
    hashEntry(entry, 2, chainStart),
    hashEntry(entry, 1, "1".repeat(64)),
    ...[
      { actor: "bob" },
      { outcome: "denied" as const },
      { reason: "" },
      { planHash: "x" },
      { facts: { from: "active", to: null } },
      { facts: {} },
      { subject: { ...entry.subject, serial: "S1" } },
    ].map((other) => hashEntry({ ...entry, ...other }, 1, chainStart)),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the order of its fields, and what does not belong to it, change nothing", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())), (facts) => {
      const entry = auditEntry("x", { facts });
      const turned = Object.fromEntries(Object.entries(facts).reverse());
      const other = { ...auditEntry("x", { facts: turned }), seq: 9, sha256: "y" };
      expect(entryText(other)).toBe(entryText(entry));
    }),
  );
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
