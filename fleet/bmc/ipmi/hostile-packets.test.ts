import { expect, test } from "vitest";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { fc } from "#test/support/properties.ts";
import { cipherSuites } from "./cipher-suites.ts";
import { parseChassisStatus, parseDeviceId } from "./commands/controller.ts";
import { parseDcmiPower } from "./commands/dcmi-power.ts";
import { parseLogEntry } from "./commands/event-log.ts";
import { decodeFru } from "./commands/fru.ts";
import { parseSuites } from "./commands/lan-settings.ts";
import { toValue } from "./commands/reading-factors.ts";
import { stateNames } from "./commands/sensor-words.ts";
import { parseSensorRecord } from "./commands/sensor-records.ts";
import { decodeLanMessage, encodeResponse } from "./lan-message.ts";
import { ReplayWindow } from "./replay-window.ts";
import { decodePacket } from "./rmcp-packet.ts";
import { deriveKeys, openPacket, sealPacket } from "./session-keys.ts";

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const random = createSeededRandom(7);

test("no bytes whatever make a decoder throw, and none reads more than there is", () => {
  fc.assert(
    fc.property(bytes, (input) => {
      decodePacket(input);
      decodePacket(Buffer.concat([Buffer.from([6, 0, 0xff, 7]), input]));
      decodeLanMessage(input, 0x81);
      parseDeviceId(input);
      parseChassisStatus(input);
      parseDcmiPower(input);
      parseLogEntry(input);
      parseSuites(input);
      const fru = decodeFru(input);
      expect(Object.keys(fru.fields).length).toBeLessThanOrEqual(96);
      const record = parseSensorRecord(input);
      if (record?.kind === "full") {
        const value = toValue(input[0] ?? 0, record.factors);
        expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }),
  );
});

test("a store with a valid header and anything behind it is read without an error", () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }), (rest, areas) => {
      const head = [1, 0, ...areas.slice(0, 3), 0, 0];
      const sum = (256 - (head.reduce((total, one) => total + one, 0) & 255)) & 255;
      decodeFru(Buffer.concat([Buffer.from([...head, sum]), rest]));
    }),
  );
});

test.each(cipherSuites.map((suite) => [suite.id, suite] as const))(
  "suite %i: what is sealed is opened; with one bit changed it is not",
  (_, suite) => {
    const keys = deriveKeys(suite, Buffer.from(random.bytes(suite.exchangeBytes)));
    fc.assert(
      fc.property(bytes, fc.nat(), fc.nat(7), (payload, place, bit) => {
        const head = { type: 0, sessionId: 77, sequence: 5 };
        const sealed = sealPacket(keys, head, payload, random.bytes(16));
        const packet = decodePacket(sealed);
        expect(packet === null ? null : openPacket(keys, packet)).toEqual(payload);
        // Behind the RMCP header, which is not signed.
        const at = 4 + (place % (sealed.length - 4));
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit);
        const changed = decodePacket(sealed);
        expect(changed === null ? null : openPacket(keys, changed)).toBeNull();
      }),
    );
  },
);

test("a message with one byte changed is not taken", () => {
  const message = { netFn: 7, lun: 0, sequence: 9, command: 1, data: Buffer.from([0, 1, 2]) };
  const good = encodeResponse(message);
  expect(decodeLanMessage(good, 0x81)).toEqual(message);
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ 0x10;
    expect(decodeLanMessage(bad, 0x81)).toBeNull();
  }
});

test("a session number is taken once, also out of order, and not from far behind", () => {
  const window = new ReplayWindow();
  const taken = [5, 5, 6, 9, 8, 7, 7, 200, 9, 41, 12, 0].map((one) => window.take(one));
  expect(taken).toEqual([
    true,
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    true,
    true,
    false,
  ]);
});

test.each([
  [{ format: 0, linearization: 0, m: 6, b: 0, bExponent: 0, resultExponent: -2 }, 201, 12.06],
  [{ format: 2, linearization: 0, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 0xf0, -16],
  [{ format: 1, linearization: 0, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 0xfe, -1],
  [{ format: 0, linearization: 0, m: 1, b: -100, bExponent: 0, resultExponent: 0 }, 42, -58],
  [{ format: 0, linearization: 7, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 4, 0.25],
  [{ format: 0, linearization: 7, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 0, null],
  [{ format: 0, linearization: 1, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 0, null],
  [{ format: 3, linearization: 0, m: 1, b: 0, bExponent: 0, resultExponent: 0 }, 9, null],
])("%j of %i is %d", (factors, raw, value) => {
  expect(toValue(raw, factors)).toBe(value);
});

test("a supply with states 0x03 is there and failed, not in order", () => {
  expect(stateNames("power-supply", 0x03)).toEqual(["present", "failed"]);
  expect(stateNames("power-supply", 0x09)).toEqual(["present", "no input"]);
  expect(stateNames("temperature", 0x03)).toEqual([]);
});
