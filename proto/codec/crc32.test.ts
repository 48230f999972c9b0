import { crc32 as zlibCrc32 } from "node:zlib";
import { fc } from "#test/support/properties.ts";
import { expect, test } from "vitest";
import { crc32, crc32OfUint32 } from "./crc32.ts";

test("the check value of CRC-32 comes out", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
});

test("pieces give what zlib gives for the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 })), (pieces) => {
      const whole = zlibCrc32(Buffer.concat(pieces));
      expect(pieces.reduce((crc, piece) => crc32(piece, crc), 0)).toBe(whole);
    }),
    { seed: 20_261_104, numRuns: 300 },
  );
});

test("a number counts as its four bytes, lowest first", () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), (number, before) => {
      const bytes = new Uint8Array(Uint32Array.of(number).buffer);
      expect(crc32OfUint32(number, before)).toBe(crc32(bytes, before));
    }),
    { seed: 20_261_105, numRuns: 300 },
  );
});
