import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { BmcLies, BmcState } from "./bmc-state.ts";
import type { RedfishMachine } from "./redfish-machine.ts";
import type { RedfishShape } from "./redfish-shape.ts";

/** What a simulated service stands on. */
export interface RedfishWorld {
  readonly state: BmcState;
  readonly lies: BmcLies;
  readonly random: Random;
  readonly clock: Clock;
  readonly machine: RedfishMachine;
  readonly shape: RedfishShape;
}

/** What a controller keeps for itself, and loses in part when it restarts. */
export interface RedfishInside {
  /** Path of a session by its token. */
  readonly sessions: Map<string, string>;
  readonly tasks: Map<string, SimulatedTask>;
  readonly log: SimulatedEntry[];
  media: SimulatedMedia;
  isLit: boolean;
  jobs: readonly string[];
  /** Away until then, by the monotonic clock; 0: it is there. */
  awayUntilMs: number;
  /** Counts sessions, tasks and entries. */
  counter: number;
}

export interface SimulatedTask {
  readonly path: string;
  readonly name: string;
  readonly doneMs: number;
}

export interface SimulatedEntry {
  readonly id: number;
  readonly atMs: number;
  readonly words: string;
}

export interface SimulatedMedia {
  readonly image: string | null;
  readonly isInserted: boolean;
}

export function createInside({ clock, shape }: RedfishWorld): RedfishInside {
  return {
    sessions: new Map(),
    tasks: new Map(),
    log: [{ id: 1, atMs: clock.nowUnixMs(), words: "The log was cleared." }],
    media: { image: null, isInserted: false },
    isLit: false,
    jobs: shape.jobs ?? [],
    awayUntilMs: 0,
    counter: 1,
  };
}

export function note(
  { clock }: Pick<RedfishWorld, "clock">,
  inside: RedfishInside,
  words: string,
): void {
  const last = inside.log.at(-1)?.id ?? 0;
  inside.log.push({ id: last + 1, atMs: clock.nowUnixMs(), words });
}

/** Addresses of the resources that others name. */
export function placesOf({ systemId, managerId, mediaAt }: RedfishShape): {
  readonly system: string;
  readonly settings: string;
  readonly chassis: string;
  readonly manager: string;
  readonly media: string;
  readonly log: string;
  readonly jobs: string;
  readonly jobService: string;
} {
  const system = `${root}/Systems/${systemId}`;
  const manager = `${root}/Managers/${managerId}`;
  return {
    system,
    settings: `${system}/Settings`,
    chassis: `${root}/Chassis/1`,
    manager,
    media: `${mediaAt === "system" ? system : manager}/VirtualMedia`,
    log: `${manager}/LogServices/SEL`,
    jobs: `${manager}/Oem/Dell/Jobs`,
    jobService: `${manager}/Oem/Dell/DellJobService`,
  };
}

export const root = "/redfish/v1";
