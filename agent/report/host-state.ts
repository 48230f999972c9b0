import type { Absence, CollectorOutcome, HostState, Identity } from "#proto/messages/state.ts";
import { unknownIdentity } from "#proto/messages/state.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { mergeComponents, sourcedParts } from "#agent/collectors/parts-merge.ts";
import type { SubjectFacts } from "./collector-runs.ts";

/**
 * The slow facts of a host, out of what each subject said. A new revision is made only when one of
 * them changed; how long a collector took is not such a change.
 */
export interface HostStates {
  /** The newest; null before `observe` was called. */
  current(): HostState | null;
  /** True when this made a new revision. */
  observe(facts: readonly SubjectFacts[], extra: readonly Absence[], at: UnixMs): boolean;
  /** The same facts under a new revision. */
  renew(at: UnixMs): void;
}

export interface HostStateParts {
  /** To stay within one message. */
  readonly encodedBytes: (state: HostState) => number;
  readonly bytesMax: number;
  /** Above any that an earlier run of this agent gave. */
  readonly firstRevision: number;
}

export function createHostStates(parts: HostStateParts): HostStates {
  let current: HostState | null = null;
  let currentKey = "";
  let seen: readonly unknown[] = [];
  let nextRevision = parts.firstRevision;
  return {
    current: () => current,
    observe(facts, extra, at) {
      // Mostly nothing was said anew: then the same objects are here as the last time.
      const said = facts.flatMap(partsOf).concat(extra);
      if (current !== null && isSame(said, seen)) return false;
      seen = said;
      const collectors = facts.map(({ outcome }) => outcome);
      const identity = mergeIdentity(facts);
      // First, so that no limit cuts them off: without them a part looks as if it were gone.
      const absences = componentsFirst([
        ...notLookedYet(facts),
        ...facts.flatMap(absencesOf),
        ...extra,
      ]);
      const powerSource = findPowerSource(facts);
      const boot =
        facts.find(({ discovery }) => discovery?.boot !== undefined)?.discovery?.boot ?? null;
      const key = JSON.stringify([
        collectors.map(withoutMeasures),
        identity,
        absences,
        powerSource,
        boot,
      ]);
      if (current !== null && key === currentKey) return false;
      currentKey = key;
      const whole: HostState = {
        revision: nextRevision,
        observedMs: at,
        identity,
        collectors: collectors.slice(0, wireLimits.collectorsPerStateMax),
        absences: absences.slice(0, wireLimits.absencesPerStateMax),
        powerSource,
        boot,
      };
      nextRevision += 1;
      current = cutToFit(whole, parts);
      return true;
    },
    renew(at) {
      if (current === null) return;
      current = { ...current, revision: nextRevision, observedMs: at };
      nextRevision += 1;
    },
  };
}

/** The first subject that knows a fact has the say; a part that several subjects know is one part. */
export function mergeIdentity(facts: readonly SubjectFacts[]): Identity {
  const merged: Record<string, unknown> = { ...unknownIdentity };
  const lists = facts.flatMap(({ outcome, discovery }) =>
    sourcedParts(outcome.subject, discovery?.identity?.components ?? []),
  );
  for (const { discovery } of facts) {
    for (const [field, value] of Object.entries(discovery?.identity ?? {})) {
      if (field in unknownIdentity && merged[field] === null) merged[field] = value ?? null;
    }
  }
  return {
    ...unknownIdentity,
    ...merged,
    components: mergeComponents(lists),
  };
}

function absencesOf({ discovery, problem }: SubjectFacts): readonly Absence[] {
  return [...(discovery?.absences ?? []), ...(problem?.absences ?? [])];
}

/** Subjects that know components of the host. */
const componentSubjects: readonly string[] = [
  "identity",
  "parts",
  "smart",
  "raid",
  "ipmi",
  "gpu",
  "links",
];

/**
 * A part that no subject has looked for yet is not gone: whoever compares states must know, or a
 * restart of the agent takes away every part that is found slowly.
 */
function notLookedYet(facts: readonly SubjectFacts[]): readonly Absence[] {
  const waiting = facts.filter(
    ({ outcome, discovery }) => discovery === null && componentSubjects.includes(outcome.subject),
  );
  if (waiting.length === 0) return [];
  const names = waiting.map(({ outcome }) => outcome.subject).join(", ");
  return [
    {
      what: "components",
      attributes: [],
      reason: "not-yet-collected",
      detail: `${names}: the first look is not through yet`,
    },
  ];
}

function findPowerSource(facts: readonly SubjectFacts[]): string | null {
  for (const { discovery } of facts) {
    if (discovery?.powerSource != null) return discovery.powerSource;
  }
  return null;
}

/** All that a subject said and that `observe` looks at. */
function partsOf({ outcome, discovery, problem }: SubjectFacts): readonly unknown[] {
  return [...withoutMeasures(outcome), discovery, discovery?.revision, problem];
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

function withoutMeasures(outcome: CollectorOutcome): readonly string[] {
  return [outcome.subject, outcome.outcome, outcome.detail];
}

function componentsFirst(absences: readonly Absence[]): readonly Absence[] {
  const isOfComponents = ({ what }: Absence): boolean => what.startsWith("components");
  return [
    ...absences.filter(isOfComponents),
    ...absences.filter((absence) => !isOfComponents(absence)),
  ];
}

/**
 * Leaves out absences from the end, all but those of components, then components, until the state
 * fits into one message; that parts were left out is an absence, or they would look gone.
 */
function cutToFit(state: HostState, parts: HostStateParts): HostState {
  const kept = state.absences.filter(({ what }) => what.startsWith("components")).length;
  let fitting = state;
  while (parts.encodedBytes(fitting) > parts.bytesMax) {
    const { absences, identity } = fitting;
    const half = Math.floor(identity.components.length / 2);
    if (absences.length > kept + 1) {
      const left = Math.max(kept, Math.floor(absences.length / 2));
      fitting = { ...fitting, absences: absences.slice(0, left) };
    } else if (identity.components.length > 0) {
      const components = identity.components.slice(0, half);
      fitting = {
        ...fitting,
        absences: [leftOut(half, state.identity.components.length)],
        identity: { ...identity, components },
      };
    } else return fitting;
  }
  return fitting;
}

function leftOut(told: number, known: number): Absence {
  return {
    what: "components",
    attributes: [],
    reason: "not-supported",
    detail: `${told} of ${known} parts are told: more do not fit into one message`,
  };
}
