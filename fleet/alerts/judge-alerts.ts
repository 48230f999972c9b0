import type { AlertId } from "#proto/vocabulary/ids.ts";
import type { MonotonicMs, UnixMs } from "#proto/vocabulary/units.ts";
import type { AlertRecord, Cause, Silenced, Transition } from "./alert.ts";
import { rankOf } from "./alert.ts";
import { alertNumbers, blindKinds, tellAfterMs } from "./alert-numbers.ts";
import { oneLine } from "./one-line.ts";

export interface Judgement {
  /** Those that are new, changed or resolved. */
  readonly changed: readonly AlertRecord[];
  /** What is to be told, in order. */
  readonly tell: readonly { readonly alert: AlertRecord; readonly transition: Transition }[];
  /** Causes for which there was no room. */
  readonly leftOut: number;
}

export interface JudgeAsk {
  readonly causes: readonly Cause[];
  readonly whyQuiet: (cause: Cause) => Silenced | null;
  readonly nowMs: UnixMs;
  /** Times between two moments are measured by this one: the wall clock may leap. */
  readonly now: MonotonicMs;
  /** We have just begun: what is seen by silence alone may be our own blindness. */
  readonly isBlind: boolean;
  readonly newId: () => AlertId;
}

/** The alerts that are open, and what each round makes of them. */
export interface AlertJudge {
  /** By key. */
  readonly open: ReadonlyMap<string, AlertRecord>;
  /** As they were kept: after a start or a take-over. */
  load(alerts: readonly AlertRecord[]): void;
  judge(ask: JudgeAsk): Judgement;
  /** A person changed one. */
  put(alert: AlertRecord): void;
}

interface Pace {
  readonly foundAt: MonotonicMs;
  goneAt: MonotonicMs | null;
  toldAt: MonotonicMs | null;
  wordsAt: MonotonicMs;
}

/**
 * One alert for one key, from its cause's first sight until the cause has been gone for a while: what
 * comes and goes each second is one alert, opened once and resolved once. It is told when it has
 * lasted, again when it grew worse, or changed and some time has passed, and when it is over.
 */
export function createAlertJudge(): AlertJudge {
  const open = new Map<string, AlertRecord>();
  const paces = new Map<string, Pace>();

  const judgeFound = (cause: Cause, ask: JudgeAsk): readonly [AlertRecord, Transition | null] => {
    const known = open.get(cause.key);
    const pace = paceOf(cause.key, ask.now);
    pace.goneAt = null;
    const fresh = recordOf(cause, known, ask);
    const alert = { ...fresh, words: wordsFor(fresh, known, pace, ask.now) };
    const transition = whatToTell(alert, known, pace, ask.now);
    if (transition === null) return [alert, null];
    pace.toldAt = ask.now;
    const told = { severity: alert.severity, hosts: alert.hosts.length, atMs: ask.nowMs };
    return [{ ...alert, told }, transition];
  };
  const paceOf = (key: string, now: MonotonicMs): Pace => {
    const known = paces.get(key);
    if (known !== undefined) return known;
    const made: Pace = { foundAt: now, goneAt: null, toldAt: null, wordsAt: now };
    paces.set(key, made);
    return made;
  };

  return {
    open,
    load(alerts) {
      open.clear();
      paces.clear();
      for (const alert of alerts) open.set(alert.key, alert);
    },
    put(alert) {
      open.set(alert.key, alert);
    },
    judge(ask) {
      const changed: AlertRecord[] = [];
      const tell: { alert: AlertRecord; transition: Transition }[] = [];
      const found = new Map(ask.causes.map((cause) => [cause.key, cause]));
      let leftOut = 0;
      for (const cause of found.values()) {
        const known = open.get(cause.key);
        if (known === undefined && ask.isBlind && blindKinds.has(cause.kind) && cause.id === null)
          continue;
        if (known === undefined && open.size >= alertNumbers.openMax) {
          leftOut += 1;
          continue;
        }
        const [alert, transition] = judgeFound(cause, ask);
        if (known === undefined || !isSame(known, alert)) changed.push(alert);
        if (transition !== null) tell.push({ alert, transition });
        open.set(alert.key, alert);
      }
      const eventOf = new Map(
        ask.causes
          .filter(({ kind }) => kind === "domain-event")
          .flatMap((cause) => cause.hosts.map(({ id }) => [id, cause] as const)),
      );
      for (const alert of [...open.values()]) {
        if (found.has(alert.key)) continue;
        if (ask.isBlind && blindKinds.has(alert.kind)) continue;
        const pace = paceOf(alert.key, ask.now);
        pace.goneAt ??= ask.now;
        const [first] = alert.hosts;
        const mayFold = alert.kind === "host-lost" || alert.kind === "domain-event";
        const folded = mayFold && first !== undefined ? eventOf.get(first.id) : undefined;
        // A person ends a domain event, and a host's own alert ends in the one it is part of.
        const isEnded = alert.kind === "domain-event" || folded !== undefined;
        if (!isEnded && ask.now - pace.goneAt < alertNumbers.clearMs) continue;
        const because =
          folded !== undefined
            ? `it is part of: ${folded.words}`
            : alert.kind === "domain-event"
              ? "all are back, and somebody has looked"
              : "its cause is gone";
        const resolved = { ...alert, resolvedMs: ask.nowMs, resolvedBecause: oneLine(because) };
        open.delete(alert.key);
        paces.delete(alert.key);
        changed.push(resolved);
        if (alert.told !== null) tell.push({ alert: resolved, transition: "resolved" });
      }
      return { changed, tell, leftOut };
    },
  };
}

function whatToTell(
  alert: AlertRecord,
  known: AlertRecord | undefined,
  pace: Pace,
  now: MonotonicMs,
): Transition | null {
  const isLooked = known?.acknowledged === null && alert.acknowledged !== null;
  if (isLooked && alert.told !== null) return "acknowledged";
  if (alert.silenced !== null) return null;
  if (alert.told === null)
    return alert.acknowledged === null && now - pace.foundAt >= tellAfterMs[alert.kind]
      ? "opened"
      : null;
  if (rankOf(alert.severity) > rankOf(alert.told.severity)) return "updated";
  if (alert.acknowledged !== null) return null;
  const isWider = alert.hosts.length > alert.told.hosts;
  // Told by the process before this one: how long ago is not measured, so the pause begins anew.
  pace.toldAt ??= now;
  return isWider && now - pace.toldAt >= alertNumbers.updateMsMin ? "updated" : null;
}

/** Figures in the words move with each reading; the record is not written for that each time. */
function wordsFor(
  fresh: AlertRecord,
  known: AlertRecord | undefined,
  pace: Pace,
  now: MonotonicMs,
): string {
  if (known === undefined || known.words === fresh.words) return fresh.words;
  const isWorth = known.severity !== fresh.severity || known.hosts.length !== fresh.hosts.length;
  if (!isWorth && now - pace.wordsAt < alertNumbers.wordsMsMin) return known.words;
  pace.wordsAt = now;
  return fresh.words;
}

function recordOf(cause: Cause, known: AlertRecord | undefined, ask: JudgeAsk): AlertRecord {
  return {
    id: known?.id ?? cause.id ?? ask.newId(),
    key: cause.key,
    kind: cause.kind,
    severity: cause.severity,
    words: oneLine(cause.words),
    command: cause.command,
    scope: { kind: cause.scope.kind, name: oneLine(cause.scope.name) },
    place: cause.place,
    hosts: cause.hosts,
    of: cause.of,
    sinceMs: known?.sinceMs ?? cause.sinceMs,
    openedMs: known?.openedMs ?? ask.nowMs,
    acknowledged: cause.acknowledged ?? known?.acknowledged ?? null,
    silenced: ask.whyQuiet(cause),
    told: known?.told ?? null,
    resolvedMs: null,
    resolvedBecause: null,
  };
}

function isSame(left: AlertRecord, right: AlertRecord): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
