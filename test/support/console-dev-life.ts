import type { Inventory } from "#fleet/inventory/inventory.ts";
import { airportTimeZone } from "#fleet/inventory/airport-time-zone.ts";
import type { InventoryStore } from "#fleet/inventory/inventory-store.ts";
import { rackIdOf } from "#fleet/inventory/rack-id.ts";
import type { Asker } from "#fleet/lifecycle/lifecycle.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { Life } from "#fleet/life/start-life.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import { testCell } from "./inventory-builders.ts";
import { systemClock } from "./system-clock.ts";
import type { Position } from "#proto/vocabulary/position.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { SimulatedHostPort } from "./simulated-host-port.ts";

// The life of made-up hosts, for looking at: carried out by the real executor on simulated hosts.

const ada: Asker = { name: "ada", kind: "person", reason: "fan 3 is loud" };
const hourMs = 3_600_000;

/** In the second rack of iad1, by unit: what each of its hosts is there for. */
const roles = {
  draining: "iad1-a02-u02",
  paused: "iad1-a02-u04",
  drained: "iad1-a02-u06",
  held: "iad1-a02-u08",
  watched: "iad1-a02-u10",
  leased: "iad1-a02-u12",
} as const;

/** Two feeds of 3 kW in every rack: where one fails, the other has too much. */
export async function addRacks(
  store: InventoryStore,
  positions: readonly Position[],
): Promise<void> {
  const feeds = ["A", "B"].map((name) => ({ name, budgetWatts: 3_000, upstream: null }));
  const known = new Set<string>();
  for (const { region, site, row, rack } of positions) {
    const id = rackIdOf({ site, row, rack });
    if (known.has(id)) continue;
    known.add(id);
    const timeZone = airportTimeZone(site);
    await store.upsertSite({ code: site, region, timeZone, cell: testCell, windows: [] });
    await store.upsertRack({ id, region, site, row, rack, heightUnits: 42, feeds });
  }
}

/**
 * A host that drains and does not come to its end, one that is paused and says why, one drained, one
 * held, one only watched; a plan that runs, one that waits to be applied, one that was canceled. Of a
 * fleet without that rack nothing.
 */
export async function stageLife(parts: {
  readonly life: Life;
  readonly inventory: Inventory;
  readonly port: SimulatedHostPort;
}): Promise<void> {
  const { life, inventory, port } = parts;
  const { lifecycle, plans, tenancy } = life;
  const hosts = new Map((await inventory.hosts()).map((host) => [host.name, host]));
  const idOf = (name: string): HostId => {
    const host = hosts.get(name);
    if (host === undefined) throw new Error(`no made-up host ${name}`);
    return host.id;
  };
  if (!hosts.has(roles.leased)) return;
  for (const host of hosts.values()) {
    const there = port.host(host.id);
    there.serial = host.serial;
    there.bootId = host.bootId ?? there.bootId;
    there.generation = host.generation;
  }
  const endless = { isRunning: true, stopMs: Number.POSITIVE_INFINITY, wasStopped: false };
  const runs = (name: string, ...workloads: readonly string[]) => {
    for (const workload of workloads) port.host(idOf(name)).workloads.set(workload, { ...endless });
  };
  const start = async (name: string, drain: Partial<DrainAction>) => {
    const action = drainOf(drain);
    done(await lifecycle.start({ hostId: idOf(name), action, planId: null, asker: ada }));
  };

  const photo = done(await tenancy.addTenant({ name: "photo", webhook: null, by: "ada" }));
  for (const name of [roles.leased, "sjc2-b03-u02", "sjc2-b03-u04"]) {
    await tenancy.claim({
      tenantId: photo.id,
      hostId: idOf(name),
      share: "shared",
      trust: "operated",
      notice: "none",
      evacuation: "wait",
      workloads: ["systemd:photo-store.service"],
      by: "ada",
    });
  }
  runs(roles.draining, "systemd:photo-store.service", "<i>hook</i>:ledger");
  await start(roles.draining, {});
  runs(roles.paused, "systemd:ledger.service");
  await start(roles.paused, { deadlineMs: 3_000, graceMs: 1_000 });
  await start(roles.drained, {});
  for (const [kind, expiresMs] of [
    ["cordon", unixMs(systemClock.nowUnixMs() + 6 * hourMs)],
    ["protect", null],
  ] as const) {
    const ask = { hostId: idOf(roles.held), kind, expiresMs, reviewMs: null, forWhom: null };
    done(await lifecycle.addHold(ask, { ...ada, reason: `<b>looks odd</b> (${kind})` }));
  }
  done(await lifecycle.setWatchedOnly(idOf(roles.watched), true, ada));

  const plan = async (rack: string, action: PlanAction, reason: string) => {
    const inRack = [...hosts.values()].filter(
      ({ position }) => position !== null && `${position.site}/${position.rack}` === rack,
    );
    for (const host of inRack) runs(host.name, "systemd:photo-store.service");
    return done(
      await plans.plan({
        action,
        selector: `site=${rack.split("/")[0]},rack=${rack.split("/")[1]}`,
        hostIds: inRack.map(({ id }) => id),
        asker: { ...ada, reason },
      }),
    );
  };
  const canceled = await plan("sjc2/rack-01", { kind: "reboot", graceMs: 60_000 }, "new kernel");
  done(await plans.cancel(canceled.id, { ...ada, reason: "not this week" }));
  await plan("sjc2/rack-02", { kind: "reboot", graceMs: 60_000 }, "<b>new</b> kernel");
  const running = await plan("sjc2/rack-03", drainOf({}), "new memory");
  done(await plans.apply(running.id, running.hash, ada));
}

type DrainAction = Extract<PlanAction, { kind: "drain" }>;

function drainOf(facts: Partial<DrainAction>): DrainAction {
  return {
    kind: "drain",
    drain: "planned",
    deadlineMs: 48 * hourMs,
    force: false,
    graceMs: 60_000,
    ...facts,
  };
}

function done<Value>(result: Result<Value, unknown>): Value {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.problem));
}
