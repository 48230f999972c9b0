import { describe, expect, test } from "vitest";
import { createSimulatedBmc, createSimulatedBmcPort } from "#test/support/bmc-model.ts";
import { describeBmcPort } from "#test/support/bmc-contract.ts";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createBmcDesk } from "./bmc-desk.ts";
import { noBmc } from "./bmc-port.ts";

const hostId = hostIdOf(1);
const yes = async () => true;

function openDesk() {
  const clock = createVirtualClock();
  const bmc = createSimulatedBmc(clock);
  const port = createSimulatedBmcPort(new Map([[hostId, bmc]]));
  const desk = createBmcDesk(port, clock);
  const during = async <Value>(call: Promise<Value>): Promise<Value> => {
    let isOver = false;
    void call.finally(() => {
      isOver = true;
    });
    for (let step = 0; step < 10_000 && !isOver; step += 1) await clock.advance(100);
    return call;
  };
  return { clock, bmc, port, desk, during };
}

describe("a simulated BMC", () => {
  describeBmcPort("simulated", async () => {
    const { clock, port, during } = openDesk();
    return {
      port,
      hostId,
      during,
      settle: () => clock.advance(30_000),
      close: async () => {},
    };
  });
});

test("one BMC is asked one thing at a time, 5 s after it answered the last one", async () => {
  const { bmc, desk, during } = openDesk();
  await during(
    Promise.all([desk.power(hostId), desk.setPower(hostId, "off", yes), desk.light(hostId)]),
  );
  expect(bmc.atOnceMax).toBe(1);
  const [first = 0, second = 0, third = 0] = bmc.callsMs;
  expect([second - first, third - second]).toEqual([5_050, 5_050]);
});

test("an order that is not wanted any more when its turn comes is not given", async () => {
  const { bmc, desk, during } = openDesk();
  let isWanted = true;
  const read = desk.power(hostId);
  const ordered = desk.setPower(hostId, "off", async () => isWanted);
  isWanted = false;
  await during(read);
  expect(await during(ordered)).toMatchObject({ problem: { kind: "withdrawn" } });
  expect(bmc.taken).toEqual([]);
});

test("a silent BMC is given 30 s, and after five silences it is left alone for 5 min", async () => {
  const { bmc, clock, desk, during } = openDesk();
  bmc.lies.answerMs = Infinity;
  for (let call = 0; call < 5; call += 1)
    expect(await during(desk.power(hostId))).toMatchObject({ problem: { kind: "unanswered" } });
  const asked = bmc.callsMs.length;
  expect(await during(desk.power(hostId))).toMatchObject({ problem: { kind: "resting" } });
  expect(bmc.callsMs.length).toBe(asked);
  await clock.advance(300_000);
  bmc.lies.answerMs = 50;
  expect(await during(desk.power(hostId))).toMatchObject({ ok: true });
});

test("a refusal is an answer: it opens no breaker", async () => {
  const { bmc, desk, during } = openDesk();
  bmc.lies.isFull = true;
  for (let call = 0; call < 8; call += 1)
    expect(await during(desk.power(hostId))).toMatchObject({ problem: { kind: "refused" } });
});

test("a manager without addresses of BMCs says so", async () => {
  const { desk, during } = { ...openDesk(), desk: createBmcDesk(noBmc, createVirtualClock()) };
  expect(noBmc.isConfigured(hostRecord(1))).toBe(false);
  expect(await during(desk.power(hostId))).toMatchObject({ problem: { kind: "not-configured" } });
});
