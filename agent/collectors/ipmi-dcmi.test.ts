import { expect, test } from "vitest";
import { parseDcmiPower } from "./ipmi-dcmi.ts";

const text = (watts: string, state: string): string => `
    Instantaneous power reading:                   ${watts} Watts
    Minimum during sampling period:                124 Watts
    Maximum during sampling period:               6560 Watts
    Average power reading over sample period:      156 Watts
    IPMI timestamp:                           Mon Aug  1 21:22:51 2016
    Sampling period:                          00699043 Seconds.
    Power reading state is:                   ${state}
`;

test("an activated reading is taken as it is", () => {
  expect(parseDcmiPower(text("167", "activated"))).toEqual({ ok: true, value: 167_000 });
});

test.each([
  ["a deactivated meter prints a number all the same", text("105", "deactivated"), "switched-off"],
  ["a running host draws something", text("0", "activated"), "implausible"],
  ["no host draws that much", text("65535", "activated"), "implausible"],
  ["no state line", "DCMI request failed because: Invalid command (c1)\n", "unreadable-text"],
  ["no reading", "Power reading state is:                   activated\n", "unreadable-text"],
  [
    "what FreeIPMI prints, whose number is none",
    "Current Power : 105 Watts\nPower Measurement : Not Available\n",
    "switched-off",
  ],
])("%s", (_, output, reason) => {
  expect(parseDcmiPower(output)).toMatchObject({ ok: false, problem: { reason } });
});
