import { expect, test } from "vitest";
import { collectingLog } from "#test/support/collecting-log.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createRefusalLog } from "./refusal-log.ts";

test("a network's first refusal in a minute is told, the others as one count", async () => {
  const clock = createVirtualClock();
  const { log, lines } = collectingLog();
  const refusals = createRefusalLog(clock, log);
  for (let count = 0; count < 1_000; count += 1)
    refusals.note(`192.0.2.${count % 256}`, { code: "token-wrong" });
  expect(lines).toEqual([
    { level: "info", message: "enrolment refused", address: "192.0.2.0", code: "token-wrong" },
  ]);
  await clock.advance(60_000);
  refusals.note("198.51.100.7", { code: "token-used" });
  expect(lines.slice(1)).toEqual([
    { level: "info", message: "more enrolments refused", network: "192.0.2", more: 999 },
    { level: "info", message: "enrolment refused", address: "198.51.100.7", code: "token-used" },
  ]);
});

test("however many networks ask, the lines of a minute are bounded", async () => {
  const clock = createVirtualClock();
  const { log, lines } = collectingLog();
  const refusals = createRefusalLog(clock, log);
  const all = () => {
    for (let network = 0; network < 5_000; network += 1)
      for (const host of [1, 2]) refusals.note(`10.${network >> 8}.${network & 255}.${host}`, {});
  };
  all();
  expect(lines).toHaveLength(257);
  await clock.advance(60_000);
  all();
  expect(lines).toHaveLength(257 * 3);
  expect(lines.filter(({ message }) => message === "more enrolments refused")[256]).toMatchObject({
    network: "others",
    more: (5_000 - 256) * 2 - 1,
  });
});
