import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Hello } from "#proto/messages/frames.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { auditEntry, operationRecord } from "#test/support/life-builders.ts";
import { bootOf } from "#test/support/report-builders.ts";
import { openScenario, type Scenario } from "#test/support/scenario-world.ts";

let story: Scenario;
beforeEach(async () => {
  story = await openScenario();
});
afterEach(() => story.close());

type Typed = Parameters<Scenario["type"]>;
const ends = async (code: number, ...typed: Typed): Promise<void> =>
  expect(await story.type(...typed), await story.transcript()).toBe(code);
const tells = async (name: string): Promise<void> =>
  expect(await story.transcript()).toMatchFileSnapshot(`./golden/${name}.txt`);

/** Its agent opens a session, and says which boot it runs. */
const saysBoot = (host: HostId, number: number): Promise<void> =>
  story.world.parts.inventory.recordSession(host, {
    bootId: bootOf(number),
    agentRelease: "0.1.0",
  } as Hello);

/** An order restarts it: silent for a minute, then there with another boot id. */
const restartsInAMinute = (): void => {
  const { port } = story;
  port.onReboot = (host) => {
    story.disconnect(host);
    story.clock.after(60_000, () => {
      port.reboot(host);
      void saysBoot(host, 100 + port.host(host).done.length);
      story.comeBack([host]);
    });
  };
};

test("a rack is rebooted host by host", async () => {
  restartsInAMinute();
  for (let unit = 1; unit <= 3; unit += 1) await saysBoot(await story.addHost(`web-${unit}`), unit);
  for (let unit = 1; unit <= 3; unit += 1) await story.addHost(`db-${unit}`, { rack: "rack-09" });
  const reboot = 'host reboot rack=rack-07 --reason "kernel 6.12.9" --wait --timeout 2h';
  await ends(0, reboot, { says: "3" });
  await story.type('host reboot web-1 --reason "kernel" --dry-run');
  await tells("reboot-rolling");
});

test("a host that serves is not cleared, nor one of which nobody knows where it was", async () => {
  await story.addHost("web-1");
  await ends(5, 'host clear web-1 --reason "looked at it"');
  await story.addHost("web-2", { phase: "quarantined" });
  await ends(6, 'host clear web-2 --reason "the disk is changed" --wait --timeout 10m');
  await story.type("host explain web-2");
  await tells("clear");
});

test("a host is cleared, whose cause is gone, and is where it was", async () => {
  const host = await story.addHost("web-1", { phase: "quarantined" });
  const failed = operationRecord(1, {
    hostId: host,
    ...{ kind: "inspect", status: "failed", fromPhase: "active", step: "inventory" },
    detail: { kind: "other" },
    endedMs: story.clock.nowUnixMs(),
  });
  const { lifecycle } = story.world.store;
  const written = await lifecycle.commit({
    operations: [{ record: failed, expectedVersion: 0 }],
    term: 1,
    audit: auditEntry("operation.failed"),
  });
  expect(written).toMatchObject({ ok: true });
  story.note("an inspection found a DIMM missing; it is back in its place");
  await story.type("host explain web-1");
  await ends(0, 'host clear web-1 --reason "the DIMM is back" --wait', { says: "y" });
  await ends(0, "host list web-1 -o name");
  await story.type("host explain web-1");
  await tells("clear-done");
});

test("hosts on one feed are rebooted two at a time, whatever racks they stand in", async () => {
  restartsInAMinute();
  const estate = {
    format: "wws-estate/1",
    racks: [1, 2, 3, 4].map((number) => ({
      ...{ region: "eu", site: "fra2", row: "row-b", rack: `rack-0${number}`, heightUnits: 42 },
      feeds: [{ name: "A", budgetWatts: 8_000, upstream: "fra2-ups-a" }],
    })),
  };
  for (let number = 1; number <= 4; number += 1)
    await saysBoot(await story.addHost(`web-${number}`, { rack: `rack-0${number}` }), number);
  for (let number = 1; number <= 200; number += 1)
    await story.addHost(`db-${number}`, { rack: `rack-${100 + Math.ceil(number / 40)}` });
  const file = join(mkdtempSync(join(tmpdir(), "wws-story-")), "feeds.json");
  writeFileSync(file, JSON.stringify(estate));
  story.mask(file, "feeds.json");
  await ends(0, `inventory import ${file} --yes`);
  rmSync(dirname(file), { recursive: true });
  for (const name of ["web-1", "web-2"]) {
    await story.type(`host reboot ${name} --reason "kernel 6.12.9" --yes`);
    await story.later(1_000);
  }
  await ends(0, 'host reboot web-3 --reason "kernel 6.12.9" --yes --wait --timeout 1h');
  await story.type("op list");
  await story.type("host list feed=fra2-ups-a");
  await ends(0, 'host reboot feed=fra2-ups-a --reason "firmware 1.12" --yes --wait --timeout 3h');
  await tells("reboot-by-feed");
});

test("work is cordoned off and let in again, and the hardware is accepted", async () => {
  await story.addHost("web-1");
  await story.addHost("web-2");
  await story.type('host cordon web-1 --reason "a new switch port" --expires 2h');
  await story.type('host uncordon web-1 --reason "the port is up"');
  await story.type('host watch-only web-2 --reason "the old team takes it back"');
  await story.type('host drain web-2 --reason "new PDU"');
  await story.type('host manage web-2 --reason "taken over"');
  await story.type("host accept-hardware web-1");
  await tells("cordon-and-watch");
});
