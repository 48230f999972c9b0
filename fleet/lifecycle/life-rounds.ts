import type { HealthReader } from "#fleet/health/health-reader.ts";
import type { Verdict } from "#fleet/health/verdict.ts";
import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { HoldId, HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { decideExpiry, decideFault } from "./decide-hold.ts";
import type { LifeDesk } from "./life-desk.ts";

export interface LifeRoundsEffects {
  readonly desk: LifeDesk;
  readonly inventory: Pick<Inventory, "hosts">;
  readonly health: Pick<HealthReader, "view">;
  readonly clock: Clock;
  readonly events: FleetEvents;
  readonly log: Log;
  readonly newHoldId: () => HoldId;
  /** Whether health sets fault holds; where it does not, those that it had set are taken away. */
  readonly setsFaults: boolean;
  /** Only who leads writes; who takes over looks at everything anew. */
  readonly leads: () => boolean;
}

export interface LifeRounds {
  /** Every host's fault hold is as its health says now. */
  reconcile(): Promise<void>;
  stop(): void;
}

/** How often holds are looked through for those that have run out. */
const expiryPaceMs = 60_000;

/** What the lifecycle does by itself: fault holds come and go with health, holds run out. */
export async function startLifeRounds(effects: LifeRoundsEffects): Promise<LifeRounds> {
  const { desk, clock, events, log } = effects;
  let isStopped = false;

  /** What could not be written: health does not tell it again. */
  const owed = new Set<HostId>();

  const judgeHealth = async (hostId: HostId, verdict: Verdict): Promise<void> => {
    owed.add(hostId);
    const meant = effects.setsFaults ? verdict : "ok";
    const reasons = effects.health.view(hostId).findings.map(({ detail }) => detail);
    const judged = await desk.change(hostId, (facts) =>
      decideFault(facts, meant, reasons, effects.newHoldId, clock.nowUnixMs()),
    );
    if (judged.ok) owed.delete(hostId);
    else log.warn({ hostId, problem: judged.problem }, "fault hold not written");
  };
  const judgeSoon = (hostId: HostId, verdict: Verdict): void => {
    judgeHealth(hostId, verdict).catch((error: unknown) => {
      log.error({ hostId, err: error }, "fault hold not written");
    });
  };
  const settleOwed = (): void => {
    if (isStopped || !effects.leads()) return;
    for (const hostId of [...owed]) judgeSoon(hostId, effects.health.view(hostId).verdict);
  };
  const reconcile = async (): Promise<void> => {
    for (const { id } of await effects.inventory.hosts()) {
      if (isStopped || !effects.leads()) return;
      const { verdict } = effects.health.view(id);
      const isHeld = desk.holdsOf(id).some(({ kind }) => kind === "fault");
      const isIll = effects.setsFaults && (verdict === "failing" || verdict === "failed");
      const isKnown = verdict !== "unknown" || !effects.setsFaults;
      if (isIll !== isHeld && isKnown) await judgeHealth(id, verdict);
    }
  };
  const unsubscribe = events.subscribe((event) => {
    if (event.kind === "host-removed") {
      owed.delete(event.hostId);
      desk.forget(event.hostId);
    }
    // While the cell is frozen no hold goes: what ended meanwhile goes when it is lifted.
    if (event.kind === "freeze-changed") settleOwed();
    if (event.kind === "health-changed" && effects.leads()) judgeSoon(event.hostId, event.verdict);
  });

  const expire = async (): Promise<void> => {
    if (!effects.leads()) return;
    const nowMs = clock.nowUnixMs();
    for (const hold of desk.holds()) {
      if (hold.expiresMs === null || hold.expiresMs > nowMs) continue;
      await desk.change(hold.hostId, (facts) => {
        const current = facts.holds.find(({ id }) => id === hold.id);
        if (current === undefined) return { kind: "same", value: hold };
        return decideExpiry(facts, current, clock.nowUnixMs());
      });
    }
  };
  let cancel = (): void => {};
  const next = (): void => {
    if (isStopped) return;
    cancel = clock.after(expiryPaceMs, () => {
      settleOwed();
      expire()
        .catch((error: unknown) => log.error({ err: error }, "holds that ran out not taken away"))
        .finally(next);
    });
  };
  next();
  await reconcile();
  return {
    reconcile,
    stop() {
      isStopped = true;
      cancel();
      unsubscribe();
    },
  };
}
