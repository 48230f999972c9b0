import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { sampleToken, sampleTokenDisk } from "#test/support/sample-token.ts";
import { decodeToken, encodeToken, tokenDomain } from "./token-bytes.ts";
import { tokenLimits } from "./token-limits.ts";

const bytesOf = (value: unknown): Uint8Array =>
  Buffer.from(tokenDomain + JSON.stringify(value), "utf8");
const detailOf = (bytes: Uint8Array): string => {
  const decoded = decodeToken(bytes);
  return decoded.ok ? "ok" : `${decoded.problem.kind}: ${decoded.problem.detail}`;
};
/** The sample with one field put elsewhere (`disks.0.serial`), or without it. */
const changed = (path: string, value?: unknown): string => {
  const draft: unknown = structuredClone(sampleToken);
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<unknown>((at, name) => Reflect.get(Object(at), name), draft);
  if (value === undefined) Reflect.deleteProperty(Object(parent), last);
  else Reflect.set(Object(parent), last, value);
  return detailOf(bytesOf(draft));
};

describe("a token's bytes", () => {
  test("are the same for ever: hosts of former releases verify them", () => {
    const hash = createHash("sha256").update(encodeToken(sampleToken)).digest("hex");
    expect(hash).toMatchInlineSnapshot(
      `"1e5af3ba33d5270e9738b7953678f6fa93ce6baaed6f4d42c2e965d105bc8f05"`,
    );
  });

  test("read back as the same token", () => {
    expect(decodeToken(encodeToken(sampleToken))).toEqual({ ok: true, value: sampleToken });
  });

  test("have one spelling: other orders, blanks, escapes and encodings are refused", () => {
    const plain = Buffer.from(encodeToken(sampleToken)).toString("utf8");
    const json = plain.slice(tokenDomain.length);
    expect(detailOf(bytesOf(sampleToken))).toBe(
      "not-canonical: the same token has another spelling",
    );
    for (const other of [
      `${tokenDomain}${json} `,
      `${tokenDomain}${json}\n`,
      tokenDomain + json.replace('"eu"', '"\\u0065u"'),
      tokenDomain + json.replace('"epoch":12', '"epoch":12.0'),
      tokenDomain + json.replace('"epoch":12', '"epoch":1.2e1'),
      tokenDomain + json.replace('"epoch":12', '"epoch":3,"epoch":12'),
    ])
      expect(detailOf(Buffer.from(other))).toBe(
        "not-canonical: the same token has another spelling",
      );
    expect(detailOf(Buffer.from(json))).toContain("does not begin as a reimage token");
  });

  test("beyond their limit are not even read", () => {
    expect(detailOf(new Uint8Array(tokenLimits.bytesMax + 1))).toBe(
      "too-long: 65537 bytes are more than 65536",
    );
  });

  test("nested a thousand deep are refused like any other", () => {
    expect(detailOf(Buffer.from(`${tokenDomain}${"[".repeat(20_000)}`))).toContain("not-a-token");
  });

  test.each<[string, string, unknown, string]>([
    ["a field too many", "force", true, 'token has "force", which is not known'],
    ["a field too few", "epoch", undefined, "token has no epoch"],
    ["an epoch of 0", "epoch", 0, "epoch is no whole number"],
    ["a generation in words", "generation", "3", "generation is no whole number"],
    ["no disks", "disks", [], "disks has 0 entries"],
    ["a UUID in capitals", "hostId", sampleToken.hostId.toUpperCase(), "hostId is no UUID"],
    ["a short digest", "planHash", "ab", "planHash is no SHA-256"],
    ["another fate", "disks.0.fate.kind", "keep", "neither erase nor custody"],
    ["another class", "disks.0.fate.class", "quick", "none of clear, purge"],
    ["a MAC in capitals", "machine.macs.0", "D0:94:66:2F:11:A0", "is no MAC"],
    ["a control character", "image.name", "a\u001b[2J", "cannot be shown"],
    ["half a surrogate pair", "image.name", "\ud800", "cannot be shown"],
    [
      "a placeholder for a serial",
      "machine.systemSerial",
      "To be filled by O.E.M.",
      "machine.systemSerial is a placeholder",
    ],
    [
      "a machine that cannot be told from others",
      "machine",
      { ...sampleToken.machine, systemSerial: null, boardSerial: null },
      "neither a system's nor a board's serial",
    ],
    [
      "one disk twice",
      "disks",
      [sampleTokenDisk, { ...sampleTokenDisk, wwn: null }],
      "disks name one serial twice",
    ],
    ["one WWN twice", "disks.1.wwn", sampleTokenDisk.wwn, "disks name one WWN twice"],
    ["a foreign root disk", "layout.root", ["X1"], "X1 is none of the disks"],
    ["a root disk in custody", "layout.root", ["WD-WCC4E7SNLJ03"], "WD-WCC4E7SNLJ03 is not erased"],
    [
      "an image larger than its disk",
      "image.sizeBytes",
      2_000_000_000_000,
      "the image is larger than S3X1NX0K900001",
    ],
    ["a raw image with two digests", "image.format", "raw", "a raw file has one digest"],
    ["no time to begin", "startBeforeMs", sampleToken.notBeforeMs, "is not after"],
    [
      "a week to begin",
      "startBeforeMs",
      sampleToken.notBeforeMs + 604_800_000,
      "more than a day after",
    ],
  ])("with %s are no token", (_name, path, value, words) => {
    expect(changed(path, value)).toContain(words);
  });

  test("flipped, cut or repeated anywhere never throw and never read as another token", () => {
    const whole = encodeToken(sampleToken);
    const random = createSeededRandom(20_261_124);
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Uint8Array.from(whole);
      const at = Math.floor(random.next() * bytes.length);
      const mutated =
        round % 3 === 0
          ? bytes.subarray(0, at)
          : round % 3 === 1
            ? Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(at / 2))])
            : bytes.fill(Math.floor(random.next() * 256), at, at + 1);
      const decoded = decodeToken(mutated);
      if (decoded.ok) expect(Buffer.from(encodeToken(decoded.value))).toEqual(Buffer.from(mutated));
    }
  });
});
