import { afterEach, beforeEach, expect, test } from "vitest";
import { diskFullError } from "#test/support/memory-block-folder.ts";
import { createGatewayRig, type GatewayRig, reportNumber } from "#test/support/gateway-rig.ts";
import { sampleDictionary } from "#test/support/sample-messages.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

test("reports are acknowledged as ranges once they are on disk, repeats as well", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  connection.say({ kind: "dictionary", dictionary: sampleDictionary });
  for (const seq of [1, 2, 3, 5]) connection.say({ kind: "report", report: reportNumber(seq) });
  expect(connection.last("ack")).toBeUndefined();
  await rig.clock.advance(50);
  expect(connection.last("ack")?.ack.ranges).toEqual([
    { first: 1, last: 3 },
    { first: 5, last: 5 },
  ]);
  const before = connection.received.length;
  connection.say({ kind: "report", report: reportNumber(2) });
  await rig.clock.advance(50);
  expect(connection.received.slice(before)).toEqual([
    { kind: "ack", ack: { ranges: [{ first: 2, last: 2 }], reportIntervalMs: null } },
  ]);
  const told = rig.events.filter((event) => event.kind === "host-telemetry");
  expect(told).toHaveLength(4);
  expect(rig.telemetry.stats()).toMatchObject({ reports: 4, duplicates: 1 });
});

test("a reconnecting agent is told which reports of its spool are on disk", async () => {
  const machine = await rig.enrol("db-1");
  const first = await rig.greet(machine);
  first.say({ kind: "dictionary", dictionary: sampleDictionary });
  for (const seq of [1, 2, 4]) first.say({ kind: "report", report: reportNumber(seq) });
  await rig.clock.advance(50);
  first.hangUp();
  const second = await rig.greet(machine);
  expect(second.last("welcome")?.welcome).toMatchObject({
    needDictionary: false,
    acknowledged: [
      { first: 1, last: 2 },
      { first: 4, last: 4 },
    ],
  });
});

test("a report without its dictionary ends the session and the agent comes back", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  connection.say({ kind: "report", report: reportNumber(1) });
  expect(connection.last("refusal")?.refusal).toMatchObject({
    code: "message-unexpected",
    retryAfterMs: 1_000,
  });
  expect(connection.closed?.code).toBe(1008);
});

test("a full disk is told as such, nothing is acknowledged, and later the reports are taken", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  connection.say({ kind: "dictionary", dictionary: sampleDictionary });
  rig.folder.failNext("append", diskFullError());
  connection.say({ kind: "report", report: reportNumber(1) });
  await rig.clock.advance(100);
  expect(connection.last("ack")).toBeUndefined();
  expect(connection.last("refusal")?.refusal).toMatchObject({
    code: "store-full",
    retryAfterMs: 30_000,
  });
  const later = await rig.greet(machine);
  later.say({ kind: "dictionary", dictionary: sampleDictionary });
  later.say({ kind: "report", report: reportNumber(1) });
  await rig.clock.advance(10_000);
  expect(later.last("ack")?.ack.ranges).toEqual([{ first: 1, last: 1 }]);
});

test("a stop waits for reports on their way to the disk, acknowledges them, and spreads the return", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  connection.say({ kind: "dictionary", dictionary: sampleDictionary });
  connection.say({ kind: "report", report: reportNumber(1) });
  await Promise.all([rig.gateway.stop(5_000), rig.clock.advance(100)]);
  expect(connection.received.map((message) => message.kind)).toEqual(["welcome", "ack", "refusal"]);
  const refusal = connection.last("refusal")?.refusal;
  expect(refusal?.code).toBe("shutting-down");
  expect(refusal?.retryAfterMs).toBeGreaterThanOrEqual(5_000);
  expect(refusal?.retryAfterMs).toBeLessThan(10_000);
  expect(connection.closed?.code).toBe(1001);
  expect(rig.connect(machine.peer).last("refusal")?.refusal.code).toBe("shutting-down");
});
