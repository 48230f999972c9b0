import { hostIdOf } from "#test/support/inventory-builders.ts";
import { leaseRecord, tenantIdOf, tenantRecord } from "#test/support/life-builders.ts";
import { ana, drainFor } from "#test/support/plan-fleet.ts";
import { openPlanWorld, type PlanWorld } from "#test/support/plan-world.ts";
import {
  type BenchOptions,
  type BenchReport,
  machineConditions,
  quantile,
  rounded,
} from "./bench-report.ts";
import { measureFleetPace } from "./fleet-pace.ts";

const plannedHosts = 500;
const planRuns = 15;
const explainRuns = 200;

/**
 * A plan over 500 hosts of a fleet, with its whole blast radius, and the explanation of one host:
 * asked of the real inventory, tenancy, lifecycle and plans over the real store (SQLite in memory).
 */
export async function benchPlan(options: BenchOptions): Promise<BenchReport> {
  const { hosts, say } = options;
  const racks = Math.max(1, Math.ceil(hosts / 20));
  const sites = ["fra2", "ams1", "cdg1", "lhr1", "dub1"];
  const racksPerRow = Math.max(1, Math.ceil(racks / (sites.length * 5)));
  say(`building a fleet of about ${hosts} hosts`);
  const world = await openPlanWorld({
    shape: {
      sites,
      rowsPerSite: 5,
      racksPerRow,
      hostsPerRack: 20,
      sharedFeeds: true,
      classes: ["compute", "storage", "dense"],
    },
  });
  try {
    await addLeases(world);
    const planMs = await measurePlans(world, say);
    const explainMs = await measureExplain(world);
    const { simulatedHostDaysPerSecond, conditions } = await measureFleetPace();
    say(
      `simulated ${rounded({ simulatedHostDaysPerSecond })["simulatedHostDaysPerSecond"]} host days in a second`,
    );
    return {
      bench: "plan",
      figures: rounded({
        planMsFor500Hosts: quantile(planMs, 0.5),
        planMsFor500HostsWorst: quantile(planMs, 1),
        explainMs: quantile(explainMs, 0.5),
        explainMsP99: quantile(explainMs, 0.99),
        simulatedHostDaysPerSecond,
      }),
      conditions: {
        ...machineConditions(),
        hosts: world.hosts.length,
        plannedHosts: Math.min(plannedHosts, world.hosts.length),
        leases: Math.ceil(world.hosts.length / 2),
        counted:
          "wall time of Plans.plan (snapshot, judgement of each host, waves, blast radius, hash, and its commit) and of Lifecycle.explain with what budgets and floors hold back, each counted anew over the fleet; warm; medians",
        store: "SQLite in memory",
        ...conditions,
      },
    };
  } finally {
    await world.close();
  }
}

/** Every second host is leased, by one of twenty tenants. */
async function addLeases(world: PlanWorld): Promise<void> {
  const tenants = Array.from({ length: 20 }, (_, at) => tenantRecord(at + 1, { version: 1 }));
  const leases = world.hosts
    .filter((_, at) => at % 2 === 0)
    .map((host, at) =>
      leaseRecord(at + 1, {
        hostId: host.id,
        tenantId: tenantIdOf(1 + (at % 20)),
        evacuation: "migrate",
      }),
    );
  const [first] = world.hosts;
  if (first === undefined) return;
  const written = await world.life.store.lifecycle.commit({
    tenants: tenants.map((record) => ({ record, expectedVersion: 0 })),
    leases: leases.map((record) => ({ record, expectedVersion: 0 })),
    term: 1,
    audit: {
      atMs: first.createdMs,
      actor: "bench",
      actorKind: "automation",
      action: "lease.claim",
      outcome: "done",
      subject: { kind: "cell", id: "bench", name: "bench", serial: null, rack: null },
      reason: null,
      planHash: null,
      facts: {},
    },
  });
  if (!written.ok) throw new Error(`leases: ${written.problem.kind}`);
  // The manager that runs has read none of them.
  await world.restart();
}

async function measurePlans(
  world: PlanWorld,
  say: BenchOptions["say"],
): Promise<readonly number[]> {
  const every = Math.max(1, Math.floor(world.hosts.length / plannedHosts));
  const hostIds = world.hosts
    .filter((_, at) => at % every === 0)
    .slice(0, plannedHosts)
    .map(({ id }) => id);
  const times: number[] = [];
  for (let run = 0; run < planRuns + 2; run += 1) {
    const startMs = performance.now();
    const planned = await world.plans().plan({
      action: drainFor(),
      selector: "bench",
      hostIds,
      asker: ana,
    });
    const tookMs = performance.now() - startMs;
    if (!planned.ok) throw new Error(`no plan: ${JSON.stringify(planned.problem)}`);
    // The first two are the compiler's.
    if (run >= 2) times.push(tookMs);
  }
  say(`planned ${hostIds.length} hosts ${times.length} times`);
  return times;
}

async function measureExplain(world: PlanWorld): Promise<readonly number[]> {
  const { lifecycle } = world.life.manager();
  const { gate } = world.plans();
  const times: number[] = [];
  for (let run = 0; run < explainRuns; run += 1) {
    const hostId = hostIdOf(1 + ((run * 7_919) % world.hosts.length));
    const startMs = performance.now();
    const explained = await lifecycle.explain(hostId);
    await gate.whyNot(hostId, "drain");
    const tookMs = performance.now() - startMs;
    if (explained === undefined) throw new Error("no explanation");
    if (run >= 20) times.push(tookMs);
  }
  return times;
}
