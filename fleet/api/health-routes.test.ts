import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FleetEvent } from "#fleet/inventory/fleet-events.ts";
import { type Component, unknownComponent } from "#proto/messages/state.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { type ApiWorld, createApiWorld } from "#test/support/api-world.ts";
import { hostState, positionOf } from "#test/support/inventory-builders.ts";
import type { HostEvents, HostExplanation } from "./health-schemas.ts";
import type { Host } from "./host-schemas.ts";

let world: ApiWorld;
let events: FleetEvent[];
beforeEach(async () => {
  world = await createApiWorld();
  events = [];
  world.parts.events.subscribe((event) => void events.push(event));
});
afterEach(() => world.close());

const disk: Component = { ...unknownComponent, kind: "disk", slot: "sda", serial: "Z1" };
const sectors = (value: number) =>
  ({
    metric: "wws.disk.sectors",
    attributes: {
      "hw.id": "Z1",
      "hw.name": "sda",
      "hw.type": "physical_disk",
      "wws.sector.state": "reallocated",
    },
    values: [value],
  }) as const;

async function addDiskHost(): Promise<HostId> {
  const id = await world.addHost(1);
  await world.parts.inventory.recordState(id, hostState({}, { components: [disk] }));
  return id;
}
/** Reports, and lets the rules look at it. */
async function report(id: HostId, value: number): Promise<void> {
  await world.measure(id, [sectors(value)]);
  await world.clock.advance(15_000);
}
const host = async (): Promise<Host> => (await world.get("/api/v1/hosts/host-1")).body as Host;
const explain = async (): Promise<HostExplanation> =>
  (await world.get("/api/v1/hosts/host-1/explain")).body as HostExplanation;
const history = async (query = ""): Promise<HostEvents> =>
  (await world.get(`/api/v1/hosts/host-1/events${query}`)).body as HostEvents;

describe("the health of a host", () => {
  test("of which nothing was heard is unknown, and says why", async () => {
    await world.addHost(1);
    world.setLink((await host()).id as HostId, { state: "never" });
    expect((await host()).health).toEqual({
      verdict: "unknown",
      reasons: ["its agent has not connected since it was enrolled"],
      findings: [],
    });
  });

  test("names the part, what was seen and the rule, and gets worse as the count grows", async () => {
    const id = await addDiskHost();
    await report(id, 304);
    expect((await host()).health).toMatchObject({
      verdict: "degraded",
      reasons: ["disk sda (serial Z1): reallocated sectors: 304, none new in the last 24 h"],
      findings: [
        { rule: "disk-reallocated", component: { kind: "disk", slot: "sda", serial: "Z1" } },
      ],
    });
    await report(id, 312);
    expect((await host()).health).toMatchObject({
      verdict: "failing",
      reasons: [expect.stringContaining("312, 8 of them in the last 24 h")],
    });
    expect(events.filter(({ kind }) => kind === "health-changed")).toMatchObject([
      { hostId: id, verdict: "degraded" },
      { hostId: id, verdict: "failing" },
    ]);
  });

  test("selects hosts", async () => {
    await report(await addDiskHost(), 304);
    await world.addHost(2);
    const { body } = await world.get("/api/v1/hosts?selector=health%3Ddegraded");
    expect(body).toMatchObject({ total: 1, items: [{ name: "host-1" }] });
  });

  test("is not made worse by a lost link, and what was found stands", async () => {
    const id = await addDiskHost();
    await report(id, 304);
    world.setLink(id, { state: "lost" });
    expect((await host()).health).toMatchObject({
      verdict: "degraded",
      reasons: [expect.stringContaining("304"), "the link is lost"],
    });
  });

  test("is explained: findings with what ends them, and rules that saw nothing", async () => {
    await report(await addDiskHost(), 304);
    const { health, reboot } = await explain();
    expect(reboot).toBeNull();
    expect(health).toMatchObject({
      verdict: "degraded",
      findings: [{ clearsWhen: expect.stringContaining("replaced") }],
      pending: [],
    });
    const parts = Object.fromEntries(health.rules.map((rule) => [rule.rule, rule.parts]));
    expect(parts).toMatchObject({ "disk-reallocated": 1, "clock-off": 1, "fan-stopped": 0 });
  });

  test("shows what has not yet shown for long enough", async () => {
    const id = await world.addHost(1);
    world.setLink(id, { state: "connected", clockOffsetMs: 45_000 });
    await world.measure(id, [sectors(0)]);
    await world.clock.advance(15_000);
    expect((await explain()).health).toMatchObject({
      verdict: "ok",
      pending: [{ rule: "clock-off", verdict: "failing", holdMs: 60_000 }],
    });
  });

  test("has a history, newest first, page by page", async () => {
    const id = await addDiskHost();
    await report(id, 304);
    await report(id, 312);
    const first = await history("?limit=1");
    expect(first.items).toMatchObject([
      { kind: "worse", words: expect.stringContaining("got worse: disk sda (serial Z1)") },
    ]);
    const second = await history(`?limit=1&cursor=${first.nextCursor}`);
    expect(second.items).toMatchObject([{ kind: "raised", finding: { verdict: "degraded" } }]);
    expect((await history()).nextCursor).toBeNull();
  });
});

describe("why a host rebooted", () => {
  const hello = (bootId: string) => ({ bootId: bootId as BootId, agentRelease: "0.1.0" }) as never;
  const boot = {
    bootedMs: unixMs(0),
    pstore: [],
    sel: [],
    watchdogStatus: null,
    agentStopped: null,
    agentLastMs: null,
    shutdown: null,
  };
  const opens = async (id: HostId, bootId: string): Promise<void> => {
    await world.health.sessionOpens(id, bootId as BootId);
    await world.parts.inventory.recordSession(id, hello(bootId));
  };

  test("is no question of the first boot that is seen", async () => {
    const id = await world.addHost(1);
    await opens(id, "boot-1");
    await world.clock.advance(600_000);
    expect((await host()).lastReboot).toBeNull();
  });

  test("is answered when the new boot has said what it found", async () => {
    const id = await addDiskHost();
    await opens(id, "boot-1");
    await report(id, 0);
    await opens(id, "boot-2");
    expect((await host()).lastReboot).toBeNull();
    const pstore = ["dmesg-efi-179543302800001: Kernel panic - not syncing: Fatal exception"];
    await world.parts.inventory.recordState(
      id,
      hostState({ revision: 1, boot: { ...boot, pstore } }, { components: [disk] }),
    );
    await world.clock.advance(1_000);
    expect((await host()).lastReboot).toMatchObject({
      bootId: "boot-2",
      previousBootId: "boot-1",
      cause: "kernel-panic",
      confidence: "certain",
      because: [expect.stringContaining("Kernel panic - not syncing"), "it was silent for 15 s"],
    });
    expect((await history()).items).toMatchObject([
      { kind: "reboot", reboot: { bootId: "boot-2" } },
    ]);
    expect((await explain()).reboot).toMatchObject({ cause: "kernel-panic" });
    expect(events).toContainEqual({ kind: "host-rebooted", hostId: id, cause: "kernel-panic" });
  });

  test("is answered without evidence of its own after a while, and honestly", async () => {
    const id = await world.addHost(1);
    await opens(id, "boot-1");
    await opens(id, "boot-2");
    await world.clock.advance(240_000);
    expect((await host()).lastReboot).toMatchObject({
      cause: "unknown",
      confidence: "possible",
      because: [
        expect.stringContaining("has not looked"),
        ...Array<unknown>(2).fill(expect.any(String)),
      ],
    });
  });

  test("looks at who else fell silent at that moment", async () => {
    const at = (unit: number) => positionOf(`eu/fra2/row-b/rack-07/u${unit}`);
    const id = await world.addHost(1, { position: at(1) });
    await opens(id, "boot-1");
    const lastHeardMs = world.clock.nowUnixMs();
    for (const number of [2, 3, 4]) {
      const other = await world.addHost(number, { position: at(number) });
      world.setLink(other, { state: "late", lastHeardMs: unixMs(lastHeardMs + number * 1_000) });
      world.parts.events.publish({ kind: "link-changed", hostId: other, state: "late" });
    }
    world.setLink(id, { state: "lost", lastHeardMs });
    await world.clock.advance(200_000);
    await opens(id, "boot-2");
    await world.clock.advance(240_000);
    expect((await host()).lastReboot).toMatchObject({
      cause: "power-lost",
      because: [
        "3 of 3 other hosts of its rack fell silent in the same half minute",
        "it was silent for 200 s",
      ],
    });
  });

  test("is not the power's, where the others came back without having been off", async () => {
    const at = (unit: number) => positionOf(`eu/fra2/row-b/rack-07/u${unit}`);
    const id = await world.addHost(1, { position: at(1) });
    await opens(id, "boot-1");
    const lastHeardMs = world.clock.nowUnixMs();
    for (const number of [2, 3, 4]) {
      const other = await world.addHost(number, { position: at(number) });
      await opens(other, `boot-of-${number}`);
      world.setLink(other, { state: "late", lastHeardMs });
      world.parts.events.publish({ kind: "link-changed", hostId: other, state: "late" });
      await opens(other, `boot-of-${number}`);
    }
    await opens(id, "boot-2");
    await world.clock.advance(240_000);
    expect((await host()).lastReboot).toMatchObject({ cause: "unknown" });
  });

  test("is answered for each boot of a host that reboots again and again", async () => {
    const id = await world.addHost(1);
    for (const boot of ["boot-1", "boot-2", "boot-3", "boot-4"]) {
      await opens(id, boot);
      await world.clock.advance(30_000);
    }
    await world.clock.advance(240_000);
    expect((await history()).items).toMatchObject(
      ["boot-4", "boot-3", "boot-2"].map((bootId) => ({ kind: "reboot", reboot: { bootId } })),
    );
  });
});
