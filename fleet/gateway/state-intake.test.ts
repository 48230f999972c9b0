import { afterEach, beforeEach, expect, test } from "vitest";
import { createGatewayRig, type GatewayRig } from "#test/support/gateway-rig.ts";
import { sampleState } from "#test/support/sample-messages.ts";
import type { IncarnationId } from "#proto/vocabulary/ids.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

const other = "10ca0000-0000-7000-8000-000000000002" as IncarnationId;

test("a state is acknowledged once it is kept, and the same run is not asked for it again", async () => {
  const machine = await rig.enrol("db-1");
  const first = await rig.greet(machine, { stateRevision: sampleState.revision });
  first.say({ kind: "state", state: sampleState });
  await rig.clock.settle();
  expect(first.last("state-ack")?.revision).toBe(sampleState.revision);
  expect(await rig.inventory.state(machine.hostId)).toMatchObject({
    powerSource: expect.anything(),
  });
  first.hangUp();
  const again = await rig.greet(machine, { stateRevision: sampleState.revision });
  expect(again.last("welcome")?.welcome.needState).toBe(false);
  again.hangUp();
  const restarted = await rig.greet(machine, {
    stateRevision: sampleState.revision,
    incarnationId: other,
  });
  expect(restarted.last("welcome")?.welcome.needState).toBe(true);
});

test("of states that come while one is written only the last is kept, and it is acknowledged", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  for (const revision of [5, 6, 7])
    connection.say({ kind: "state", state: { ...sampleState, revision } });
  await rig.clock.advance(10);
  const acknowledged = connection.received.flatMap((message) =>
    message.kind === "state-ack" ? [message.revision] : [],
  );
  expect(acknowledged).toEqual([5, 7]);
});
