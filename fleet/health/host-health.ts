import type { FleetEvents } from "#fleet/inventory/fleet-events.ts";
import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Links } from "#fleet/inventory/links.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { Component } from "#proto/messages/state.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { BootId, HostId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { allRules } from "./all-rules.ts";
import { isOfNewBoot } from "./boot-match.ts";
import { evidenceOf } from "./evidence.ts";
import { explainHealth } from "./explain-health.ts";
import { type HealthView, unjudged } from "./finding.ts";
import { healthPace } from "./health-pace.ts";
import type { HealthReader } from "./health-reader.ts";
import { createHealthJournal } from "./health-journal.ts";
import type { HealthStore } from "./health-store.ts";
import { type HostMemory, newHostMemory, unpackMemory } from "./host-memory.ts";
import { judgeHost, viewOf } from "./judge-host.ts";
import { lastSamplesOf } from "./last-samples.ts";
import { decideRebootCause } from "./reboot-cause.ts";
import { createQuietCheck, type QuietMark } from "./quiet-hosts.ts";
import type { RebootAnswer } from "./reboot-facts.ts";
import { sameView } from "./same-view.ts";
import { createSilences } from "./silences.ts";
import { evidenceLimits } from "./thresholds.ts";

export interface HostHealth extends HealthReader {
  /**
   * A session of this host is about to open, before any of that is recorded: what is known is still
   * what the boot before left behind.
   */
  sessionOpens(hostId: HostId, bootId: BootId): Promise<void>;
  stop(): Promise<void>;
}

export interface HostHealthEffects {
  readonly store: HealthStore;
  readonly inventory: Pick<Inventory, "host" | "hosts" | "state">;
  readonly telemetry: Pick<Telemetry, "latest">;
  readonly links: Links;
  readonly events: FleetEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface Watched {
  readonly memory: HostMemory;
  view: HealthView;
  /** By our monotonic clock. */
  judgedAt: number;
  judgedInFullAt: number;
  components: readonly Component[];
  readonly quiet: QuietMark;
  isNew: boolean;
  /** Its new boot has said what it is. */
  hasNewState: boolean;
  /** By our monotonic clock: then a new boot is judged by what there is. */
  rebootDueAt: number | null;
}

/**
 * Judges hosts as their evidence comes in, keeps what it must remember in the store, and tells the
 * fleet what changed. Only hosts with something new are looked at.
 */
export async function createHostHealth(effects: HostHealthEffects): Promise<HostHealth> {
  const { store, inventory, telemetry, links, events, clock, random, log } = effects;
  const watched = new Map<HostId, Watched>();
  const dirty = new Set<HostId>();
  const silences = createSilences(links);
  const isQuiet = createQuietCheck(allRules);
  const journal = createHealthJournal({ store, clock, random, log });
  let cancelTick: CancelTimer = () => {};
  let sweptAt = clock.nowMonotonicMs();
  let writtenAt = clock.nowMonotonicMs();
  let isStopped = false;
  let budget: number = healthPace.judgedPerTickMax;

  const watch = (hostId: HostId, memory: HostMemory): Watched => {
    const host: Watched = {
      memory,
      view: viewOf(memory, allRules, {}, clock.nowUnixMs()),
      judgedAt: Number.NEGATIVE_INFINITY,
      judgedInFullAt: Number.NEGATIVE_INFINITY,
      components: [],
      quiet: { seen: null },
      isNew: true,
      hasNewState: false,
      rebootDueAt:
        memory.reboot === null ? null : clock.nowMonotonicMs() + healthPace.bootEvidenceMs,
    };
    watched.set(hostId, host);
    return host;
  };
  const watchedHost = (hostId: HostId): Watched =>
    watched.get(hostId) ?? watch(hostId, newHostMemory());

  const judge = (hostId: HostId, host: Watched): void => {
    budget -= 1;
    const nowMs = clock.nowUnixMs();
    const latest = telemetry.latest(hostId);
    const { clockOffsetMs, state } = links.view(hostId);
    const isHeard = state === "connected" || state === "late";
    const evidence = evidenceOf(latest, { nowMs, clockOffsetMs: isHeard ? clockOffsetMs : null });
    const isSilent =
      !isHeard || latest === undefined || nowMs - latest.receivedMs > evidenceLimits.silentMsMax;
    const { memory, components } = host;
    const { view, changes } = judgeHost(memory, evidence, {
      rules: allRules,
      components,
      isSilent,
    });
    host.judgedAt = clock.nowMonotonicMs();
    host.judgedInFullAt = host.judgedAt;
    host.isNew = false;
    if (memory.growth.isDirty) journal.changed(hostId, memory);
    memory.growth.isDirty = false;
    const isOther = !sameView(host.view, view);
    if (isOther) host.view = view;
    for (const change of changes) journal.happened(hostId, memory, { kind: "finding", change });
    if (changes.length > 0)
      log.info(
        { hostId, verdict: view.verdict, findings: view.findings.length, kind: changes[0]?.kind },
        "host health changed",
      );
    if (isOther) events.publish({ kind: "health-changed", hostId, verdict: view.verdict });
  };

  /** Asked of every host that reports; a host that was not heard lately, or is new, is judged in full. */
  const isStillQuiet = (hostId: HostId, host: Watched): boolean => {
    const latest = telemetry.latest(hostId);
    const { state, clockOffsetMs } = links.view(hostId);
    const now = clock.nowMonotonicMs();
    if (latest === undefined || state !== "connected") return false;
    if (!isQuiet(host.quiet, { memory: host.memory, latest, clockOffsetMs })) return false;
    if (host.isNew || now - host.judgedInFullAt >= healthPace.sweepEveryMs) return false;
    host.judgedAt = now;
    host.memory.judgedMs = clock.nowUnixMs();
    return true;
  };

  const learnParts = async (hostId: HostId): Promise<void> => {
    const state = await inventory.state(hostId);
    if (state === undefined || isStopped) return;
    const host = watchedHost(hostId);
    host.components = state.identity.components;
    host.judgedInFullAt = Number.NEGATIVE_INFINITY;
    dirty.add(hostId);
    if (host.hasNewState && state.boot !== null) await decideReboot(hostId, host);
  };

  const decideReboot = async (hostId: HostId, host: Watched): Promise<void> => {
    const pending = host.memory.reboot;
    if (pending === null) return;
    const state = await inventory.state(hostId);
    const record = await inventory.host(hostId);
    if (record === undefined) return;
    const { lastHeardMs } = pending.link;
    const others = await inventory.hosts();
    // Whoever was faster, or a boot that is newer still, has the say.
    if (host.memory.reboot !== pending) return;
    host.memory.reboot = null;
    host.rebootDueAt = null;
    const neighbours =
      lastHeardMs === null
        ? { rack: null, site: null }
        : silences.neighboursOf(record, lastHeardMs, others);
    const boot = isOfNewBoot(state?.boot ?? null, host.hasNewState, lastHeardMs)
      ? (state?.boot ?? null)
      : null;
    const answer = decideRebootCause({ ...pending, boot, neighbours });
    const reboot: RebootAnswer = {
      bootedMs: boot?.bootedMs ?? null,
      noticedMs: pending.link.backMs,
      bootId: pending.bootId,
      previousBootId: pending.previousBootId,
      ...answer,
    };
    host.memory.lastReboot = reboot;
    journal.happened(hostId, host.memory, { kind: "reboot", reboot });
    log.info({ hostId, cause: answer.cause, confidence: answer.confidence }, "host was rebooted");
    events.publish({ kind: "host-rebooted", hostId, cause: answer.cause });
    await journal.write();
  };

  const guard = (work: Promise<void>, hostId: HostId): Promise<void> =>
    work.catch((error: unknown) => log.error({ err: error, hostId }, "a host could not be judged"));

  const tick = (): void => {
    const now = clock.nowMonotonicMs();
    if (now - sweptAt >= healthPace.sweepEveryMs) {
      sweptAt = now;
      for (const hostId of watched.keys()) dirty.add(hostId);
    }
    budget = healthPace.judgedPerTickMax;
    for (const hostId of dirty) {
      const host = watchedHost(hostId);
      if (!host.isNew && now - host.judgedAt < healthPace.judgeEveryMs) continue;
      if (!isStillQuiet(hostId, host)) {
        if (budget <= 0) {
          // What has changed was just noted as seen: the next tick must not take it for quiet.
          host.judgedInFullAt = Number.NEGATIVE_INFINITY;
          continue;
        }
        judge(hostId, host);
      }
      dirty.delete(hostId);
    }
    for (const [hostId, host] of watched)
      if (host.rebootDueAt !== null && now >= host.rebootDueAt) {
        host.rebootDueAt = null;
        void guard(decideReboot(hostId, host), hostId);
      }
    if (journal.hasEvents() || now - writtenAt >= healthPace.writeEveryMs) {
      writtenAt = now;
      void journal.write();
    }
    cancelTick = clock.after(healthPace.tickMs, tick);
  };

  for (const { hostId, memory } of await store.readMemories()) watch(hostId, unpackMemory(memory));
  for (const { id } of await inventory.hosts()) {
    if (telemetry.latest(id) !== undefined || watched.has(id)) void guard(learnParts(id), id);
  }
  const unsubscribe = events.subscribe((event) => {
    switch (event.kind) {
      case "host-telemetry":
        dirty.add(event.hostId);
        return;
      case "link-changed":
        silences.linkChanged(event.hostId, event.state);
        dirty.add(event.hostId);
        return;
      case "host-state":
        watchedHost(event.hostId).hasNewState = true;
        void guard(learnParts(event.hostId), event.hostId);
        return;
      case "host-removed":
        watched.delete(event.hostId);
        dirty.delete(event.hostId);
        silences.forget(event.hostId);
        journal.forget(event.hostId);
        return;
      default:
        return;
    }
  });
  cancelTick = clock.after(healthPace.tickMs, tick);

  /** A host that nobody has judged yet is judged when somebody asks. */
  const current = (hostId: HostId): Watched | undefined => {
    const known = watched.get(hostId);
    if ((known !== undefined && !known.isNew) || budget <= 0) return known;
    const hasEvidence =
      telemetry.latest(hostId) !== undefined || links.view(hostId).clockOffsetMs !== null;
    if (!hasEvidence) return known;
    const host = known ?? watch(hostId, newHostMemory());
    judge(hostId, host);
    return host;
  };

  return {
    view: (hostId) => current(hostId)?.view ?? unjudged,
    lastReboot: (hostId) => watched.get(hostId)?.memory.lastReboot ?? null,
    explain(hostId) {
      const host = current(hostId);
      return explainHealth(host?.view ?? unjudged, host?.memory ?? newHostMemory(), allRules);
    },
    events: (hostId, page) => store.listEvents(hostId, page),
    async sessionOpens(hostId, bootId) {
      const record = await inventory.host(hostId);
      const previousBootId = record?.bootId ?? null;
      // Whoever comes back with the same boot only was not heard: its power was never gone.
      if (previousBootId === bootId) silences.forget(hostId);
      if (previousBootId === null || previousBootId === bootId) return;
      const host = watchedHost(hostId);
      const pending = host.memory.reboot;
      // It rebooted again before the last time was explained: that is judged by what there is.
      if (pending !== null && pending.bootId !== bootId)
        await guard(decideReboot(hostId, host), hostId);
      host.memory.reboot = {
        previousBootId,
        bootId,
        link: { lastHeardMs: links.view(hostId).lastHeardMs, backMs: clock.nowUnixMs() },
        last: lastSamplesOf(telemetry.latest(hostId)),
      };
      host.hasNewState = false;
      journal.changed(hostId, host.memory);
      host.rebootDueAt = clock.nowMonotonicMs() + healthPace.bootEvidenceMs;
    },
    async stop() {
      isStopped = true;
      cancelTick();
      unsubscribe();
      await journal.write();
    },
  };
}
