import { createGrowthBook, type Growth, type GrowthBook } from "./growth.ts";
import type { Part } from "./part.ts";
import type { PendingReboot, RebootAnswer } from "./reboot-facts.ts";
import type { FindingVerdict } from "./verdict.ts";

/** All that health remembers of one host; kept in the store, so that a restart forgets nothing. */
export interface HostMemory {
  /** When it was last judged; 0: never. */
  judgedMs: number;
  readonly growth: GrowthBook;
  /** By `rule|part`; only of what is raised or about to be. */
  readonly findings: Map<string, FindingMemory>;
  /** A boot that is new and whose cause is not decided yet. */
  reboot: PendingReboot | null;
  lastReboot: RebootAnswer | null;
}

export interface FindingMemory {
  readonly rule: string;
  part: Part;
  detail: string;
  /** When its part was last judged by this rule. */
  seenMs: number;
  /** When the finding as such was raised; 0: it is not. */
  sinceMs: number;
  readonly levels: Partial<Record<FindingVerdict, LevelMemory>>;
}

export interface LevelMemory {
  isRaised: boolean;
  /** For how long it has shown the other of raised and not raised, ms of watched time. */
  towardMs: number;
}

export function newHostMemory(): HostMemory {
  return {
    judgedMs: 0,
    growth: createGrowthBook(),
    findings: new Map(),
    reboot: null,
    lastReboot: null,
  };
}

/** As it is stored: plain data. */
export interface StoredMemory {
  readonly judgedMs: number;
  readonly growth: Readonly<Record<string, Growth>>;
  readonly findings: Readonly<Record<string, FindingMemory>>;
  readonly reboot: PendingReboot | null;
  readonly lastReboot: RebootAnswer | null;
}

export function packMemory(memory: HostMemory): StoredMemory {
  return {
    judgedMs: memory.judgedMs,
    growth: Object.fromEntries(memory.growth.entries),
    findings: Object.fromEntries(memory.findings),
    reboot: memory.reboot,
    lastReboot: memory.lastReboot,
  };
}

/** The stored value becomes the memory's own. */
export function unpackMemory(stored: StoredMemory): HostMemory {
  const growth = createGrowthBook();
  for (const [key, value] of Object.entries(stored.growth)) growth.entries.set(key, value);
  return {
    judgedMs: stored.judgedMs,
    growth,
    findings: new Map(Object.entries(stored.findings)),
    reboot: stored.reboot,
    lastReboot: stored.lastReboot,
  };
}
