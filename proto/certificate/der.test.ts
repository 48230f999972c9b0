import { fc } from "#test/support/properties.ts";
import { describe, expect, test } from "vitest";
import { der } from "./der.ts";
import { noExpiryMs } from "./write-certificate.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const text = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(2)).toString("ascii");

describe("DER", () => {
  test.each([
    [[0], "020100"],
    [[0, 0, 1], "020101"],
    [[0x80], "02020080"],
    [[0x7f, 0xff], "02027fff"],
  ])("the number %j has the shortest positive form", (bytes, expected) => {
    expect(hex(der.integer(Uint8Array.from(bytes)))).toBe(expected);
  });

  test("lengths from 128 on are counted in bytes of their own", () => {
    expect(hex(der.octetString(new Uint8Array(127))).slice(0, 4)).toBe("047f");
    expect(hex(der.octetString(new Uint8Array(128))).slice(0, 6)).toBe("048180");
    expect(hex(der.octetString(new Uint8Array(256))).slice(0, 8)).toBe("04820100");
  });

  test("object identifiers", () => {
    expect(hex(der.objectIdentifier("1.2.840.10045.4.3.2"))).toBe("06082a8648ce3d040302");
    expect(hex(der.objectIdentifier("2.5.29.15"))).toBe("0603551d0f");
  });

  test("years through 2049 have two digits, later ones four", () => {
    expect(text(der.time(0))).toBe("700101000000Z");
    expect(text(der.time(Date.UTC(2049, 11, 31, 23, 59, 59)))).toBe("491231235959Z");
    expect(text(der.time(Date.UTC(2050, 0, 1)))).toBe("20500101000000Z");
    expect(text(der.time(noExpiryMs))).toBe("99991231235959Z");
  });

  test("a time is the calendar's, for every second until the year 9999", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: noExpiryMs / 1000 }), (seconds) => {
        const iso = new Date(seconds * 1000).toISOString();
        const digits = `${iso.slice(0, 19).replace(/[-:T]/g, "")}Z`;
        const written = text(der.time(seconds * 1000));
        expect(written.length === 13 ? iso.slice(0, 2) + written : written).toBe(digits);
      }),
    );
  });
});
