import type { Component, ComponentKind, HostState } from "#proto/messages/state.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";

/** A component of a host as it was last seen, and since when. */
export interface KnownComponent {
  /** The same for one part over reboots, moves and names: see `componentKey`. */
  readonly key: string;
  readonly component: Component;
  readonly firstSeenMs: UnixMs;
  /** When the host first said that it is no longer there; null while it is. */
  readonly goneMs: UnixMs | null;
}

/** Something that is not as it was. `replaced`: the place holds another part now. */
export type ComponentChange =
  | { readonly kind: "added" | "returned" | "removed"; readonly component: Component }
  | { readonly kind: "replaced"; readonly before: Component; readonly component: Component }
  | {
      readonly kind: "changed";
      readonly before: Component;
      readonly component: Component;
      readonly fields: readonly ComponentField[];
    };

export type ComponentField = keyof Component;

export interface ComparedComponents {
  /** All that are known after this, those that are gone too. */
  readonly known: readonly KnownComponent[];
  readonly changes: readonly ComponentChange[];
}

/**
 * What a host's newest state says of its components against what was known. A part is gone only
 * when the agent looked and did not find it: kinds that an absence names (`components.dimm`, or
 * `components` for all) are left as they were. A field that is not told now keeps what it was, and
 * one that is told for the first time is no change. The first state of a host is its beginning.
 * Kinds that the agent has not looked for yet since it started are not compared at all, and a host
 * begins only when it has looked for all: what is found slowly was not put in a minute later.
 */
export function compareComponents(
  known: readonly KnownComponent[],
  state: HostState,
): ComparedComponents {
  const waiting = kindsNotLookedYet(state);
  if (waiting.has("all") || (known.length === 0 && waiting.size > 0)) return { known, changes: [] };
  const told = keyedComponents(state.identity.components.filter(({ kind }) => !waiting.has(kind)));
  const before = withLearnedSerials(known, told);
  const found = withKnownSerials(told, before);
  const after = new Map(before);
  const arrived: Component[] = [];
  const left: Component[] = [];
  const changes: ComponentChange[] = [];
  for (const [key, component] of found) {
    const old = before.get(key);
    if (old === undefined) {
      after.set(key, { key, component, firstSeenMs: state.observedMs, goneMs: null });
      arrived.push(component);
      continue;
    }
    const next = withKept(component, old.component);
    const fields = changedFields(old.component, next);
    after.set(key, { ...old, component: next, goneMs: null });
    if (old.goneMs !== null) changes.push({ kind: "returned", component: next });
    else if (fields.length > 0)
      changes.push({ kind: "changed", before: old.component, component: next, fields });
  }
  for (const old of before.values()) {
    if (old.goneMs !== null || found.has(old.key) || !isLookedFor(old.component.kind, state))
      continue;
    after.set(old.key, { ...old, goneMs: state.observedMs });
    left.push(old.component);
  }
  if (known.length > 0) changes.push(...pairReplaced(arrived, left));
  return { known: [...after.values()], changes };
}

/**
 * What names a part for its whole life: kind and serial, or world-wide name or MAC address; where
 * it has none of these, kind and place.
 */
export function componentKey(component: Component): string {
  const { kind, serial, address } = component;
  for (const text of [serial, address]) {
    if (text !== null && !isPlaceholder(text)) return `${kind}:${text.trim().toLowerCase()}`;
  }
  return placeKey(component);
}

function placeKey({ kind, slot }: Component): string {
  return `${kind}@${slot}`;
}

/** The names that it may have had before its serial was told, best first. */
function keysWithoutSerial(component: Component): readonly string[] {
  const key = componentKey({ ...component, serial: null });
  const place = placeKey(component);
  return key === place ? [place] : [key, place];
}

/** Two that would have one key (a serial that a maker used twice) are told apart by their place. */
function keyedComponents(components: readonly Component[]): ReadonlyMap<string, Component> {
  const keyed = new Map<string, Component>();
  for (const component of components) {
    const key = componentKey(component);
    const free = keyed.has(key) ? `${key}@${component.slot}` : key;
    if (!keyed.has(free)) keyed.set(free, component);
  }
  return keyed;
}

/** Whether the host would say so if a part of this kind were not there. */
export function isLookedFor(kind: ComponentKind, { absences }: HostState): boolean {
  return !absences.some(({ what }) => what === "components" || what === `components.${kind}`);
}

/** Kinds whose first look since the agent's start is not through; `all`: any of them. */
function kindsNotLookedYet({ absences }: HostState): ReadonlySet<string> {
  return new Set(
    absences
      .filter(({ reason }) => reason === "not-yet-collected")
      .flatMap(({ what }) =>
        what === "components" ? "all" : (/^components\.(\w+)$/.exec(what)?.[1] ?? []),
      ),
  );
}

/** Facts of a part that a person wants to hear of when they change. */
const watchedFields = [
  "slot",
  "firmware",
  "sizeBytes",
  "speedBitsPerSecond",
  "model",
  "partNumber",
  "parent",
  "neighbor",
] as const satisfies readonly ComponentField[];

/** The kernel gives these names anew at each boot: another name is no move. */
const namedByKernel: ReadonlySet<ComponentKind> = new Set(["disk", "nic", "gpu"]);

function changedFields(before: Component, after: Component): readonly ComponentField[] {
  return watchedFields.filter((field) => {
    if (field === "slot" && namedByKernel.has(after.kind)) return false;
    if (before[field] === null || after[field] === null) return false;
    return before[field] !== after[field];
  });
}

/**
 * Serials come late: a drive is asked for its own some time after the kernel has named it. A part
 * that was known by its place, and now tells its serial, is the same part under its better name.
 */
function withLearnedSerials(
  known: readonly KnownComponent[],
  told: ReadonlyMap<string, Component>,
): ReadonlyMap<string, KnownComponent> {
  const before = new Map(known.map((one) => [one.key, one]));
  for (const [key, component] of told) {
    if (before.has(key)) continue;
    const old = keysWithoutSerial(component)
      .flatMap((one) => before.get(one) ?? [])
      .find((one) => !told.has(one.key));
    if (old === undefined) continue;
    if (old.goneMs !== null || contradicts(old.component, component)) continue;
    before.delete(old.key);
    before.set(key, { ...old, key });
  }
  return before;
}

/** And one that does not tell its serial now is the one that was known by that address or place. */
function withKnownSerials(
  told: ReadonlyMap<string, Component>,
  before: ReadonlyMap<string, KnownComponent>,
): ReadonlyMap<string, Component> {
  const byOther = new Map<string, KnownComponent>();
  for (const one of before.values())
    if (one.goneMs === null)
      for (const key of keysWithoutSerial(one.component)) byOther.set(key, one);
  const found = new Map<string, Component>();
  for (const [key, component] of told) {
    const isUnnamed = keysWithoutSerial(component).includes(key) && !before.has(key);
    const old = isUnnamed ? byOther.get(key) : undefined;
    const isSame =
      old !== undefined && !told.has(old.key) && !contradicts(old.component, component);
    found.set(isSame ? old.key : key, component);
  }
  return found;
}

function contradicts(left: Component, right: Component): boolean {
  return (["model", "sizeBytes", "partNumber"] as const).some(
    (field) => left[field] !== null && right[field] !== null && left[field] !== right[field],
  );
}

function withKept(found: Component, known: Component): Component {
  const kept: Record<string, unknown> = { ...found };
  for (const [field, value] of Object.entries(known)) kept[field] ??= value;
  return kept as unknown as Component;
}

/** One that came into the place of one that left is one change, not two. */
function pairReplaced(
  arrived: readonly Component[],
  left: readonly Component[],
): readonly ComponentChange[] {
  const waiting = [...left];
  const changes = arrived.map((component): ComponentChange => {
    const index = waiting.findIndex(
      (one) => one.kind === component.kind && one.slot === component.slot,
    );
    const [before] = index < 0 ? [] : waiting.splice(index, 1);
    return before === undefined
      ? { kind: "added", component }
      : { kind: "replaced", before, component };
  });
  return [...changes, ...waiting.map((component) => ({ kind: "removed", component }) as const)];
}
