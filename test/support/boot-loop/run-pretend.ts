import type { BootJournalEntry } from "#fleet/boot-loop/boot-action.ts";
import type { BootGoal, ImagingGoal } from "#fleet/boot-loop/boot-goal.ts";
import { type BootPolicy, bootPolicy } from "#fleet/boot-loop/boot-policy.ts";
import { type BootQuirks, noQuirks } from "#fleet/boot-loop/boot-quirks.ts";
import type { BootLoopState } from "#fleet/boot-loop/boot-state.ts";
import { beginBootLoop, runBootLoop } from "#fleet/boot-loop/run-boot-loop.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { VirtualClock } from "../virtual-clock.ts";
import { type PretendHost, pretendDigest, pretendIdentity } from "./pretend-host.ts";

export const machine = pretendIdentity;

export const imagingGoal: ImagingGoal = {
  kind: "imaging",
  machine,
  mayForce: true,
  device: "network",
  mode: "uefi",
  httpUri: null,
  uefiTarget: null,
  mediaUrl: null,
  bootMacs: [],
  loaders: ["ipxe", "snponly"],
  knownBootIds: ["boot-0"],
};

export const offGoal: BootGoal = {
  kind: "off",
  machine,
  mayForce: true,
  graceMs: 0,
  standbyMaxMilliwatts: 20_000,
};

export const installedGoal: BootGoal = {
  kind: "installed",
  machine,
  mayForce: true,
  mode: "uefi",
  imageDigest: pretendDigest,
  knownBootIds: ["boot-0"],
};

export interface PretendRun {
  readonly state: BootLoopState;
  readonly entries: readonly BootJournalEntry[];
  readonly kept: readonly string[];
}

/** Runs a loop on a pretended host to its end, in virtual time. */
export async function runPretend(
  clock: VirtualClock,
  host: PretendHost,
  goal: BootGoal,
  options: {
    readonly policy?: BootPolicy;
    readonly quirks?: BootQuirks;
    readonly from?: BootLoopState;
    readonly signal?: AbortSignal;
    readonly outside?: PretendHost["outside"];
  } = {},
): Promise<PretendRun> {
  const { policy = bootPolicy, quirks = noQuirks } = options;
  const entries: BootJournalEntry[] = [];
  const kept: string[] = [];
  const journal = {
    keep: async (state: BootLoopState, entry: BootJournalEntry | null): Promise<void> => {
      kept.push(JSON.stringify(state));
      if (entry !== null) entries.push(entry);
    },
  };
  const state = options.from ?? beginBootLoop(goal, host.drivers, quirks, clock.nowUnixMs());
  let ended: BootLoopState | null = null;
  const ports = {
    clock,
    drivers: host.drivers,
    witness: host.witness,
    outside: options.outside ?? host.outside,
    handOut: async (loader: string): Promise<void> => void host.told.push(loader),
    journal,
  };
  const signal = options.signal ?? new AbortController().signal;
  const running = runBootLoop(ports, pretendHostId, state, policy, quirks, signal);
  const watched = running.then((end) => {
    ended = end;
  });
  for (let hours = 0; ended === null && hours < 200; hours += 1) await clock.advance(300_000);
  if (ended === null) throw new Error("the loop does not end");
  await watched;
  return { state: await running, entries, kept };
}

export const pretendHostId = "01234567-89ab-7def-8123-456789abcdef" as HostId;
