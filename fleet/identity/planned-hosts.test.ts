import { afterEach, beforeEach, expect, test } from "vitest";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { PendingId } from "#proto/vocabulary/ids.ts";
import { plainReading } from "#test/support/estate-builders.ts";
import {
  createIdentityWorld,
  enrolRequest,
  type IdentityWorld,
} from "#test/support/identity-world.ts";
import { positionOf } from "#test/support/inventory-builders.ts";
import { createTestPeer, type TestPeer } from "#test/support/test-peers.ts";

let world: IdentityWorld;
beforeEach(async () => {
  world = await createIdentityWorld();
  const plan = "name,serial,position\nweb-1,SN0001,eu/fra2/row-b/rack-07/u1\n";
  await world.estate.apply(plan, plainReading, { expect: null, by: "ada" });
});
afterEach(() => world.store.close());

const web1 = async (): Promise<HostRecord> => {
  const host = await world.inventory.resolve("web-1");
  if (host === undefined) throw new Error("web-1 is not planned");
  return host;
};
const knock = (who: TestPeer, token: string | null, serial = "SN0001") =>
  world.identity.enrol(
    who.shows(),
    enrolRequest(token, { identity: { ...unknownIdentity, serial } }),
  );
const wait = async (who: TestPeer, serial?: string): Promise<PendingId> => {
  const token = await world.token({ kind: "pending" });
  const outcome = await knock(who, token, serial);
  if (!outcome.ok || outcome.value.kind !== "pending") throw new Error("does not wait");
  return outcome.value.pendingId;
};
const approval = { hostName: "web-1", position: null, adopt: false, approvedBy: "ada" };

test("a token of its name makes the machine the planned host, new and at its place", async () => {
  const planned = await web1();
  expect(planned).toMatchObject({ phase: "planned", revision: 1 });
  const token = await world.token({ hostName: "web-1" });
  expect(await knock(createTestPeer(), token)).toMatchObject({
    ok: true,
    value: { kind: "issued", hostId: planned.id, hostName: "web-1" },
  });
  expect(await web1()).toMatchObject({
    phase: "new",
    adopted: false,
    position: positionOf("eu/fra2/row-b/rack-07/u1"),
  });
  expect(await world.inventory.hosts()).toHaveLength(1);
});

test("a token that adopts makes it active and only watched", async () => {
  const token = await world.token({ kind: "adopt", hostName: "web-1" });
  await knock(createTestPeer(), token);
  expect(await web1()).toMatchObject({ phase: "active", adopted: true, watchedOnly: true });
});

test("of two machines with a token each one becomes it, and the other waits", async () => {
  const tokens = [
    await world.token({ hostName: "web-1" }),
    await world.token({ hostName: "web-1" }),
  ];
  const answers = await Promise.all(tokens.map((token) => knock(createTestPeer(), token)));
  expect(answers.map((answer) => answer.ok && answer.value.kind).sort()).toEqual([
    "issued",
    "pending",
  ]);
  expect(await world.inventory.hosts()).toHaveLength(1);
});

test("approved without a name it is the planned host of its serial; by name, the named one", async () => {
  const first = await wait(createTestPeer());
  expect(await world.identity.approve(first, { ...approval, hostName: null })).toEqual({
    ok: true,
    value: (await web1()).id,
  });
  const second = await wait(createTestPeer(), "SN0002");
  expect(await world.identity.approve(second, { ...approval, hostName: null })).toMatchObject({
    ok: false,
    problem: { kind: "not-planned", words: expect.stringContaining("SN0002") },
  });
  expect(await world.identity.approve(second, approval)).toMatchObject({
    ok: false,
    problem: { kind: "name-taken" },
  });
});

test("approved twice at once for two machines, one becomes it", async () => {
  const ids = [await wait(createTestPeer()), await wait(createTestPeer())];
  const answers = await Promise.all(ids.map((id) => world.identity.approve(id, approval)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await world.identity.listPending()).toHaveLength(1);
});

test("a claim that broke off before the key was pinned is completed by the next one", async () => {
  const id = await wait(createTestPeer());
  await world.inventory.claimPlanned((await web1()).id, { adopted: false, simulated: false });
  expect(await world.identity.approve(id, approval)).toMatchObject({ ok: true });
});

test("at another place than planned it is refused", async () => {
  const id = await wait(createTestPeer());
  const position = positionOf("eu/fra2/row-b/rack-07/u9");
  expect(await world.identity.approve(id, { ...approval, position })).toMatchObject({
    ok: false,
    problem: { kind: "name-taken" },
  });
});
