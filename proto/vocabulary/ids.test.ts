import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { type HostId, newUuidV7, parseCellId, parseUuid } from "./ids.ts";

describe("a UUID", () => {
  test.each(["019b2c6e-7a10-7c3d-9f52-0d6a5be3c911", "00000000-0000-0000-0000-000000000000"])(
    "%s is read",
    (text) => {
      expect(parseUuid<HostId>(text)).toEqual({ ok: true, value: text });
    },
  );

  test.each([
    "",
    "019B2C6E-7A10-7C3D-9F52-0D6A5BE3C911",
    "019b2c6e7a107c3d9f520d6a5be3c911",
    "019b2c6e-7a10-7c3d-9f52-0d6a5be3c911\n",
    "{019b2c6e-7a10-7c3d-9f52-0d6a5be3c911}",
    "019b2c6e-7a10-7c3d-9f52-0d6a5be3c91g",
  ])("%j is not one", (text) => {
    expect(parseUuid<HostId>(text)).toEqual({ ok: false, problem: { kind: "not-a-uuid", text } });
  });

  test("that is refused is quoted shortly", () => {
    expect(parseUuid<HostId>("x".repeat(1_000))).toMatchObject({
      problem: { text: "x".repeat(64) },
    });
  });
});

describe("a new UUID of version 7", () => {
  const random = createSeededRandom(20_261_110);

  test("is a UUID with its version, its variant and the time in front", () => {
    const id = newUuidV7<HostId>(0x0123_4567_89ab, random);
    expect(parseUuid<HostId>(id)).toEqual({ ok: true, value: id });
    expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("sorts by time, to the millisecond", () => {
    const time = fc.nat(2 ** 47);
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [first, second] = [newUuidV7(one, random), newUuidV7(other, random)];
        if (one !== other) expect(first < second).toBe(one < other);
      }),
      { seed: 20_261_110, numRuns: 300 },
    );
  });

  test("differs from the one before within the same millisecond", () => {
    const ids = Array.from({ length: 1_000 }, () => newUuidV7(1, random));
    expect(new Set(ids).size).toBe(1_000);
  });

  test("of a clock before 1970 begins at zero", () => {
    expect(newUuidV7(-5, random)).toMatch(/^00000000-0000-7/);
  });
});

test.each([
  ["eu", true],
  ["na-lab-2", true],
  [`a${"b".repeat(31)}`, true],
  ["", false],
  ["2eu", false],
  ["EU", false],
  ["eu/../x", false],
  [`a${"b".repeat(32)}`, false],
])("%j as the name of a cell: %s", (text, isName) => {
  expect(parseCellId(text).ok).toBe(isName);
});
