import { afterEach, beforeEach, expect, test } from "vitest";
import { unknownComponent } from "#proto/messages/state.ts";
import { plainReading } from "#test/support/estate-builders.ts";
import { createIdentityWorld, type IdentityWorld } from "#test/support/identity-world.ts";
import { hostState, testCell } from "#test/support/inventory-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createEstateDesk, type EstateDesk } from "./estate-desk.ts";
import { writeEstateJson } from "./write-estate.ts";

let world: IdentityWorld;
let desk: EstateDesk;
const by = { expect: null, by: "ada" };

beforeEach(async () => {
  world = await createIdentityWorld();
  desk = createEstateDesk({
    cell: testCell,
    inventory: world.inventory,
    clock: world.clock,
    random: createSeededRandom(5),
    log: world.log,
    wattsOf: () => null,
  });
});
afterEach(() => world.store.close());

const plan = "name,serial,position\nweb-1,SN1,eu/fra2/row-b/rack-07/u1\nweb-2,SN2,\n";

test("a dry look writes nothing; what was agreed to is written, once", async () => {
  const seen = await desk.compare(plan, plainReading);
  expect(seen).toMatchObject({ isApplied: false, problems: [] });
  expect(await world.inventory.hosts()).toEqual([]);
  const applied = await desk.apply(plan, plainReading, { expect: seen.digest, by: "ada" });
  expect(applied.isApplied).toBe(true);
  expect(await world.inventory.hosts()).toMatchObject([
    { name: "web-1", phase: "planned", serial: "SN1", revision: 1, adopted: false },
    { name: "web-2", phase: "planned", position: null },
  ]);
  expect(await world.store.inventory.listHosts()).toEqual(await world.inventory.hosts());
  expect(await desk.apply(plan, plainReading, by)).toMatchObject({
    isApplied: false,
    unchanged: 2,
  });
  expect(world.events.filter(({ kind }) => kind === "host-changed")).toHaveLength(2);
});

test("when it would change something else by now, nothing is written", async () => {
  const seen = await desk.compare(plan, plainReading);
  await desk.apply("name\nweb-2\n", plainReading, by);
  const late = await desk.apply(plan, plainReading, { expect: seen.digest, by: "ada" });
  expect(late).toMatchObject({ isApplied: false, problems: [{ code: "moved" }] });
  expect(await world.inventory.hosts()).toHaveLength(1);
});

test("when another manager was faster in the store, nothing is written", async () => {
  await desk.apply(plan, plainReading, by);
  const [host] = await world.store.inventory.listHosts();
  if (host === undefined) throw new Error("no host");
  await world.store.inventory.updateHost({ ...host, revision: 2, tags: ["theirs"] }, 1);
  const late = await desk.apply("name,tags\nweb-1,ours\nweb-3,x\n", plainReading, by);
  expect(late.problems).toMatchObject([
    { code: "moved", words: "somebody has just changed host web-1; nothing was written" },
  ]);
  expect(await world.store.inventory.listHosts()).toHaveLength(2);
});

test("with one mistake in it nothing of a file is written", async () => {
  const outcome = await desk.apply(`${plan}web 3,,\n`, plainReading, by);
  expect(outcome).toMatchObject({ isApplied: false, problems: [{ at: "line 4" }] });
  expect(await world.inventory.hosts()).toEqual([]);
});

test("a planned host is one machine's, which comes as new or as it stands", async () => {
  await desk.apply(plan, plainReading, by);
  const [one, two] = await world.inventory.hosts();
  if (one === undefined || two === undefined) throw new Error("no hosts");
  const { inventory } = world;
  const as = { adopted: false, simulated: false };
  expect(await inventory.claimPlanned(one.id, as)).toMatchObject({ ok: true });
  expect(await inventory.claimPlanned(one.id, as)).toMatchObject({ ok: false });
  expect(await inventory.host(one.id)).toMatchObject({ phase: "new", watchedOnly: false });
  await inventory.claimPlanned(two.id, { adopted: true, simulated: true });
  expect(await inventory.host(two.id)).toMatchObject({
    phase: "active",
    adopted: true,
    watchedOnly: true,
    simulated: true,
  });
  expect(writeEstateJson(await desk.whole())).toContain('"phase": "new"');
});

test("the class and BMC that were planned stand; the first machine describes the class", async () => {
  await desk.apply("name,serial,class\nweb-1,SN1,w1\n", plainReading, by);
  const [host] = await world.inventory.hosts();
  if (host === undefined) throw new Error("no host");
  await world.inventory.claimPlanned(host.id, { adopted: false, simulated: false });
  const board = { ...unknownComponent, kind: "bmc", address: "00:25:90:00:00:01" } as const;
  const processor = { model: "EPYC 7543", sockets: 1, cores: 32, threads: 64 };
  const identity = { serial: "SN1", processor, memoryBytes: 2 ** 38, components: [board] };
  await world.inventory.recordState(host.id, hostState({}, identity));
  expect(await world.inventory.host(host.id)).toMatchObject({
    hardwareClass: "w1",
    bmcMac: "00:25:90:00:00:01",
  });
  expect(await world.inventory.hardwareDifferences(host.id)).toEqual([]);
});
