import { afterEach, beforeEach, expect, test } from "vitest";
import { createEstateDesk, type EstateDesk } from "#fleet/inventory/estate/estate-desk.ts";
import type { EnrolRequest } from "#proto/messages/frames.ts";
import { unknownComponent, unknownIdentity } from "#proto/messages/state.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { plainReading } from "#test/support/estate-builders.ts";
import {
  createGatewayRig,
  enrolRequest,
  type FakeConnection,
  type GatewayRig,
} from "#test/support/gateway-rig.ts";
import { testCell } from "#test/support/inventory-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createTestPeer, type TestPeer } from "#test/support/test-peers.ts";

/** Machines that run already are taken in, many at once, and nothing is done to any of them. */

const count = 2_000;
let rig: GatewayRig;
let estate: EstateDesk;

beforeEach(async () => {
  rig = await createGatewayRig();
  estate = createEstateDesk({
    cell: testCell,
    inventory: rig.inventory,
    clock: rig.clock,
    random: createSeededRandom(4),
    log: silentLog,
    wattsOf: () => null,
  });
});
afterEach(() => rig.close());

const macOf = (number: number): string =>
  `00:25:90:00:${Math.floor(number / 256)
    .toString(16)
    .padStart(2, "0")}:${(number % 256).toString(16).padStart(2, "0")}`;
const serialOf = (number: number): string => `CZ${String(20_240_000 + number)}`;

/** A plan of 2,000 hosts in 50 racks. */
function planText(): string {
  const rows = Array.from({ length: count }, (_, number) => {
    const rack = `eu/fra2/row-${Math.floor(number / 400)}/rack-${Math.floor(number / 40)}`;
    const at = `${rack}/u${(number % 40) + 1}`;
    return `web-${number},${serialOf(number)},${at},${macOf(number)}`;
  });
  return ["name,serial,position,bmc_mac", ...rows].join("\n");
}

interface Machine {
  readonly key: TestPeer;
  readonly says: (token: string | null) => EnrolRequest;
}

function machine(serial: string, bmcMac: string | null): Machine {
  const bmc = { ...unknownComponent, kind: "bmc", slot: "BMC", address: bmcMac } as const;
  const identity = { ...unknownIdentity, serial, components: bmcMac === null ? [] : [bmc] };
  return {
    key: createTestPeer(),
    says: (token) => ({ ...enrolRequest(token), identity, simulated: true }),
  };
}

const batchToken = async (uses: number): Promise<{ readonly id: string; readonly token: string }> =>
  rig.identity.createToken({
    kind: "pending",
    hostName: null,
    position: null,
    uses,
    site: "fra2",
    adopts: true,
    validMs: 86_400_000,
    createdBy: "ada",
  });

const knock = async ({ key, says }: Machine, token: string | null): Promise<string> => {
  const outcome = await rig.identity.enrol(key.shows(), says(token));
  return outcome.ok ? outcome.value.kind : outcome.problem;
};

test("2,000 machines are adopted by one token and one rule, with no command sent to any", async () => {
  expect(
    (await estate.apply(planText(), plainReading, { expect: null, by: "ada" })).isApplied,
  ).toBe(true);
  const machines = Array.from({ length: count }, (_, number) =>
    machine(serialOf(number).toLowerCase(), macOf(number)),
  );
  const { token } = await batchToken(count);
  for (const one of machines) expect(await knock(one, token)).toBe("pending");
  const rule = ["serial", "bmc-mac"] as const;
  const ask = { rule, adopt: undefined, approvedBy: "ada" };
  const dry = await rig.identity.approveByRule({ ...ask, isDry: true });
  expect([dry.approved.length, dry.left.length]).toEqual([count, 0]);
  expect(await rig.identity.listPending()).toHaveLength(count);
  const outcome = await rig.identity.approveByRule({ ...ask, isDry: false });
  expect([outcome.approved.length, outcome.left.length]).toEqual([count, 0]);
  expect(await rig.identity.listPending()).toEqual([]);

  const connections: FakeConnection[] = [];
  for (const { key, says } of machines) {
    const issued = await rig.identity.enrol(key.shows(), says(null));
    if (!issued.ok || issued.value.kind !== "issued") throw new Error("not let in");
    const { hostId, chain } = issued.value;
    const connection = await rig.greet({ hostId, key, peer: key.shows(chain[0]) });
    connections.push(connection);
  }
  const welcomed = connections.filter((one) => one.last("welcome") !== undefined);
  expect(welcomed).toHaveLength(count);
  const commands = connections.flatMap((one) =>
    one.received.filter(({ kind }) => kind === "command"),
  );
  expect(commands).toEqual([]);

  const hosts = await rig.inventory.hosts();
  expect(hosts).toHaveLength(count);
  for (const host of hosts)
    expect(host).toMatchObject({
      phase: "active",
      adopted: true,
      watchedOnly: true,
      simulated: true,
      position: { site: "fra2" },
      op: null,
    });
}, 240_000);

test("what does not match stays, each with its reason, and comes in when it is mended", async () => {
  const plan = [
    "name,serial,position,bmc_mac",
    "web-1,CZ000001,eu/fra2/row-b/rack-07/u1,00:25:90:00:00:01",
    "web-2,CZ000002,eu/fra2/row-b/rack-07/u2,00:25:90:00:00:02",
    "web-3,CZ000003,eu/fra2/row-b/rack-07/u3,",
    "web-4,CZ000004,eu/fra2/row-b/rack-07/u4,00:25:90:00:00:04",
    "web-5,CZ000005,eu/muc1/row-b/rack-07/u5,00:25:90:00:00:05",
    "web-6,CZ000006,eu/fra2/row-b/rack-07/u6,00:25:90:00:00:06",
  ].join("\n");
  await estate.apply(plan, plainReading, { expect: null, by: "ada" });
  const { token, id } = await batchToken(20);
  const mac = (digit: number): string => `00:25:90:00:00:0${digit}`;
  const machines = [
    machine("CZ000001", mac(1)),
    machine("CZ000002", mac(9)),
    machine("CZ000003", mac(3)),
    machine("CZ000004", null),
    machine("CZ000005", mac(5)),
    machine("CZ000006", mac(6)),
    machine("CZ000006", mac(6)),
    machine("CZ000099", mac(7)),
    machine("To Be Filled By O.E.M.", mac(8)),
  ];
  for (const one of machines) {
    expect(await knock(one, token)).toBe("pending");
    await rig.clock.advance(1);
  }
  const ask = { rule: ["serial", "bmc-mac"], adopt: undefined, approvedBy: "ada" } as const;
  const first = await rig.identity.approveByRule({ ...ask, isDry: false });
  expect(first.approved.map(({ hostName }) => hostName)).toEqual(["web-1"]);
  expect(first.left.map(({ code }) => code)).toEqual([
    "mac-differs",
    "mac-unplanned",
    "mac-unseen",
    "other-site",
    "serial-waits-twice",
    "serial-waits-twice",
    "serial-unknown",
    "serial-unsaid",
  ]);
  // A clone of web-1's box comes later: it is told whose serial it says.
  const clone = machine("CZ000001", mac(1));
  expect(await knock(clone, token)).toBe("pending");
  const second = await rig.identity.approveByRule({ ...ask, isDry: true });
  expect(second.left.find(({ code }) => code === "already-taken")?.words).toBe(
    "CZ000001 is web-1, which is active",
  );

  // Mended in the plan, and approved as they ask again.
  expect(await rig.identity.setTokenRule(id, ["serial", "bmc-mac"])).toBe(true);
  const mended = `name,bmc_mac\nweb-2,${mac(9)}\nweb-3,${mac(3)}\n`;
  await estate.apply(mended, plainReading, { expect: null, by: "ada" });
  const answers: string[] = [];
  for (const one of [...machines, clone]) answers.push(await knock(one, null));
  expect(answers).toEqual([
    ...["issued", "issued", "issued", "pending", "pending"],
    ...["pending", "pending", "pending", "pending", "pending"],
  ]);
  expect((await rig.inventory.resolve("web-2"))?.watchedOnly).toBe(true);
});

test("a standing rule lets machines in as they come, until the token's life is over", async () => {
  await estate.apply(planText(), plainReading, { expect: null, by: "ada" });
  const { token, id } = await batchToken(10);
  await rig.identity.setTokenRule(id, ["serial", "bmc-mac"]);
  expect(await knock(machine(serialOf(1), macOf(1)), token)).toBe("issued");
  const late = machine(serialOf(2), null);
  expect(await knock(late, token)).toBe("pending");
  await rig.clock.advance(86_400_001);
  const mac = { ...late, says: machine(serialOf(2), macOf(2)).says };
  expect(await knock(mac, null)).toBe("pending");
  expect(await rig.identity.setTokenRule("nobody", ["serial"])).toBe(false);
});
