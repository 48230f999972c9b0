import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { BmcProtocol, DriverProblem } from "./bmc-driver.ts";
import type { BootChange } from "./boot-action.ts";
import type { BootPolicy } from "./boot-policy.ts";
import { type BmcHealth, type BootLoopState, inStage, nothingSeen } from "./boot-state.ts";
import { orderName } from "./boot-turn.ts";
import type { BootAnswer } from "./note-answer.ts";

/** The state after a change was answered: taken on, refused, or not known. */
export function noteChange(
  state: BootLoopState,
  action: BootChange,
  answer: BootAnswer,
  policy: BootPolicy,
  askedMs: UnixMs,
  nowMs: UnixMs,
): BootLoopState {
  const kind = answer.ok ? "accepted" : answer.problem.kind;
  const text = answer.ok ? "" : [answer.problem.detail, ...answer.problem.messageIds].join(" ");
  const isOffered = kind !== "unsupported" || orderName(action) === "";
  const noted: BootLoopState = {
    ...state,
    pending: null,
    identity: null,
    last: {
      action,
      atMs: nowMs,
      answer: kind,
      isJobInTheWay: (kind === "busy" || kind === "refused") && jobWords.test(text),
      isUnknownAttribute: kind !== "accepted" && unknownWords.test(text),
    },
    unoffered: isOffered ? state.unoffered : [...state.unoffered, orderName(action)],
    round: { ...state.round, changesMs: nowMs },
  };
  // Nothing was sent, or it said that nothing is done yet: the same place decides again.
  if (
    kind === "withdrawn" ||
    kind === "busy" ||
    kind === "not-ready" ||
    kind === "unauthorised" ||
    kind === "session-full"
  )
    return noted;
  switch (action.kind) {
    case "set-boot":
      return inStage(noted, "check", nowMs, { armedMs: nowMs });
    case "insert":
      return {
        ...noted,
        seen: { ...noted.seen, slots: null },
        round: { ...noted.round, insertedMs: nowMs },
      };
    case "eject":
      return { ...noted, seen: { ...noted.seen, slots: null } };
    case "clear-jobs":
      return {
        ...noted,
        last: {
          ...(state.last ?? { action, atMs: nowMs, answer: kind, isUnknownAttribute: false }),
          isJobInTheWay: true,
        },
      };
    case "reset-bmc":
      return kind === "unsupported" || kind === "refused"
        ? { ...noted, unoffered: [...noted.unoffered, orderName(action)] }
        : noteReset(noted, policy, nowMs);
    case "set-power":
      return notePower(noted, action, kind, policy, askedMs, nowMs);
  }
}

const jobWords = /\bjobs?\b|LC068|RAC0679|task.{0,20}(pending|scheduled|running)|queue/i;
const unknownWords = /PropertyUnknown|AttributeNotFound|unknown (attribute|property)/i;

/** All that was known of it is old, also who answers. */
function noteReset(state: BootLoopState, policy: BootPolicy, nowMs: UnixMs): BootLoopState {
  const health = Object.fromEntries(
    state.abilities.map(({ protocol }): [BmcProtocol, BmcHealth] => [
      protocol,
      {
        row: 0,
        kind: null,
        detail: "it was restarted",
        sinceMs: nowMs,
        quietUntilMs: unixMs(nowMs + policy.bmcDownMs),
        readsWanted: 2,
        isGivenUp: false,
      },
    ]),
  );
  return inStage(
    { ...state, health, seen: nothingSeen, lockedUntilMs: unixMs(0) },
    "prepare",
    nowMs,
  );
}

function notePower(
  state: BootLoopState,
  { order }: Extract<BootChange, { readonly kind: "set-power" }>,
  kind: "accepted" | DriverProblem["kind"],
  policy: BootPolicy,
  askedMs: UnixMs,
  nowMs: UnixMs,
): BootLoopState {
  const blank = { ...state, seen: { ...state.seen, power: {}, watts: [] } };
  if (kind === "unsupported") return blank;
  if (order === "ac-cycle") return kind === "refused" ? blank : noteReset(blank, policy, nowMs);
  if (order === "off" || order === "soft-off") return blank;
  if (kind === "refused" && order !== "on")
    return inStage(blank, "prepare", nowMs, { startBy: "off-on" });
  const startOrder = order === "on" ? "on" : "restart";
  return inStage({ ...blank, firstStartMs: state.firstStartMs ?? askedMs }, "watch", nowMs, {
    startMs: askedMs,
    startOrder,
  });
}
