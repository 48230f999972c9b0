import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import { auditFactsMax, auditTextMax, cleanEntry, SecretInAudit } from "./clean-entry.ts";

// 256 bits as our secrets are written; not one of anybody's.
const secret = "Zq3vN8-canary_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9s";

describe("no secret gets into the audit", () => {
  test.each([
    "password",
    "bmcPassword",
    "secret",
    "secretSha256",
    "token",
    "joinToken",
    "privateKey",
    "cookie",
    "authorization",
    "apiKey",
    "key",
    "credentials",
  ])("a fact that is named %s is refused", (name) => {
    expect(() => cleanEntry(auditEntry("x", { facts: { [name]: "harmless" } }))).toThrow(
      SecretInAudit,
    );
  });

  test.each(["tokenId", "tokenKind", "tokenName", "keyFingerprint", "tokenUses", "from"])(
    "a fact about one is kept: %s",
    (name) => {
      const entry = auditEntry("x", { facts: { [name]: "0193" } });
      expect(cleanEntry(entry)).toEqual(entry);
    },
  );

  test.each([
    secret,
    `it is ${secret}, keep it`,
    `wws1.${secret}.${secret}`,
    "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz",
    "Authorization: Bearer abcdefghijklmnop0123",
    "https://ada:hunter2@acme.example/hook",
    "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl",
  ])("a text that reads like one is withheld wherever it stands: %s", (text) => {
    const subject = { kind: "host", id: text, name: text, serial: text, rack: text } as const;
    const all = cleanEntry(
      auditEntry("x", {
        actor: text,
        reason: text,
        planHash: text,
        subject,
        facts: { note: text },
      }),
    );
    const written = JSON.stringify(all);
    for (const part of [secret, "hunter2", "MIGHAg", "b3BlbnNz", "abcdefghijklmnop", "eyJhbGci"])
      expect(written).not.toContain(part);
    expect(written).toContain("(withheld)");
  });

  test("one that is cut off at the longest text is not half there", () => {
    const reason = `${"x ".repeat(auditTextMax.reason / 2 - 10)}${secret}`;
    expect(JSON.stringify(cleanEntry(auditEntry("x", { reason })))).not.toContain("canary");
  });

  test("what people and machines are called is left as it is", () => {
    const entry = auditEntry("plan.apply", {
      actor: "ada.lovelace@example.com",
      reason: "see https://wiki.example/runbook?x=1: new DIMM, PSU2",
      planHash: "3f".repeat(32),
      subject: {
        kind: "host",
        id: "01930000-0000-7000-8000-000000000001",
        name: "fra2-row-b-rack-07-u12-storage-very-long-name-of-it",
        serial: "CZ3.123-ABC/9",
        rack: "fra2/row-b/rack-07",
      },
      facts: { from: "active", to: "drained", hosts: 12, isForced: false, why: null },
    });
    expect(cleanEntry(entry)).toEqual(entry);
  });
});

test("whatever the texts are, the entry is small and every engine can store it", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constant("\ud800\u0000"));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 500 }), (piece, times) => {
      const long = piece.repeat(times);
      const clean = cleanEntry(
        auditEntry("x", { actor: long, reason: long, facts: { note: long } }),
      );
      expect(clean.actor.length).toBeLessThanOrEqual(auditTextMax.name);
      expect(clean.reason?.length).toBeLessThanOrEqual(auditTextMax.reason);
      expect(String(clean.facts["note"]).length).toBeLessThanOrEqual(auditTextMax.fact);
      for (const kept of [clean.actor, clean.reason ?? "", String(clean.facts["note"])]) {
        expect(kept.isWellFormed()).toBe(true);
        expect(kept).not.toContain("\u0000");
      }
      expect(cleanEntry(clean)).toEqual(clean);
    }),
  );
});

test("facts are small values only, and not too many", () => {
  const odd = { list: [1], deep: { a: 1 }, none: undefined, far: Number.POSITIVE_INFINITY };
  const clean = cleanEntry(auditEntry("x", { facts: odd as never }));
  expect(clean.facts).toEqual({ list: "(object)", deep: "(object)", none: null, far: "Infinity" });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, index]));
  const facts = cleanEntry(auditEntry("x", { facts: many })).facts;
  expect(Object.keys(facts)).toHaveLength(auditFactsMax + 1);
  expect(facts["factsLeftOut"]).toBe(50 - auditFactsMax);
});
