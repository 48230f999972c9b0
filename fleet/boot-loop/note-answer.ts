import type { Result } from "#proto/vocabulary/result.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type {
  BmcIdentity,
  BmcProtocol,
  DriverProblem,
  MediaSlot,
  PowerDraw,
  PowerSight,
} from "./bmc-driver.ts";
import { type BootChange, type BootLook, isChange } from "./boot-action.ts";
import type { BootPolicy } from "./boot-policy.ts";
import type { BmcHealth, BootLoopState, BootSeen } from "./boot-state.ts";
import { noteChange } from "./note-change.ts";
import type { BootSight } from "./boot-wish.ts";
import { judgeIdentity } from "./judge-identity.ts";

/** What came of a look or a change. `value` of a change is nothing: that it was taken on says all. */
export type BootAnswer = Result<AnswerValue, DriverProblem>;
export type AnswerValue =
  | { readonly kind: "identity"; readonly identity: BmcIdentity }
  | { readonly kind: "power"; readonly power: PowerSight }
  | { readonly kind: "boot"; readonly boot: BootSight }
  | { readonly kind: "watts"; readonly draw: PowerDraw }
  | { readonly kind: "progress"; readonly words: string | null }
  | { readonly kind: "slots"; readonly slots: readonly MediaSlot[] }
  | { readonly kind: "jobs"; readonly count: number }
  | { readonly kind: "taken" };

/** The state after an answer. `askedMs`: when the question left: what it tells is no older. */
export function noteAnswer(
  state: BootLoopState,
  action: BootLook | BootChange,
  answer: BootAnswer,
  policy: BootPolicy,
  askedMs: UnixMs,
  nowMs: UnixMs,
): BootLoopState {
  const heard = noteHealth(state, action.protocol, answer, policy, nowMs);
  if (isChange(action)) return noteChange(heard, action, answer, policy, askedMs, nowMs);
  return answer.ok
    ? noteLook(heard, action, answer.value, askedMs)
    : noteBlank(heard, action, answer.problem, askedMs);
}

/** What was begun before the manager died: nobody knows whether it was done. */
export function noteLost(state: BootLoopState, policy: BootPolicy, nowMs: UnixMs): BootLoopState {
  const { pending } = state;
  if (pending === null) return state;
  const problem: DriverProblem = {
    kind: "unanswered",
    detail: "the manager stopped before the answer came",
    code: null,
    messageIds: [],
    retryAfterMs: 0,
  };
  return noteAnswer(state, pending, { ok: false, problem }, policy, nowMs, nowMs);
}

function noteHealth(
  state: BootLoopState,
  protocol: BmcProtocol,
  answer: BootAnswer,
  policy: BootPolicy,
  nowMs: UnixMs,
): BootLoopState {
  const before = state.health[protocol];
  const set = (health: BmcHealth, lockedUntilMs = state.lockedUntilMs): BootLoopState => ({
    ...state,
    lockedUntilMs,
    health: { ...state.health, [protocol]: health },
  });
  const wanted = before?.readsWanted ?? 0;
  const fine = {
    row: 0,
    kind: null,
    detail: null,
    sinceMs: nowMs,
    quietUntilMs: nowMs,
    isGivenUp: before?.isGivenUp ?? false,
  };
  if (answer.ok || ["refused", "unsupported", "withdrawn"].includes(answer.problem.kind)) {
    const isReading = answer.ok && answer.value.kind === "power";
    const readsWanted = isReading ? Math.max(0, wanted - 1) : wanted;
    return set({
      ...fine,
      readsWanted,
      quietUntilMs: unixMs(nowMs + (readsWanted > 0 ? readPauseMs : 0)),
    });
  }
  const { kind, detail, messageIds, retryAfterMs } = answer.problem;
  const isSame =
    before !== undefined &&
    before.row > 0 &&
    (before.kind === "unauthorised") === (kind === "unauthorised");
  const row = isSame ? before.row + 1 : 1;
  const pauseMs = Math.min(
    Math.max(retryAfterMs ?? 0, pausesMs[Math.min(row, pausesMs.length) - 1] ?? 0),
    pauseMaxMs,
  );
  const isLocked = kind === "unauthorised" && row === loginsBeforePause;
  const text = [detail, ...messageIds].join(" ").slice(0, textMax);
  return set(
    {
      row,
      kind,
      detail: text,
      sinceMs: isSame ? before.sinceMs : nowMs,
      quietUntilMs: unixMs(nowMs + pauseMs),
      readsWanted: kind === "not-ready" ? 2 : wanted,
      isGivenUp: before?.isGivenUp ?? false,
    },
    isLocked ? unixMs(nowMs + policy.lockoutMs) : state.lockedUntilMs,
  );
}

/** After a refusal or a silence, in a row. */
const pausesMs: readonly number[] = [10_000, 10_000, 20_000, 30_000, 60_000];
const pauseMaxMs = 60_000;
const readPauseMs = 10_000;
const loginsBeforePause = 3;
const textMax = 400;

function noteLook(
  state: BootLoopState,
  action: BootLook,
  value: AnswerValue,
  atMs: UnixMs,
): BootLoopState {
  const { seen } = state;
  const see = (more: Partial<BootSeen>): BootLoopState => ({
    ...state,
    seen: { ...seen, ...more },
  });
  switch (value.kind) {
    case "identity": {
      const verdict = judgeIdentity(state.goal.machine, value.identity);
      const before = state.identity;
      const isAgain = before?.protocol === action.protocol && before.verdict.kind === "unconfirmed";
      const tries = verdict.kind === "unconfirmed" ? (isAgain ? before.tries : 0) + 1 : 0;
      const next = { ...state, identity: { protocol: action.protocol, atMs, verdict, tries } };
      return tries === 0 ? next : quiet(next, action.protocol, atMs);
    }
    case "power": {
      const { state: told, chassis, said } = value.power;
      const before = seen.power[action.protocol];
      const isSame = before !== undefined && before.state === told;
      const fact = {
        state: told,
        chassis,
        said: said.slice(0, textMax),
        atMs,
        sinceMs: isSame ? before.sinceMs : atMs,
        count: isSame ? before.count + 1 : 1,
      };
      return see({ power: { ...seen.power, [action.protocol]: fact } });
    }
    case "boot":
      return see({
        boot: {
          ...seen.boot,
          [action.protocol]: {
            ...value.boot,
            order: null,
            said: value.boot.said.slice(0, textMax),
            atMs,
          },
        },
      });
    case "watts":
      // 0 W is what a meter says that measures nothing.
      return see({
        watts: [...seen.watts, { milliwatts: value.draw.milliwatts || null, atMs }].slice(
          -wattsMax,
        ),
      });
    case "progress": {
      const words = value.words?.slice(0, textMax) ?? null;
      const isSame = seen.progress !== null && seen.progress.words === words;
      return see({
        progress: { words, atMs, sinceMs: isSame && seen.progress ? seen.progress.sinceMs : atMs },
      });
    }
    case "slots":
      return see({ slots: { slots: value.slots.slice(0, slotsMax), atMs } });
    case "jobs":
      return see({ jobs: { count: value.count, atMs } });
    case "taken":
      return state;
  }
}

const wattsMax = 8;
const slotsMax = 16;

/** A look that a BMC refuses or does not have leaves "not known", so that nobody asks for ever. */
function noteBlank(
  state: BootLoopState,
  action: BootLook,
  problem: DriverProblem,
  atMs: UnixMs,
): BootLoopState {
  if (problem.kind !== "refused" && problem.kind !== "unsupported") return state;
  const see = (more: Partial<BootSeen>): BootLoopState => ({
    ...state,
    seen: { ...state.seen, ...more },
  });
  const { protocol } = action;
  switch (action.kind) {
    case "identify": {
      const verdict = { kind: "unconfirmed", agree: [], differ: [] } as const;
      const tries = state.identity?.protocol === protocol ? state.identity.tries + 1 : 1;
      return quiet({ ...state, identity: { protocol, atMs, verdict, tries } }, protocol, atMs);
    }
    case "read-power":
      return noteLook(
        state,
        action,
        {
          kind: "power",
          power: { state: "unknown", chassis: null, observedMs: atMs, said: problem.detail },
        },
        atMs,
      );
    case "read-boot":
      return see({
        boot: {
          ...state.seen.boot,
          [protocol]: {
            device: "unknown",
            enabled: "unknown",
            mode: "unknown",
            order: null,
            said: problem.detail.slice(0, textMax),
            atMs,
          },
        },
      });
    case "read-watts":
      return see({ watts: [...state.seen.watts, { milliwatts: null, atMs }].slice(-wattsMax) });
    case "read-progress":
      return see({
        progress: { words: null, atMs, sinceMs: state.seen.progress?.sinceMs ?? atMs },
      });
    case "read-slots":
      return see({ slots: { slots: [], atMs } });
    case "list-jobs":
      return see({ jobs: { count: 0, atMs } });
  }
}

function quiet(state: BootLoopState, protocol: BmcProtocol, atMs: UnixMs): BootLoopState {
  const health = state.health[protocol];
  if (health === undefined) return state;
  const quietUntilMs = unixMs(Math.max(health.quietUntilMs, atMs + readPauseMs));
  return { ...state, health: { ...state.health, [protocol]: { ...health, quietUntilMs } } };
}
