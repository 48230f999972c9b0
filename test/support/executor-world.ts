import { createBmcDesk } from "#fleet/executor/bmc-desk.ts";
import { createExecutor, type Executor } from "#fleet/executor/create-executor.ts";
import type { ExecutorEffects, Notice } from "#fleet/executor/executor-effects.ts";
import type { HostRecord } from "#fleet/inventory/host-record.ts";
import type { OperationRecord } from "#fleet/lifecycle/operation.ts";
import type { PlanAction } from "#fleet/lifecycle/plan.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { LeaseRecord } from "#fleet/tenancy/tenancy.ts";
import type { BootId, HostId, OperationId, PlanId } from "#proto/vocabulary/ids.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { ann } from "./drain-builders.ts";
import { hostIdOf } from "./inventory-builders.ts";
import { type LifeWorld, openLifeWorld, someHost } from "./life-world.ts";
import { createSeededRandom, type SeededRandom } from "./seeded-random.ts";
import { createSimulatedBmc, createSimulatedBmcPort, type SimulatedBmc } from "./bmc-model.ts";
import { createSimulatedHostPort, type SimulatedHostPort } from "./simulated-host-port.ts";

/** A manager that carries operations out on simulated hosts; host 1 runs `web` and `db`. */
export interface ExecutorWorld {
  readonly life: LifeWorld;
  readonly port: SimulatedHostPort;
  readonly bmc: SimulatedBmc;
  readonly hostId: HostId;
  readonly random: SeededRandom;
  /** What tenants were told. */
  readonly told: Notice[];
  /** Replaces what says whether there is room. */
  reserve: ExecutorEffects["reserve"];
  /** Called at each fail point. */
  failPoint: (name: string) => void;
  isLeading: boolean;
  /** A domain event at the host; null: none. */
  stopped: Why | null;
  /** How often the executor has asked whether it leads. */
  looks(): number;
  start(action: PlanAction, planId?: PlanId | null): Promise<OperationRecord>;
  operation(id: OperationId): Promise<OperationRecord>;
  host(): Promise<HostRecord>;
  /** Time goes on in steps, until it holds. */
  until(holds: () => Promise<boolean>, limitMs?: number): Promise<void>;
  /** The manager dies and another goes on. */
  restart(): Promise<void>;
  setConnected(isConnected: boolean): void;
  /** The wall clock by which the executor judges leaps. */
  jumpWall(ms: number): void;
  lease(facts?: Partial<LeaseRecord>): Promise<LeaseRecord>;
  close(): Promise<void>;
}

export async function openExecutorWorld(
  options: { readonly seed?: number; readonly host?: Partial<HostRecord> } = {},
): Promise<ExecutorWorld> {
  const hostId = hostIdOf(1);
  const random = createSeededRandom(options.seed ?? 1);
  const life = await openLifeWorld({ hosts: [someHost(options.host)], seed: options.seed ?? 1 });
  const { clock } = life;
  const wall = clock.hostClock({ wallOffsetMs: 0 });
  const port = createSimulatedHostPort(clock, random.fork("port"));
  const bmc = createSimulatedBmc(clock);
  const bmcPort = createSimulatedBmcPort(new Map([[hostId, bmc]]));
  const told: Notice[] = [];
  let looks = 0;
  port.host(hostId).serial = "CZ3042H8KD";
  for (const name of ["web", "db"])
    port.host(hostId).workloads.set(name, { isRunning: true, stopMs: 10_000, wasStopped: false });

  const boot = (): Executor => {
    const manager = life.manager();
    const executor = createExecutor({
      execution: manager.execution,
      hosts: port,
      tenancy: manager.tenancy,
      inventory: manager.inventory,
      links: {
        view: (id) => ({
          state: port.host(id).isConnected ? "connected" : "lost",
          sinceMs: null,
          lastHeardMs: null,
          sessionId: null,
          clockOffsetMs: 0,
        }),
      },
      health: {
        view: () => ({ verdict: "ok", findings: [], judged: {}, judgedMs: null }),
      },
      notify: {
        tell: async (notice) => {
          told.push(notice);
          return { isDelivered: true, detail: `${notice.tenant.name} answered 204` };
        },
      },
      bmcDesk: createBmcDesk(bmcPort, clock),
      reserve: (ask) => world.reserve(ask),
      clock: wall,
      events: manager.events,
      log: silentLog,
      leads: () => {
        looks += 1;
        return world.isLeading;
      },
      whyStopped: () => world.stopped,
      failPoint: (name) => world.failPoint(name),
    });
    executor.start();
    return executor;
  };

  let executor: Executor;
  const world: ExecutorWorld = {
    life,
    port,
    bmc,
    hostId,
    random,
    told,
    reserve: async () => ok("host-9 has room"),
    failPoint: () => {},
    isLeading: true,
    stopped: null,
    looks: () => looks,
    async start(action, planId = null) {
      const started = await life.manager().lifecycle.start({ hostId, action, planId, asker: ann });
      if (!started.ok) throw new Error(JSON.stringify(started.problem));
      return started.value;
    },
    async operation(id) {
      const found = await life.manager().lifecycle.operation(id);
      if (found === undefined) throw new Error(`operation ${id} is not there`);
      return found;
    },
    async host() {
      const host = await life.manager().inventory.host(hostId);
      if (host === undefined) throw new Error("the host is not there");
      return host;
    },
    async until(holds, limitMs = 3_600_000) {
      for (let spentMs = 0; spentMs <= limitMs; spentMs += 1_000) {
        await clock.settle();
        if (await holds()) return;
        await clock.advance(1_000);
      }
      throw new Error(`not so within ${limitMs} ms`);
    },
    async restart() {
      executor.stop();
      await life.restart();
      executor = boot();
    },
    jumpWall: wall.jumpWall,
    setConnected(isConnected) {
      port.host(hostId).isConnected = isConnected;
      life.setLink(hostId, isConnected ? "connected" : "lost");
    },
    async lease(facts = {}) {
      const { tenancy } = life.manager();
      const known = (await tenancy.tenants())[0];
      const made =
        known === undefined
          ? await tenancy.addTenant({ name: "acme", webhook: null, by: "ann" })
          : ok(known);
      if (!made.ok) throw new Error(made.problem.kind);
      const claimed = await tenancy.claim({
        tenantId: made.value.id,
        hostId,
        share: "shared",
        trust: "operated",
        notice: "none",
        evacuation: "migrate",
        workloads: ["web"],
        by: "ann",
        ...facts,
      });
      if (!claimed.ok) throw new Error(JSON.stringify(claimed.problem));
      return claimed.value;
    },
    async close() {
      executor.stop();
      await life.close();
    },
  };
  port.onReboot = (id) => {
    const host = port.host(id);
    host.isConnected = false;
    life.setLink(id, "lost");
    clock.after(60_000, () => {
      port.reboot(id);
      host.isConnected = true;
      void life
        .manager()
        .inventory.recordSession(id, {
          bootId: host.bootId as BootId,
          agentRelease: "0.1.0",
        } as never)
        .then(() => life.setLink(id, "connected"));
    });
  };
  /** Its power is its life: without it the host is silent, with it another boot comes back. */
  bmc.onPower = (state) => {
    const host = port.host(hostId);
    if (state === "off") {
      host.isConnected = false;
      life.setLink(hostId, "lost");
      return;
    }
    port.onReboot(hostId);
  };
  executor = boot();
  return world;
}
