import { afterEach, beforeEach, expect, test } from "vitest";
import { diskFullError } from "#test/support/memory-block-folder.ts";
import {
  bootA,
  bootB,
  createGatewayRig,
  enrolRequest,
  type GatewayRig,
  helloOf,
  reportNumber,
} from "#test/support/gateway-rig.ts";
import { sampleDictionary, sampleHello, sampleState } from "#test/support/sample-messages.ts";
import { createTestAuthority, createTestPeer } from "#test/support/test-peers.ts";
import type { IncarnationId } from "#proto/vocabulary/ids.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

const other = "10ca0000-0000-7000-8000-000000000002" as IncarnationId;

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
        enrol: effects.identity.enrol,
        onRevoked: effects.identity.onRevoked,
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

test("a command reaches a host that is there, and its outcome settles it", async () => {
  const machine = await rig.enrol("db-1");
  const connection = await rig.greet(machine);
  const outcome = rig.gateway.command(machine.hostId, { kind: "send-state" }, 60_000);
  const command = connection.last("command")?.command;
  expect(command).toMatchObject({ term: 1, action: { kind: "send-state" } });
  const commandId = command?.id ?? "";
  const done = { commandId, result: "done", detail: "", evidence: null } as const;
  connection.say({ kind: "outcome", outcome: done });
  expect(await outcome).toEqual({ ok: true, value: done });
});

test("a command waits for its host, comes again after each reconnect, and expires", async () => {
  const machine = await rig.enrol("db-1");
  const action = { kind: "set-report-interval", reportIntervalMs: 5_000 } as const;
  const outcome = rig.gateway.command(machine.hostId, action, 60_000);
  const first = await rig.greet(machine);
  const id = first.last("command")?.command.id;
  first.hangUp();
  const second = await rig.greet(machine);
  expect(second.last("command")?.command.id).toBe(id);
  await rig.clock.advance(60_000);
  expect(await outcome).toEqual({ ok: false, problem: { kind: "expired", commandId: id } });
});

test("an outcome of another host's command settles nothing", async () => {
  const [mine, yours] = [await rig.enrol("db-1"), await rig.enrol("db-2")];
  const connection = await rig.greet(mine);
  const outcome = rig.gateway.command(yours.hostId, { kind: "send-state" }, 1_000);
  const theirs = await rig.greet(yours);
  const commandId = theirs.last("command")?.command.id ?? "";
  connection.say({
    kind: "outcome",
    outcome: { commandId, result: "done", detail: "", evidence: null },
  });
  await rig.clock.advance(1_000);
  expect(await outcome).toMatchObject({ ok: false, problem: { kind: "expired" } });
});

test("a token enrols at the enrolment door, which takes one message and closes", async () => {
  const key = createTestPeer();
  const { token } = await rig.identity.createToken({
    kind: "host",
    hostName: "web-1",
    position: null,
    uses: 1,
    validMs: 60_000,
    createdBy: "test",
  });
  const door = rig.connect(key.shows(), "enrol");
  door.say({ kind: "enrol", enrol: enrolRequest(token) });
  await rig.clock.settle();
  const answer = door.last("enrol")?.enrol;
  expect(answer).toMatchObject({ kind: "issued", hostName: "web-1", cell: "test", generation: 1 });
  expect(door.closed?.code).toBe(1000);

  const second = rig.connect(createTestPeer().shows(), "enrol");
  second.say({ kind: "enrol", enrol: enrolRequest(token) });
  await rig.clock.settle();
  expect(second.last("refusal")?.refusal.code).toBe("token-used");
});

test.each([
  [
    "a wrong token",
    "wws1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "token-wrong",
  ],
  ["no token", null, "token-missing"],
])("%s at the enrolment door is told as such", async (_what, token, code) => {
  const door = rig.connect(createTestPeer().shows(), "enrol");
  door.say({ kind: "enrol", enrol: enrolRequest(token) });
  await rig.clock.settle();
  expect(door.last("refusal")?.refusal.code).toBe(code);
});

test("the enrolment door takes nothing but one enrolment of limited size, in time", async () => {
  const wrong = rig.connect(createTestPeer().shows(), "enrol");
  wrong.say({ kind: "dictionary", dictionary: sampleDictionary });
  expect(wrong.last("refusal")?.refusal.code).toBe("message-unexpected");

  const large = rig.connect(createTestPeer().shows(), "enrol");
  large.sayBytes(new Uint8Array(64 * 1024 + 1));
  expect(large.last("refusal")?.refusal.code).toBe("message-too-large");

  const mute = rig.connect(createTestPeer().shows(), "enrol");
  await rig.clock.advance(10_000);
  expect(mute.closed?.code).toBe(1013);
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
