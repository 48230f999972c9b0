import { afterEach, beforeEach, expect, test } from "vitest";
import { unknownComponent, unknownIdentity } from "#proto/messages/state.ts";
import { plainReading } from "#test/support/estate-builders.ts";
import { enrolRequest } from "#test/support/gateway-rig.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";
import { createTestPeer } from "#test/support/test-peers.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);

const plan = [
  "name,serial,position,bmc_mac",
  "web-1,CZ000001,eu/fra2/row-b/rack-07/u1,00:25:90:00:00:01",
  "web-2,CZ000002,eu/fra2/row-b/rack-07/u2,00:25:90:00:00:02",
].join("\n");

/** A machine's agent knocks with a token. */
async function knock(token: string, serial: string, address: string): Promise<void> {
  const bmc = { ...unknownComponent, kind: "bmc", slot: "BMC", address } as const;
  const identity = { ...unknownIdentity, serial, components: [bmc] };
  const peer = createTestPeer();
  story.mask(peer.shows().fingerprint, `FINGERPRINT-OF-${serial}`);
  const outcome = await story.world.parts.identity.enrol(peer.shows(), {
    ...enrolRequest(token),
    identity,
  });
  expect(outcome).toMatchObject({ ok: true, value: { kind: "pending" } });
  await story.later(1_000);
}

test("machines that run already are taken in by one token and one rule, then managed", async () => {
  const { estate } = story.world.parts;
  await estate.apply(plan, plainReading, { expect: null, by: "ann" });
  await ends(0, "enroll token --uses 10 --site fra2 --adopt --valid 1d");
  const token = (await story.transcript()).split("\n")[1] ?? "";
  story.mask(token, "TOKEN");
  await knock(token, "CZ000001", "00:25:90:00:00:01");
  await knock(token, "CZ000002", "00:25:90:00:00:09");
  await knock(token, "CZ000099", "00:25:90:00:00:07");
  await ends(0, "enroll pending -o name");
  await story.type("enroll approve --rule serial,bmc-mac --dry-run");
  await story.type("enroll approve --rule serial,bmc-mac");
  const [second = "", third = ""] = (await story.read("enroll pending -o name")).split("\n");
  await ends(0, `enroll approve ${second} --adopt`);
  await ends(0, `enroll remove ${third} --reason "nobody knows it"`);
  await ends(0, "host list -o name");
  await ends(5, 'host drain web-1 --reason "new PDU"');
  await ends(0, 'host manage web-1 --reason "taken over from the old team"');
  await ends(0, "enroll adopt --host db-1");
  story.mask((await story.transcript()).trimEnd().split("\n").at(-4) ?? "", "TOKEN-2");
  await expect(await story.transcript()).toMatchFileSnapshot("./golden/enroll.txt");
});
