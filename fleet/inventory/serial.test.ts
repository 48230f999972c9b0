import { expect, test } from "vitest";
import { unknownIdentity } from "#proto/messages/state.ts";
import { usableSerial } from "./serial.ts";

test("the system's serial counts before the board's", () => {
  expect(usableSerial({ ...unknownIdentity, serial: " CZ123 ", boardSerial: "B9" })).toBe("CZ123");
  expect(usableSerial({ ...unknownIdentity, serial: null, boardSerial: "BRD77" })).toBe("BRD77");
});

test.each([
  "To Be Filled By O.E.M.",
  "Default string",
  "Not Specified",
  "System Serial Number",
  "0123456789",
  "0000000000",
  "None",
  "N/A",
  "..........",
  "",
])("%j is what a vendor ships in place of a serial", (serial) => {
  expect(usableSerial({ ...unknownIdentity, serial })).toBeNull();
  expect(usableSerial({ ...unknownIdentity, serial, boardSerial: "BRD77" })).toBe("BRD77");
});
