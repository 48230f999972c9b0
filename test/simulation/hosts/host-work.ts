import type { HostControl, HostSight } from "#agent/commands/host-control.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { OperationId } from "#proto/vocabulary/ids.ts";

/** How a piece of work takes it when it is asked to stop. */
export const manners = ["stops", "refuses", "hangs", "returns", "immortal"] as const;
export type Manner = (typeof manners)[number];

/** One unit on a simulated server: what is really so, whatever anybody says of it. */
export interface SimulatedWork {
  readonly name: string;
  manner: Manner;
  /** A graceful stop takes this long, milliseconds. */
  stopMs: number;
  isRunning: boolean;
  /** It cannot be started: the bar lies on the disk and outlives a reboot. */
  isBarred: boolean;
  /** Started again by each boot, unless it is barred. */
  isEnabled: boolean;
}

/** Something that was really done to the host. */
export interface HostEffect {
  readonly kind: "fence" | "evacuate" | "halt" | "release" | "reboot" | "hold-fence";
  /** null: a reboot's order does not come with the call. */
  readonly operationId: OperationId | null;
  readonly epoch: number | null;
  readonly isHard: boolean;
}

/**
 * The work of one server as a world that outlives its agent. `refuses` keeps running when asked;
 * `hangs` never answers the adapter; `returns` starts again by itself while it is not barred;
 * `immortal` survives even the hard end, until the host reboots.
 */
export interface HostWork {
  readonly control: HostControl;
  readonly works: readonly SimulatedWork[];
  /** The adapter answers nothing: nothing is seen, and nothing can be done. */
  isAdapterDown: boolean;
  whyNoReboot: string | null;
  /** Where the host is fenced it comes barred: a bar is for every unit that does not run. */
  add(work: Pick<SimulatedWork, "name" | "manner" | "stopMs">, isFenced: boolean): void;
  /** Everything stops, as power does it. */
  powerOff(): void;
  /** What is enabled and not barred starts. */
  boot(): void;
  running(): readonly string[];
}

/** A work that comes back waits so long. */
const returnMs = 45_000;

export function createHostWork(effects: {
  readonly clock: Clock;
  readonly onEffect: (effect: HostEffect) => void;
  /** The system was told to restart, and takes it on. */
  readonly onReboot: () => void;
  /** Something started or stopped. */
  readonly onChange: () => void;
}): HostWork {
  const { clock, onEffect } = effects;
  const works: SimulatedWork[] = [];
  let isGoingDown = false;
  /** Counts boots and stops: a timer of before does nothing. */
  const turns = new Map<SimulatedWork, number>();
  const adapter = "systemd";
  const answer = () => ({
    problems: host.isAdapterDown ? [`${adapter}: gave no answer within 10 s`] : [],
  });
  const named = (name: string): SimulatedWork | undefined =>
    works.find((work) => work.name === name);

  const turn = (work: SimulatedWork): number => {
    const next = (turns.get(work) ?? 0) + 1;
    turns.set(work, next);
    return next;
  };
  const start = (work: SimulatedWork): void => {
    if (work.isBarred) return;
    turn(work);
    work.isRunning = true;
    effects.onChange();
  };
  const stop = (work: SimulatedWork): void => {
    const mine = turn(work);
    work.isRunning = false;
    effects.onChange();
    if (work.manner !== "returns") return;
    clock.after(returnMs, () => {
      if (turns.get(work) === mine) start(work);
    });
  };
  const stopLater = (work: SimulatedWork, inMs: number): void => {
    const mine = turn(work);
    clock.after(inMs, () => {
      if (turns.get(work) === mine && work.isRunning) stop(work);
    });
  };

  const look = async (): Promise<HostSight> => ({
    workloads: host.isAdapterDown
      ? []
      : works.map(({ name, isRunning }) => ({
          name,
          state: isRunning ? ("running" as const) : ("stopped" as const),
          detail: "",
        })),
    tenantMounts: [],
    unasked: host.isAdapterDown ? [`${adapter}: gave no answer within 10 s`] : [],
    note: "",
  });

  const host: HostWork = {
    works,
    isAdapterDown: false,
    whyNoReboot: null,
    control: {
      look,
      async fence({ operationId, epoch }) {
        onEffect({ kind: "fence", operationId, epoch, isHard: false });
        // What runs goes on, and may restart until it is stopped.
        if (!host.isAdapterDown)
          for (const work of works) if (!work.isRunning) work.isBarred = true;
        return answer();
      },
      async holdFence({ operationId, epoch }) {
        onEffect({ kind: "hold-fence", operationId, epoch, isHard: false });
        return answer();
      },
      async evacuate({ operationId, epoch, workloads, isHard, graceMs }, signal) {
        onEffect({ kind: "evacuate", operationId, epoch, isHard });
        if (host.isAdapterDown) return answer();
        let hangs = false;
        for (const work of workloads.map(named)) {
          if (work === undefined || signal.aborted) continue;
          work.isBarred = true;
          if (isHard && work.manner !== "immortal") stop(work);
          else if (work.manner === "stops" || work.manner === "returns")
            stopLater(work, Math.min(work.stopMs, graceMs));
          else if (work.manner === "hangs" && !isHard) hangs = true;
        }
        if (hangs)
          return new Promise((resolve) =>
            signal.addEventListener("abort", () => resolve(answer())),
          );
        return answer();
      },
      async halt({ operationId, epoch }) {
        onEffect({ kind: "halt", operationId, epoch, isHard: false });
        return answer();
      },
      async release({ operationId, epoch, restart }) {
        onEffect({ kind: "release", operationId, epoch, isHard: false });
        if (host.isAdapterDown) return answer();
        for (const work of works) work.isBarred = false;
        for (const name of restart) {
          const work = named(name);
          if (work !== undefined && !work.isRunning) start(work);
        }
        return answer();
      },
      whyNoReboot: () => host.whyNoReboot,
      async reboot() {
        // It goes down already: to be told so twice restarts nothing twice.
        if (isGoingDown) return { problems: [] };
        isGoingDown = true;
        onEffect({ kind: "reboot", operationId: null, epoch: null, isHard: false });
        effects.onReboot();
        return { problems: [] };
      },
    },
    add(facts, isFenced) {
      const known = works.find(({ name }) => name === facts.name);
      if (known !== undefined) {
        known.manner = facts.manner;
        known.stopMs = facts.stopMs;
        return;
      }
      const work: SimulatedWork = {
        ...facts,
        isRunning: false,
        isBarred: isFenced,
        isEnabled: true,
      };
      works.push(work);
      start(work);
    },
    powerOff() {
      isGoingDown = false;
      for (const work of works) {
        turn(work);
        work.isRunning = false;
      }
    },
    boot() {
      for (const work of works) if (work.isEnabled) start(work);
    },
    running: () => works.filter(({ isRunning }) => isRunning).map(({ name }) => name),
  };
  return host;
}
