import { createHash, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { fingerprintOf, makeHostKey, makeSelfSigned } from "./host-key.ts";

test("each key is new, on P-256, and its certificate proves it without an end", () => {
  const key = makeHostKey();
  expect(makeHostKey()).not.toBe(key);
  const certificate = new X509Certificate(makeSelfSigned(key, createSeededRandom(1)));
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.validTo).toContain("9999");
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  expect(fingerprintOf(key)).toBe(createHash("sha256").update(spki).digest("hex"));
});
