import type { BootEvidence } from "./boot-evidence.ts";
import type { BootGoal } from "./boot-goal.ts";
import type { BootPolicy } from "./boot-policy.ts";
import type { BootLoopState } from "./boot-state.ts";
import type { SystemCall } from "./boot-witness.ts";

/** How a start went wrong; each has its own next rungs. */
export const bootSymptoms = [
  /** Another system called in, or lives on without asking the network. */
  "elsewhere",
  /** Power on, and nothing moves. */
  "dead",
  /** The system that ran before runs on. */
  "not-restarted",
  /** It stays off, or went off by itself. */
  "stays-off",
  /** Its firmware starts in legacy mode. */
  "wrong-mode",
  /** It asks from a port that is not planned. */
  "wrong-nic",
  /** It asks for an address and goes no further. */
  "dhcp-only",
  /** The first file was fetched, and what it started asks for nothing, or for the first file again. */
  "second-stage",
  /** The imaging OS was fetched, and never called. */
  "imaging-silent",
  /** Nobody fetched the medium. */
  "media-not-fetched",
  /** After the disarm the imaging OS started once more. */
  "imaging-again",
  /** The new system did not call in. */
  "no-call",
] as const;
export type BootSymptom = (typeof bootSymptoms)[number];

/** The call that ends the loop: newer than what was asked for, by a boot that nobody saw before. */
export function goalCall(state: BootLoopState, evidence: BootEvidence): SystemCall | null {
  const { goal, firstStartMs } = state;
  if (goal.kind === "off" || firstStartMs === null) return null;
  const call = evidence.calls.find(
    ({ system, bootId, atMs, imageDigest }) =>
      atMs > firstStartMs &&
      bootId !== "" &&
      !goal.knownBootIds.includes(bootId) &&
      (goal.kind === "imaging"
        ? system === "imaging"
        : system === "installed" && imageDigest === goal.imageDigest),
  );
  return call ?? null;
}

/**
 * What the present start has shown until now; null: it may still come right. Power is judged elsewhere.
 * A missing sign of progress proves nothing by itself: it only lets the window end earlier.
 */
export function judgeStart(
  state: BootLoopState,
  evidence: BootEvidence,
  policy: BootPolicy,
  nowMs: number,
): BootSymptom | null {
  const { goal, round } = state;
  const startMs = round.startMs;
  if (goal.kind === "off" || startMs === null) return null;
  const sinceMs = nowMs - startMs;
  const calls = evidence.calls.filter(
    ({ atMs, bootId }) => atMs > startMs && !goal.knownBootIds.includes(bootId),
  );
  // Its network may take a moment to fall silent after the order; a call within that is the old boot's.
  const isHeardStill =
    evidence.heardMs !== null &&
    calls.length === 0 &&
    evidence.requests.every(({ atMs }) => atMs <= startMs) &&
    evidence.heardMs - startMs > policy.powerSettleMs;
  if (goal.kind === "installed") {
    if (calls.some(({ system }) => system === "imaging")) return "imaging-again";
    if (calls.length > 0) return "elsewhere";
    if (isHeardStill) return "not-restarted";
    return sinceMs > policy.firstBootMs ? "no-call" : null;
  }
  if (calls.some(({ system }) => system !== "imaging")) return "elsewhere";
  return isHeardStill ? "not-restarted" : judgeRequests(state, goal, evidence, policy, nowMs);
}

function judgeRequests(
  state: BootLoopState,
  goal: Extract<BootGoal, { readonly kind: "imaging" }>,
  evidence: BootEvidence,
  policy: BootPolicy,
  nowMs: number,
): BootSymptom | null {
  const { round, seen } = state;
  const startMs = round.startMs ?? nowMs;
  const sinceMs = nowMs - startMs;
  const isMedia = state.approaches[round.approach]?.device === "media";
  const requests = evidence.requests.filter(({ atMs }) => atMs > startMs);
  const isMine = (mac: string | null): boolean =>
    mac === null || goal.bootMacs.length === 0 || goal.bootMacs.includes(mac);
  const mine = requests.filter(({ mac }) => isMine(mac));
  const newest = mine.at(-1);
  if (newest === undefined) {
    if (requests.length > foreignRequestsMax) return "wrong-nic";
    if (sinceMs <= policy.firstSignMs) return null;
    if (isMedia) return "media-not-fetched";
    const { progress } = seen;
    const hasMoved = progress !== null && progress.words !== null && progress.sinceMs > startMs;
    if (!hasMoved) return "dead";
    return sinceMs > policy.imagingMs ? "elsewhere" : null;
  }
  if (
    goal.mode === "uefi" &&
    mine.some(({ what, architecture }) => what === "dhcp" && architecture === 0)
  )
    return "wrong-mode";
  const quietMs = nowMs - newest.atMs;
  const has = (...whats: readonly string[]): boolean =>
    mine.some(({ what }) => whats.includes(what));
  if (has("kernel", "initramfs", "image", "media"))
    return quietMs > policy.imagingMs / 3 || sinceMs > 2 * policy.imagingMs
      ? "imaging-silent"
      : null;
  const loads = mine.filter(({ what }) => what === "loader").length;
  if (loads > loaderLoopMax) return "second-stage";
  if (has("loader", "script")) return quietMs > policy.secondStageMs ? "second-stage" : null;
  return quietMs > policy.firstSignMs / 2 || sinceMs > policy.imagingMs ? "dhcp-only" : null;
}

/** Where the same file, or the wrong port, is tried more often than this, it is a loop. */
const loaderLoopMax = 3;
const foreignRequestsMax = 3;
