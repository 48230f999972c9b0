import { afterEach, beforeEach, expect, test } from "vitest";
import { createGatewayRig, enrolRequest, type GatewayRig } from "#test/support/gateway-rig.ts";
import { sampleDictionary } from "#test/support/sample-messages.ts";
import { createTestPeer } from "#test/support/test-peers.ts";

let rig: GatewayRig;
beforeEach(async () => {
  rig = await createGatewayRig();
});
afterEach(() => rig.close());

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
