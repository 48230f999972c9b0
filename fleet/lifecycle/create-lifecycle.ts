import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { HostRecord, Phase } from "#fleet/inventory/host-record.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Tenancy } from "#fleet/tenancy/tenancy-desk.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { type HoldId, type HostId, newUuidV7, type OperationId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { fail, type Result } from "#proto/vocabulary/result.ts";
import { backToOf, quarantinedFrom } from "./back-to.ts";
import { decideCancel, decideConfirmOff, decidePause, decideResume } from "./decide-control.ts";
import { decideAddHold, decideReleaseHold } from "./decide-hold.ts";
import { decideManage } from "./decide-manage.ts";
import { decideStart } from "./decide-start.ts";
import type { StartAsk } from "./start-ask.ts";
import { type Actor, auditOfHost, type Decision, type HostFacts } from "./decision.ts";
import type { FaultPolicy } from "./fault-policy.ts";
import type { HoldRecord } from "./hold.ts";
import { isFaultOfHealth } from "./urgent-drain.ts";
import type { Execution } from "./execution.ts";
import { explainLife } from "./explain-life.ts";
import { type LifeDesk, openLifeDesk } from "./life-desk.ts";
import { startLifeRounds } from "./life-rounds.ts";
import type { LifeStore } from "./life-store.ts";
import type { Asker, Lifecycle, LifeRefusal, LifeView } from "./lifecycle.ts";
import { lifecycleWord } from "./lifecycle-word.ts";
import type { OperationRecord } from "./operation.ts";
import { createRefusalMemory } from "./refusal-memory.ts";
import { noBmcWhy, type PowerReading } from "./power.ts";
import { type DataState, whyNotSchedulable } from "./schedulable.ts";
import type { Why } from "./why.ts";

export interface LifecycleEffects {
  readonly store: LifeStore;
  readonly inventory: Inventory;
  readonly tenancy: Pick<Tenancy, "leasesOf" | "revisionOf" | "reread">;
  readonly links: Links;
  readonly health: Pick<HealthReader, "view">;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: FleetEvents;
  readonly log: Log;
  /** Of this manager's leadership; 0 while it does not lead, and then nothing is written. */
  readonly term: () => number;
  readonly settings: LifecycleSettings;
  /** Freeze, safe mode, a domain event: what stops every M and D on this host now. */
  readonly brakes?: (host: HostRecord) => readonly Why[];
  /** By the media ledger; without one only that a host which serves or served is tainted. */
  readonly data?: (host: HostRecord) => DataState;
  /** Whether a host's BMC is known and may be asked; absent: no host's is. */
  readonly hasBmc?: (host: HostRecord) => boolean;
  /** What its BMC says of its power. */
  readonly readPower?: (host: HostRecord) => Promise<Result<PowerReading, Why>>;
}

export interface LifecycleSettings {
  /** In profile `lab` one person is enough. */
  readonly emergencyNeedsTwo: boolean;
  /** `off`: failing health sets no fault holds; absent: it does. */
  readonly onFault?: FaultPolicy;
}

/** How often an operation is looked for that is neither open in memory nor ended in the store. */
const operationReadsMax = 3;

export interface OpenLifecycle {
  readonly lifecycle: Lifecycle;
  /** For who carries operations out. */
  readonly execution: Execution;
  /**
   * Why no lease may be placed there; for tenancy, which asks at each claim. `forWhom`: the tenant's
   * name or the lease's id.
   */
  whyNotPlace(hostId: HostId, forWhom: string | null): Promise<readonly Why[]>;
  /** The fault holds that health has set and that stand now. */
  faults(): readonly HoldRecord[];
  /** At a take-over, before anything is written: another manager may have changed everything. */
  reload(): Promise<void>;
  /** After it: every host's fault hold is as its health says now. Stops when the term is over. */
  reconcile(): Promise<void>;
  stop(): void;
}

/** The lifecycle over its store: judged on what is in memory, written through, then told. */
export async function createLifecycle(effects: LifecycleEffects): Promise<OpenLifecycle> {
  const { store, inventory, tenancy, links, clock, random, events, log } = effects;
  const desk = await openLifeDesk({
    store,
    inventory,
    leasesOf: tenancy.leasesOf,
    rereadLeases: tenancy.reread,
    events,
    term: effects.term,
  });
  const newOperationId = () => newUuidV7<OperationId>(clock.nowUnixMs(), random);
  const newHoldId = () => newUuidV7<HoldId>(clock.nowUnixMs(), random);
  const dataOf = effects.data ?? usualData;
  const world = (host: HostRecord) => ({
    link: links.view(host.id).state,
    data: dataOf(host),
    nowMs: clock.nowUnixMs(),
  });
  const viewOf = (facts: HostFacts): LifeView => {
    const why = whyNotSchedulable(facts, world(facts.host));
    return {
      lifecycle: lifecycleWord(facts.host.phase, facts.operation?.kind ?? null),
      holds: facts.holds,
      leases: facts.leases,
      isSchedulable: why.length === 0,
      whyNotSchedulable: why,
      data: dataOf(facts.host),
    };
  };
  const policyFor = (host: HostRecord, backTo: Phase | null) => ({
    brakes: effects.brakes?.(host) ?? [],
    emergencyNeedsTwo: effects.settings.emergencyNeedsTwo,
    backTo,
    hasBmc: effects.hasBmc?.(host) ?? false,
    nowMs: clock.nowUnixMs(),
    newOperationId,
    newHoldId,
    leads: () => effects.term() > 0,
  });

  /**
   * On the operation as it is when the change's turn comes. One that is not in memory then has ended,
   * perhaps just now: it is read as it was written.
   */
  const changeOperation = async (
    id: OperationId,
    decide: (facts: HostFacts, operation: OperationRecord) => Decision<OperationRecord>,
  ): Promise<Result<OperationRecord, LifeRefusal>> => {
    for (let reads = 0; reads < operationReadsMax; reads += 1) {
      const known = await desk.operation(id);
      if (known === undefined) return fail({ kind: "unknown", what: `operation ${id}` });
      let isOld = false;
      const changed = await desk.change(known.hostId, (facts) => {
        const current = facts.operation?.id === id ? facts.operation : known;
        isOld = current !== facts.operation && current.endedMs === null;
        return isOld ? { kind: "same", value: current } : decide(facts, current);
      });
      if (!isOld) return changed;
    }
    return fail({ kind: "conflict", words: `operation ${id} is not where its host says` });
  };
  const actorOf = (asker: Asker): Actor => asker;
  const refusals = createRefusalMemory();

  const lifecycle: Lifecycle = {
    async start(ask) {
      const host = await inventory.host(ask.hostId);
      if (host === undefined) return fail({ kind: "unknown", what: `host ${ask.hostId}` });
      const backTo = ask.action.kind === "clear" ? await quarantinedFrom(store, ask.hostId) : null;
      const started = await desk.change(ask.hostId, (facts) =>
        decideStart(facts, ask, policyFor(facts.host, backTo)),
      );
      if (started.ok)
        log.info(
          {
            hostId: host.id,
            operationId: started.value.id,
            kind: started.value.kind,
            by: ask.asker.name,
          },
          "operation asked for",
        );
      else if (started.problem.kind === "refused") await noteDenied(host, ask, started.problem.why);
      return started;
    },
    pause: (id, asker) =>
      changeOperation(id, (facts, operation) =>
        decidePause(facts, operation, actorOf(asker), clock.nowUnixMs()),
      ),
    resume: (id, asker) =>
      changeOperation(id, (facts, operation) =>
        decideResume(facts, operation, actorOf(asker), clock.nowUnixMs()),
      ),
    cancel: (id, asker) =>
      changeOperation(id, (facts, operation) =>
        decideCancel(facts, operation, actorOf(asker), clock.nowUnixMs()),
      ),
    confirmOff: (id, serial, asker) =>
      changeOperation(id, (facts, operation) =>
        decideConfirmOff(
          facts,
          operation,
          {
            serial,
            isHeard: links.view(facts.host.id).state === "connected",
            tenancyRevision: tenancy.revisionOf(facts.host.id),
          },
          actorOf(asker),
          clock.nowUnixMs(),
        ),
      ),
    operation: desk.operation,
    operations: (ask) => store.listOperations(ask),
    addHold: ({ hostId, ...ask }, asker) =>
      desk.change(hostId, (facts) =>
        decideAddHold(facts, ask, actorOf(asker), newHoldId(), clock.nowUnixMs()),
      ),
    async releaseHold(id, asker) {
      const hold = desk.hold(id);
      if (hold === undefined) return fail({ kind: "unknown", what: `hold ${id}` });
      const by = {
        kind: asker.kind === "person" ? "operator" : "automation",
        name: asker.name,
      } as const;
      return desk.change(hold.hostId, (facts) => {
        const current = facts.holds.find((other) => other.id === id);
        if (current === undefined) return { kind: "same", value: hold };
        return decideReleaseHold(facts, current, by, actorOf(asker), newHoldId, clock.nowUnixMs());
      });
    },
    setWatchedOnly: (hostId, watchedOnly, asker) =>
      desk.change(hostId, (facts) =>
        decideManage(facts, watchedOnly, actorOf(asker), clock.nowUnixMs()),
      ),
    async power(hostId) {
      const host = await inventory.host(hostId);
      if (host === undefined) return fail({ kind: "unknown", what: `host ${hostId}` });
      const isKnown = effects.hasBmc?.(host) === true && effects.readPower !== undefined;
      if (!isKnown) return fail({ kind: "refused", why: [noBmcWhy(host)] });
      const read = await effects.readPower(host);
      return read.ok ? read : fail({ kind: "refused", why: [read.problem] });
    },
    view: (host) => viewOf(factsNow(desk, host, tenancy.leasesOf(host.id))),
    async explain(hostId) {
      const facts = await desk.facts(hostId);
      if (facts === undefined) return undefined;
      const past = await store.listOperations({ hostId, before: null, limit: 20 });
      return explainLife(facts, viewOf(facts), past, policyFor(facts.host, backToOf(past)));
    },
  };

  /** Refusals are remembered; and of a host that is only watched, what would have been done. */
  async function noteDenied(host: HostRecord, ask: StartAsk, why: readonly Why[]): Promise<void> {
    const codes = [...new Set(why.map(({ code }) => code))].join(" ");
    if (host.watchedOnly)
      log.info(
        { hostId: host.id, host: host.name, action: ask.action, by: ask.asker.name },
        "would have been done, but the host is only watched",
      );
    if (ask.asker.kind !== "person" || refusals.isNoted(ask.planId, host.id, codes)) return;
    const noted = await store.commit({
      term: effects.term(),
      audit: auditOfHost(host, ask.asker, clock.nowUnixMs(), {
        action: "operation.start",
        outcome: "denied",
        facts: {
          kind: ask.action.kind,
          why: codes,
          ...(ask.planId !== null && { planId: ask.planId }),
        },
      }),
    });
    if (noted.ok) refusals.note(ask.planId, host.id, codes);
    else log.warn({ hostId: host.id, problem: noted.problem }, "refusal not noted");
  }

  const rounds = await startLifeRounds({
    desk,
    inventory,
    health: effects.health,
    clock,
    events,
    log,
    newHoldId,
    setsFaults: effects.settings.onFault !== "off",
    leads: () => effects.term() > 0,
  });

  return {
    lifecycle,
    execution: desk,
    async whyNotPlace(hostId, forWhom) {
      const facts = await desk.facts(hostId);
      if (facts === undefined) return [];
      return whyNotSchedulable(facts, world(facts.host), forWhom);
    },
    faults: () => desk.holds().filter(isFaultOfHealth),
    reload: desk.reload,
    reconcile: rounds.reconcile,
    stop: rounds.stop,
  };
}

function factsNow(desk: LifeDesk, host: HostRecord, leases: HostFacts["leases"]): HostFacts {
  return { host, holds: desk.holdsOf(host.id), leases, operation: desk.openOf(host.id) };
}

/** Without a media ledger: what served, or was taken in as it stood, has data; of others nothing is known. */
function usualData(host: HostRecord): DataState {
  if (host.adopted || ["active", "drained", "quarantined"].includes(host.phase)) return "tainted";
  return "unknown";
}
