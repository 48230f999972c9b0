import type { EvacuationFacts } from "#agent/journal/order-journal.ts";
import type { OrderProgress, Workload } from "#proto/messages/orders.ts";
import { type Clock, sleep } from "#proto/vocabulary/clock.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import { type HostControl, type HostSight, isThere } from "./host-control.ts";

export interface EvacuationParts {
  readonly control: HostControl;
  readonly clock: Clock;
  /** The manager's time, of which the deadline is. */
  readonly nowMs: () => UnixMs;
  readonly evacuation: EvacuationFacts;
  readonly signal: AbortSignal;
  /** When something changed, and every ten seconds. */
  readonly tell: (state: OrderProgress["state"], workloads: readonly Workload[]) => void;
  readonly onAsked: () => void;
}

/** Milliseconds, but the first. */
export const evacuationNumbers = {
  pollMs: 1_000,
  /** While nothing changes it is looked at less and less often, down to this. */
  pollMsMax: 10_000,
  progressMs: 10_000,
  /** What still runs is asked again after this. */
  askAgainMs: 30_000,
  /** From the hard end until what is left is given up. */
  hardMs: 30_000,
} as const;

/**
 * Carries one evacuation to its end: `ended` when all is seen to be stopped, `failed` when the
 * deadline passed (and, where it is forced, the hard end too) and something is left or cannot be
 * seen. Null when aborted. Knows nothing of journals; may be begun anew at any moment.
 */
export async function evacuateHost(parts: EvacuationParts): Promise<"ended" | "failed" | null> {
  const { control, clock, evacuation, signal, tell } = parts;
  const { operationId, epoch, deadlineMs, graceMs, force } = evacuation;
  const askedMs = new Map<string, MonotonicMs>();
  const firstAskedMs = new Map<string, MonotonicMs>();
  let problems: readonly string[] = [];
  let asking = false;
  let hardSinceMs: MonotonicMs | null = null;
  let pollMs: number = evacuationNumbers.pollMs;
  let toldMs: MonotonicMs | null = null;
  let told = "";

  const ask = (names: readonly string[], isHard: boolean): void => {
    asking = true;
    const now = clock.nowMonotonicMs();
    for (const name of names) {
      askedMs.set(name, now);
      if (!firstAskedMs.has(name)) firstAskedMs.set(name, now);
    }
    const order = { operationId, epoch, deadlineMs, graceMs, isHard, workloads: names };
    void control.evacuate(order, signal).then((answer) => {
      asking = false;
      problems = answer.problems;
    });
    parts.onAsked();
  };
  const say = (state: OrderProgress["state"], workloads: readonly Workload[]): void => {
    const now = clock.nowMonotonicMs();
    const text = JSON.stringify([state, workloads.map(({ name, state: is }) => [name, is])]);
    const isDue = toldMs === null || now - toldMs >= evacuationNumbers.progressMs;
    pollMs =
      text === told ? Math.min(pollMs * 2, evacuationNumbers.pollMsMax) : evacuationNumbers.pollMs;
    if (text === told && !isDue && state === "running") return;
    told = text;
    toldMs = now;
    tell(state, workloads);
  };

  while (!signal.aborted) {
    const sight = await control.look();
    if (signal.aborted) return null;
    const now = clock.nowMonotonicMs();
    const left = sight.workloads.filter(isThere);
    if (left.length === 0 && sight.unasked.length === 0) {
      say("ended", sight.workloads);
      return "ended";
    }
    const isLate = parts.nowMs() >= deadlineMs;
    const shown = describe(sight, { askedMs: firstAskedMs, now, graceMs, problems });
    if (isLate && !force) {
      say("failed", shown);
      return "failed";
    }
    if (isLate && hardSinceMs === null) {
      hardSinceMs = now;
      ask(
        left.map(({ name }) => name),
        true,
      );
    } else if (isLate && now - (hardSinceMs ?? now) >= evacuationNumbers.hardMs) {
      say("failed", shown);
      return "failed";
    } else if (!isLate && !asking) {
      const again = left.filter(({ name }) => {
        const before = askedMs.get(name);
        return before === undefined || now - before >= evacuationNumbers.askAgainMs;
      });
      if (again.length > 0)
        ask(
          again.map(({ name }) => name),
          false,
        );
    }
    say("running", shown);
    const untilDeadlineMs = isLate ? evacuationNumbers.pollMs : deadlineMs - parts.nowMs();
    const waitMs = Math.max(1, Math.min(pollMs, untilDeadlineMs));
    await sleep(clock, waitMs, signal).catch(() => {});
  }
  return null;
}

/** A sight with what the evacuation of this epoch has told of that which does not stop. */
export function withStuck(
  sight: HostSight,
  told: Pick<OrderProgress, "epoch" | "workloads"> | null,
  epoch: number,
): HostSight {
  if (told?.epoch !== epoch) return sight;
  const stuck = new Map(
    told.workloads
      .filter(({ state }) => state === "stuck")
      .map((workload) => [workload.name, workload]),
  );
  const workloads = sight.workloads.map((workload) =>
    isThere(workload) && workload.state !== "migrating"
      ? (stuck.get(workload.name) ?? workload)
      : workload,
  );
  return { ...sight, workloads };
}

/** What an adapter said, and what became of our asking. */
function describe(
  { workloads, unasked }: HostSight,
  asked: {
    readonly askedMs: ReadonlyMap<string, MonotonicMs>;
    readonly now: MonotonicMs;
    readonly graceMs: number;
    readonly problems: readonly string[];
  },
): readonly Workload[] {
  const shown = workloads.map((workload) => {
    const atMs = asked.askedMs.get(workload.name);
    if (!isThere(workload) || atMs === undefined || workload.state === "migrating") {
      return workload;
    }
    const waitedMs = asked.now - atMs;
    const adapter = workload.name.slice(0, workload.name.indexOf(":"));
    const problem = asked.problems.find((text) => text.startsWith(`${adapter}:`));
    if (waitedMs < asked.graceMs && problem === undefined) return workload;
    // Without a figure that moves: it stands in the manager's store, and is written when it changes.
    const since = `still there after its ${Math.round(asked.graceMs / 1_000)} s to stop`;
    const detail = [problem ?? since, workload.detail].filter((text) => text !== "").join("; ");
    return { ...workload, state: "stuck" as const, detail };
  });
  // What cannot be seen is told as stuck under its adapter's name, so that nobody takes it for gone.
  const unseen = unasked.map((text) => ({
    name: `unasked:${text.split(":", 1)[0]}`,
    state: "stuck" as const,
    detail: text,
  }));
  return [...shown, ...unseen];
}
