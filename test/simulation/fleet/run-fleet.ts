import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openControlStore, type ControlStore } from "#fleet/storage/control-store.ts";
import { testCell } from "#test/support/inventory-builders.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { allRules } from "../invariants/all-rules.ts";
import { type Finding, type RuleName, watchRules } from "../invariants/checker.ts";
import type { Seen, StoreContents } from "../invariants/seen.ts";
import { digest, tally } from "./fleet-trace.ts";
import { createFleetNetwork, type FleetNetwork } from "./fleet-network.ts";
import type { FleetOptions, FleetSize } from "./fleet-size.ts";
import { makeEstate } from "./make-estate.ts";
import { createManagers, type Managers } from "./managers.ts";
import { createBlackouts } from "./blackouts.ts";
import { createFreezes } from "./freezes.ts";
import { createLiars } from "./liars.ts";
import { createPeople } from "./people.ts";
import { createQuarantines } from "./quarantines.ts";
import { createErrorLog } from "./error-log.ts";
import { createStoreWitness, type StoreWitness } from "./store-witness.ts";
import { createTenants } from "./tenants.ts";
import { createTroubles, type Troubles } from "./troubles.ts";
import { drawTimes } from "./draw-times.ts";

/** What a run was, and what was found in it. */
export interface FleetRun {
  readonly seed: number;
  readonly size: FleetSize;
  readonly findings: readonly Finding[];
  /** How often each rule looked; one that never did has not been checked. */
  readonly looks: Readonly<Record<string, number>>;
  readonly unlooked: readonly RuleName[];
  /** Over everything that was seen: the same seed gives the same. */
  readonly hash: string;
  readonly figures: FleetFigures;
  /** What the product logged as its own errors; each once. */
  readonly errors: readonly string[];
}

export interface FleetFigures {
  readonly hostDays: number;
  readonly changes: number;
  readonly operations: number;
  readonly ended: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly did: number;
  readonly auditRecords: number;
  readonly managersKilled: number;
  readonly managersPaused: number;
  readonly restores: number;
}

/** `isEnough` said so: there is no outcome. */
export class FleetStopped extends Error {
  override readonly name = "FleetStopped";
}

const minute = 60_000;
const hour = 60 * minute;
const sliceMs = 5 * minute;

/**
 * The product's lifecycle, plans, executor, tenancy, store and audit over models of hosts, on virtual
 * time: for as long as `size` says, with everything that people and hosts do, and every rule checked
 * at each step. The seed decides everything.
 */
export async function runFleetSimulation(
  seed: number,
  size: FleetSize,
  options: Partial<FleetOptions> = {},
): Promise<FleetRun> {
  const pace = options.pace ?? 1;
  const clock = createVirtualClock();
  const random = createSeededRandom(seed);
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), "wws-fleet-simulation-"));
  const rules = watchRules(options.rules ?? allRules);
  const trace = createHash("sha256");
  const log = createErrorLog();
  const count = {
    changes: 0,
    operations: 0,
    orders: 0,
    did: 0,
    audit: 0,
    killed: 0,
    paused: 0,
    restores: 0,
  };
  const ended: Record<string, number> = {};
  const storeOptions = {
    log: log.log,
    clock,
    random: random.fork("store"),
    release: "0.1.0",
    cell: testCell,
  };

  const see = (seen: Seen): void => {
    tally(seen, count, ended);
    trace.update(digest(seen));
    options.watch?.(seen);
    rules.see(seen);
    tenants.heed(seen);
    liars.heed(seen);
    if (seen.kind === "host-written" && seen.isNew) network.recorded(seen.record.id);
  };
  const estate = makeEstate(size.hosts, random.fork("estate"));
  let store: ControlStore = await openControlStore({ sqlite: ":memory:" }, storeOptions);
  await store.inventory.applyEstate({
    sites: estate.sites.map((record) => ({ record, before: null })),
    racks: estate.racks.map((record) => ({ record, before: null })),
    added: estate.hosts,
    changed: [],
  });
  let witness: StoreWitness = createStoreWitness(store, see, () => clock.nowUnixMs());
  const liars = createLiars({ network: () => network, clock, random: random.fork("liars") });
  const troubles: Troubles = createTroubles({
    network: () => network,
    clock,
    random: random.fork("troubles"),
    liars,
  });
  const network: FleetNetwork = createFleetNetwork({
    hosts: estate.hosts,
    clock,
    random: random.fork("network"),
    see,
    onDown: (server) => troubles.goDown(server),
  });
  const tenants = createTenants({ network, clock, random: random.fork("tenants") });
  const people = createPeople({
    network,
    clock,
    random: random.fork("people"),
    largestPlan: Math.max(20, Math.min(500, Math.floor(size.hosts / 4))),
  });
  const freezes = createFreezes({ network, clock, random: random.fork("freezes") });
  const blackouts = createBlackouts({ network, clock, random: random.fork("blackouts") });
  const quarantines = createQuarantines({
    network,
    clock,
    random: random.fork("quarantines"),
    store: () => witness,
  });
  const managers: Managers = createManagers({
    clock,
    random: random.fork("managers"),
    network,
    store: () => witness,
    log: log.log,
    see,
  });

  see({ kind: "estate", atMs: clock.nowUnixMs(), ...estate, ...(await contentsOf(store)) });
  await managers.begin();
  await clock.advance(minute);

  const totalMs = size.hours * hour;
  const fleet = Math.max(size.hosts / 10_000, 0.25) * pace;
  let isOver = false;
  const often = (label: string, everyMs: number, run: () => void): void =>
    drawTimes({ clock, random: random.fork(label), everyMs, run, isOver: () => isOver });
  /** What may be left out of a run. */
  const deeds = (label: string, everyMs: number, run: () => void): void => {
    let count = 0;
    often(label, everyMs, () => {
      count += 1;
      const name = `${label} ${count}`;
      if (options.only?.has(name) === false) return;
      options.onDeed?.(name);
      run();
    });
  };
  // Each for 10,000 hosts; a small fleet has its share, and lives the faster for it.
  deeds("people", (9 * minute) / fleet, people.act);
  deeds("tenants", (4 * minute) / fleet, tenants.act);
  deeds("trouble", (8 * minute) / fleet, troubles.trouble);
  deeds("disaster", (9 * hour) / pace, troubles.disaster);
  often("look around", 15 * minute, people.lookAround);
  deeds("managers", (7 * hour) / pace, managers.disturb);
  deeds("freeze", (48 * hour) / pace, freezes.act);
  deeds("blackout", (48 * hour) / pace, blackouts.act);
  deeds("quarantine", (6 * hour) / pace, quarantines.act);

  /** From yesterday, or from half of what there was until then. */
  const backupAtMs = totalMs * 0.5;
  const restoreAtMs = Math.min(totalMs * 0.8, backupAtMs + 24 * hour);
  const startMs = clock.nowUnixMs();
  const advance = async (ms: number): Promise<void> => {
    const { isEnough } = options;
    if (isEnough === undefined) return clock.advance(ms);
    for (let left = ms; left > 0; left -= sliceMs) {
      if (isEnough()) throw new FleetStopped();
      await clock.advance(Math.min(left, sliceMs));
    }
  };
  const until = async (ms: number): Promise<void> => {
    const leftMs = startMs + ms - clock.nowUnixMs();
    if (leftMs > 0) await advance(leftMs);
  };
  try {
    await until(backupAtMs);
    const backup = await store.backup(folder);
    await until(restoreAtMs);
    managers.killAll();
    await clock.settle();
    await store.close();
    store = await openControlStore({ sqlite: backup }, storeOptions);
    witness = createStoreWitness(store, see, () => clock.nowUnixMs());
    count.restores += 1;
    see({ kind: "restored", atMs: clock.nowUnixMs(), ...(await contentsOf(store)) });
    await witness.skipAudit();
    clock.after(10 * minute + random.below(30 * minute), () => void people.acknowledgeStore());
    await until(totalMs);
    isOver = true;
    await managers.calm();
    troubles.calm();
    see({ kind: "calm", atMs: clock.nowUnixMs() });
    await clock.advance(minute);
    await people.acknowledgeStore();
    await freezes.lift();
    await clock.advance(10 * minute);
    const leader = network.managers().find(({ life }) => life.isLeader());
    see({
      kind: "settled",
      atMs: clock.nowUnixMs(),
      operations: await store.lifecycle.listOpenOperations(),
      plans: await store.lifecycle.listOpenPlans(),
      waitsOf(plan, hostId) {
        const host = plan.hosts.find((one) => one.hostId === hostId);
        return host === undefined || leader === undefined
          ? []
          : leader.life.plans.waiting(plan, host);
      },
      safeMode: {
        inStore: (await store.safeMode.read()) !== null,
        atManager: leader !== undefined && leader.life.safeMode.mode() !== null,
      },
    });
    const rest = await witness.readAudit();
    if (rest.length > 0) see({ kind: "audited", atMs: clock.nowUnixMs(), audit: rest });
  } finally {
    managers.killAll();
    await clock.settle();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    seed,
    size,
    findings: rules.findings,
    looks: rules.looks(),
    unlooked: rules.unlooked(),
    hash: trace.digest("hex"),
    figures: {
      hostDays: (size.hosts * size.hours) / 24,
      changes: count.changes,
      operations: count.operations,
      ended,
      orders: count.orders,
      did: count.did,
      auditRecords: count.audit,
      managersKilled: count.killed,
      managersPaused: count.paused,
      restores: count.restores,
    },
    errors: log.errors(),
  };
}

async function contentsOf(store: ControlStore): Promise<StoreContents> {
  const [hosts, operations, holds, leases, [last], freeze] = await Promise.all([
    store.inventory.listHosts(),
    store.lifecycle.listOpenOperations(),
    store.lifecycle.listHolds(),
    store.lifecycle.listLeases(),
    store.audit.list({ beforeSeq: null, limit: 1 }),
    store.freeze.read(),
  ]);
  const auditHead = last === undefined ? null : { seq: last.seq, sha256: last.sha256 };
  return { hosts, operations, holds, leases, auditHead, freeze };
}
