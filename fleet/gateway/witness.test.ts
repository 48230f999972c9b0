import { afterEach, beforeEach, expect, test } from "vitest";
import type { BootId } from "#proto/vocabulary/ids.ts";
import { monotonicMs, unixMs } from "#proto/vocabulary/units.ts";
import { bootA, bootB, createGatewayRig, type GatewayRig } from "#test/support/gateway-rig.ts";

let rig: GatewayRig;
let seen: { readonly bootId: BootId; readonly recorded: BootId | null; readonly heard: boolean }[];
beforeEach(async () => {
  seen = [];
  rig = await createGatewayRig({
    effects: (effects) => ({
      ...effects,
      health: {
        async sessionOpens(hostId, bootId) {
          const recorded = (await rig.inventory.host(hostId))?.bootId ?? null;
          seen.push({ bootId, recorded, heard: rig.links.view(hostId).sessionId !== null });
        },
      },
    }),
  });
});
afterEach(() => rig.close());

test("health hears of a new boot while the record and the link are still those of the old one", async () => {
  const machine = await rig.enrol("db-1");
  (await rig.greet(machine, { bootId: bootA })).hangUp();
  await rig.clock.advance(120_000);
  await rig.greet(machine, { bootId: bootB });
  expect(seen).toEqual([
    { bootId: bootA, recorded: null, heard: false },
    { bootId: bootB, recorded: bootA, heard: false },
  ]);
  expect(await rig.inventory.host(machine.hostId)).toMatchObject({ bootId: bootB });
});

test("a heartbeat tells how far the host's clock is off now", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  const wallMs = unixMs(rig.clock.nowUnixMs() - 42_000);
  connection.say({ kind: "heartbeat", heartbeat: { wallMs, monotonicMs: monotonicMs(1) } });
  expect(rig.links.view(machine.hostId).clockOffsetMs).toBe(-42_000);
});
