import type { Collector, Discovery, SampleSink } from "#agent/collectors/collector.ts";
import { createCollectors } from "#agent/collectors/create-collectors.ts";
import { mergeComponents, type SourcedParts, sourcedParts } from "#agent/collectors/parts-merge.ts";
import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import {
  type Absence,
  type BootEvidence,
  type Identity,
  unknownIdentity,
} from "#proto/messages/state.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { monotonicMs } from "#proto/vocabulary/units.ts";
import { createInspectionSink, type InspectedSeries } from "./inspection-sink.ts";

/** What this server is, as the agent sees it. */
export interface Inspection {
  readonly identity: Identity;
  /** What was found of how the boot before this one ended; null: not looked for. */
  readonly boot: BootEvidence | null;
  /** Who looked; null: a recording. */
  readonly uid: number | null;
  /** Where hw.host.power comes from; null: there is no way to know it. */
  readonly powerSource: string | null;
  readonly series: readonly InspectedSeries[];
  readonly absences: readonly Absence[];
  /** Subjects whose collector failed as a whole, and how. */
  readonly failures: readonly { readonly subject: string; readonly detail: string }[];
}

/** Looks twice, a second apart by the given clock, for a rate needs two readings. */
export async function inspectHost(
  source: HardwareSource,
  clock: Clock,
  uid: number | null = null,
): Promise<Inspection> {
  const sink = createInspectionSink();
  const looking = startLooking(source, sink, clock);
  try {
    await looking.discover();
    for (let reading = 0; reading < 2; reading += 1) {
      if (reading > 0) await sleep(clock, 1000);
      const now = clock.nowMonotonicMs();
      sink.at(now);
      await looking.collect(now);
    }
    return { ...looking.found(), uid, series: sink.series() };
  } finally {
    looking.close();
  }
}

/** All collectors of one source; one that fails costs its own readings. */
export interface Looking {
  discover(): Promise<void>;
  /** Collects what is due, one after the other. Only those that are read less often than `slowerThanMs`. */
  collect(atMs: number, slowerThanMs?: number): Promise<void>;
  /** Starts what is due and waits for none: one that is still reading is left alone. */
  startCollecting(atMs: number): void;
  /** Waits for what was started. */
  settle(): Promise<void>;
  found(): Omit<Inspection, "series" | "uid">;
  close(): void;
}

export function startLooking(source: HardwareSource, sink: SampleSink, clock: Clock): Looking {
  const collectors = createCollectors({ source, sink, clock, random: null, log: silentLog });
  const discoveries = new Map<Collector, Discovery>();
  const problems = new Map<Collector, readonly Absence[]>();
  const failures = new Map<Collector, string>();
  const dueMs = new Map<Collector, number>();
  const guarded = async (collector: Collector, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (error) {
      failures.set(collector, error instanceof Error ? error.message : String(error));
    }
  };
  const running = new Map<Collector, Promise<void>>();
  const collectDue = async (collector: Collector, atMs: number): Promise<void> => {
    if (failures.has(collector) || atMs < (dueMs.get(collector) ?? 0)) return;
    dueMs.set(collector, atMs + collector.cadenceMs);
    await guarded(collector, async () => {
      problems.set(collector, (await collector.collect(monotonicMs(atMs)))?.absences ?? []);
    });
  };
  return {
    async discover() {
      for (const collector of collectors)
        await guarded(collector, async () => {
          discoveries.set(collector, await collector.discover());
        });
    },
    async collect(atMs, slowerThanMs = -1) {
      for (const collector of collectors)
        if (collector.cadenceMs > slowerThanMs) await collectDue(collector, atMs);
    },
    startCollecting(atMs) {
      for (const collector of collectors) {
        if (running.has(collector)) continue;
        const run = collectDue(collector, atMs).finally(() => running.delete(collector));
        running.set(collector, run);
      }
    },
    async settle() {
      await Promise.all(running.values());
    },
    found() {
      let identity: Identity = unknownIdentity;
      const lists: SourcedParts[] = [];
      let powerSource: string | null = null;
      let boot: BootEvidence | null = null;
      const absences = new Map<string, Absence>();
      for (const [{ subject }, discovery] of discoveries) {
        lists.push(...sourcedParts(subject, discovery.identity?.components ?? []));
        identity = withIdentity(identity, discovery.identity ?? {});
        powerSource = discovery.powerSource ?? powerSource;
        boot = discovery.boot ?? boot;
      }
      const told = [...discoveries.values()].flatMap((discovery) => discovery.absences);
      for (const absence of [...told, ...[...problems.values()].flat()])
        absences.set(JSON.stringify([absence.what, absence.attributes]), absence);
      return {
        identity: { ...identity, components: mergeComponents(lists) },
        boot,
        powerSource,
        absences: [...absences.values()],
        failures: [...failures].map(([{ subject }, detail]) => ({ subject, detail })),
      };
    },
    close() {
      for (const collector of collectors) collector.close();
    },
  };
}

/** As the report does: the first subject that knows a fact has the say. */
function withIdentity(known: Identity, told: Partial<Identity>): Identity {
  const news = Object.entries(told).filter(([field]) => known[field as keyof Identity] === null);
  return { ...known, ...Object.fromEntries(news) };
}
