import { afterEach, beforeEach, expect, test } from "vitest";
import {
  bootA,
  bootB,
  createGatewayRig,
  type GatewayRig,
  helloOf,
} from "#test/support/gateway-rig.ts";
import { sampleHello, sampleState } from "#test/support/sample-messages.ts";
import { createTestAuthority, createTestPeer } from "#test/support/test-peers.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

test("a pinned key and a hello open a session, and the welcome asks for what is not here yet", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  expect(connection.closed).toBeNull();
  expect(connection.last("welcome")?.welcome).toMatchObject({
    protocol: 1,
    cell: "test",
    needState: true,
    needDictionary: true,
    reportIntervalMs: 10_000,
    stepMs: 1_000,
    acknowledged: [],
    certificateChain: [],
    managerMs: expect.any(Number),
  });
  expect(rig.links.view(machine.hostId).state).toBe("connected");
  expect(await rig.inventory.host(machine.hostId)).toMatchObject({ bootId: bootA });
});

test("an unknown key, a foreign certificate and a removed host are told apart", async () => {
  const stranger = rig.connect(createTestPeer().shows());
  await rig.clock.settle();
  expect(stranger.last("refusal")?.refusal.code).toMatch(/^(not-enrolled|certificate-foreign)$/);
  expect(stranger.closed?.code).toBe(1008);

  const machine = await rig.enrol("db-1");
  const elsewhere = createTestAuthority(rig.clock);
  const [foreign] = elsewhere.issueHost(machine.hostId, machine.key.spki);
  const withForeign = rig.connect(machine.key.shows(foreign));
  await rig.clock.settle();
  expect(withForeign.last("refusal")?.refusal.code).toBe("certificate-foreign");

  await rig.identity.revoke(machine.hostId);
  const removed = rig.connect(machine.peer);
  await rig.clock.settle();
  expect(removed.last("refusal")?.refusal).toMatchObject({
    code: "identity-removed",
    retryAfterMs: null,
  });
});

test("bytes of a peer that is not authenticated yet are not parsed, and only one small message waits", async () => {
  const stranger = rig.connect(createTestPeer().shows());
  stranger.sayBytes(Uint8Array.of(0xff, 0xff, 0xff));
  await rig.clock.settle();
  expect(stranger.last("refusal")?.refusal.code).not.toBe("message-malformed");

  const greedy = rig.connect((await rig.enrol("db-1")).peer);
  greedy.sayBytes(new Uint8Array(8 * 1024 + 1));
  expect(greedy.last("refusal")?.refusal.code).toBe("message-unexpected");
});

test("a hello of another host than the key's is turned away for good, and changes nothing of that host", async () => {
  const [mine, yours] = [await rig.enrol("db-1"), await rig.enrol("db-2")];
  const connection = rig.connect(mine.peer);
  connection.say({ kind: "hello", hello: helloOf(yours) });
  await rig.clock.settle();
  expect(connection.last("refusal")?.refusal).toMatchObject({
    code: "host-mismatch",
    retryAfterMs: null,
  });
  expect(rig.links.view(yours.hostId).state).toBe("never");
  expect(await rig.inventory.host(yours.hostId)).toMatchObject({ bootId: null });
});

test("a protocol that this manager does not speak is told with both versions", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine, { protocol: 9, protocolOldest: 8 });
  expect(connection.last("refusal")?.refusal).toMatchObject({ code: "protocol-unknown" });
  expect(connection.last("refusal")?.refusal.message).toMatch(/8 to 9.*1 to 1/);
  expect(connection.closed?.code).toBe(1002);
});

test("a newer connection of the same boot takes the place of the old one", async () => {
  const machine = await rig.enrol("db-1");
  const first = await rig.greet(machine);
  const second = await rig.greet(machine);
  expect(first.last("refusal")?.refusal.code).toBe("replaced");
  expect(second.last("welcome")).toBeDefined();
  expect(rig.gateway.stats().openSessions).toBe(1);
});

test("a rebooted machine whose old socket nobody closed is let in after a wait, not called a clone", async () => {
  const machine = await rig.enrol("db-1");
  const old = await rig.greet(machine, { bootId: bootA });
  await rig.clock.advance(8_000);
  const early = await rig.greet(machine, { bootId: bootB });
  expect(early.last("refusal")?.refusal.code).toBe("overloaded");
  const waitMs = early.last("refusal")?.refusal.retryAfterMs ?? 0;
  expect(waitMs).toBeGreaterThan(20_000);
  await rig.clock.advance(waitMs);
  const back = await rig.greet(machine, { bootId: bootB });
  expect(back.last("welcome")).toBeDefined();
  expect(old.last("refusal")?.refusal.code).toBe("replaced");
  expect(rig.gateway.cloneSuspects()).toEqual([]);
});

test("a second machine with a copied key is refused while the first still speaks, and commands stop", async () => {
  const machine = await rig.enrol("db-1");
  const first = await rig.greet(machine, { bootId: bootA });
  await rig.clock.advance(5_000);
  await rig.greet(machine, { bootId: bootB });
  for (let beat = 0; beat < 5; beat += 1) {
    await rig.clock.advance(5_000);
    first.say({
      kind: "heartbeat",
      heartbeat: { wallMs: sampleHello.wallMs, monotonicMs: sampleHello.monotonicMs },
    });
  }
  const clone = await rig.greet(machine, { bootId: bootB });
  expect(clone.last("refusal")?.refusal.code).toBe("identity-clone");
  expect(first.closed).toBeNull();
  expect(rig.gateway.cloneSuspects()).toEqual([machine.hostId]);
  void rig.gateway.command(machine.hostId, { kind: "send-state" }, 1_000);
  expect(first.last("command")).toBeUndefined();
});

test("removing a host closes its socket at once and tells the agent to stop", async () => {
  const machine = await rig.enrol("db-1");
  const bystander = await rig.greet(await rig.enrol("db-2"));
  const connection = await rig.greet(machine);
  await rig.identity.revoke(machine.hostId);
  expect(connection.last("refusal")?.refusal).toMatchObject({
    code: "identity-removed",
    retryAfterMs: null,
  });
  expect(connection.closed?.code).toBe(1008);
  expect(bystander.closed).toBeNull();
  expect(rig.links.view(machine.hostId).state).toBe("never");
});

test("a session ends with the record of its host, whose key goes in the same write", async () => {
  const machine = await rig.enrol("web-1");
  const connection = await rig.greet(machine);
  expect(await rig.inventory.remove(machine.hostId)).toBe("removed");
  expect(connection.last("refusal")?.refusal.code).toBe("identity-removed");
});

test("a host that is removed through another manager has no socket five seconds later, and is forgotten", async () => {
  const bystander = await rig.greet(await rig.enrol("db-2"));
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  // As another process does it: nothing is published here.
  expect(await rig.store.inventory.removeHost(machine.hostId)).toBe("removed");
  await rig.clock.advance(5_000);
  expect(connection.closed?.code).toBe(1008);
  expect(connection.last("refusal")?.refusal).toMatchObject({
    code: "identity-removed",
    retryAfterMs: null,
  });
  expect(await rig.inventory.host(machine.hostId)).toBeUndefined();
  expect(rig.events).toContainEqual({ kind: "host-removed", hostId: machine.hostId });
  expect(rig.links.view(machine.hostId).state).toBe("never");
  expect(bystander.closed).toBeNull();
});

test("a key that was unpinned elsewhere and pinned again meanwhile keeps its session", async () => {
  await rig.close();
  rig = await createGatewayRig({
    effects: (effects) => ({
      ...effects,
      // What was read is old by now.
      identity: { ...effects.identity, revokedKeys: async () => new Set([read]) },
    }),
  });
  const machine = await rig.enrol("db-1");
  const read = machine.peer.fingerprint;
  const connection = await rig.greet(machine);
  await rig.clock.advance(5_000);
  expect(connection.closed).toBeNull();
});

test("a host removed while its key is being looked up gets no session", async () => {
  await rig.close();
  let letThrough = (): void => {};
  const gate = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  rig = await createGatewayRig({
    effects: (effects) => ({
      ...effects,
      identity: {
        ...effects.identity,
        authenticate: async (peer) => {
          const answer = await effects.identity.authenticate(peer);
          await gate;
          return answer;
        },
      },
    }),
  });
  const machine = await rig.enrol("db-1");
  const connection = rig.connect(machine.peer);
  await rig.clock.settle();
  await rig.identity.revoke(machine.hostId);
  letThrough();
  await rig.clock.settle();
  expect(connection.last("refusal")?.refusal.code).toBe("identity-removed");
});

test("a host that floods is cut, stays out for the pause, and is let in again", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  const beat = { wallMs: sampleHello.wallMs, monotonicMs: sampleHello.monotonicMs };
  for (let index = 0; index < 100; index += 1)
    connection.say({ kind: "heartbeat", heartbeat: beat });
  expect(connection.last("refusal")?.refusal.code).toBe("rate-exceeded");
  expect(connection.closed?.code).toBe(1008);
  const early = await rig.greet(machine);
  expect(early.last("refusal")?.refusal.code).toBe("rate-exceeded");
  await rig.clock.advance(30_000);
  const back = await rig.greet(machine);
  expect(back.last("welcome")).toBeDefined();
});

test("bytes that do not decode end the session with what was wrong", async () => {
  const connection = await rig.greet(await rig.enrol("db-1"));
  connection.sayBytes(Uint8Array.of(0x1a, 0x7f, 0x00));
  expect(connection.last("refusal")?.refusal).toMatchObject({ code: "message-malformed" });
  expect(connection.closed?.code).toBe(1007);
});

test("a connection that says nothing is closed: before its hello after 10 s, after it after 60 s", async () => {
  const machine = await rig.enrol("db-1");
  const mute = rig.connect(machine.peer);
  await rig.clock.advance(10_000);
  expect(mute.closed?.code).toBe(1013);
  const connection = await rig.greet(machine);
  await rig.clock.advance(58_000);
  expect(connection.closed).toBeNull();
  await rig.clock.advance(10_000);
  expect(connection.closed?.code).toBe(1013);
});

test("an agent that does not read is cut before what waits for it grows", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  connection.bufferedBytes = 1024 * 1024 + 1;
  connection.say({ kind: "state", state: sampleState });
  await rig.clock.settle();
  expect(connection.closed?.code).toBe(1013);
});

test("peers that have not proven who they are share a limit by network; known hosts do not count", async () => {
  await rig.close();
  rig = await createGatewayRig({ settings: { unauthenticatedPerNetworkMax: 2 } });
  const machine = await rig.enrol("db-1");
  await rig.greet(machine);
  const strangers = [1, 2, 3].map(() => rig.connect(createTestPeer().shows(), "enrol"));
  expect(strangers.map((stranger) => stranger.closed?.code)).toEqual([undefined, undefined, 1013]);
  const far = rig.connect(createTestPeer().shows(undefined, "198.51.100.7"), "enrol");
  expect(far.closed).toBeNull();
  strangers[0]?.hangUp();
  expect(rig.connect(createTestPeer().shows(), "enrol").closed).toBeNull();
});
