import { type Component, type ComponentKind, unknownComponent } from "#proto/messages/state.ts";
import { isPlaceholder } from "#proto/vocabulary/placeholder.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { isInventedSlot, isSameSerial, slotKey } from "./parts-same.ts";

/**
 * Who says that a part is there: `smart` the drive itself, `raid` its controller's tool, `gpu` the
 * card's tool, `links` and `sysfs` the kernel, `fru` the memory chip on the part, `bmc` the
 * controller's own answer, `dmi` the firmware's table, `lshw` and `library` those who read the others.
 */
export type PartSource =
  | "smart"
  | "raid"
  | "gpu"
  | "links"
  | "sysfs"
  | "fru"
  | "bmc"
  | "dmi"
  | "lshw"
  | "library";

export interface SourcedParts {
  readonly source: PartSource;
  readonly components: readonly Component[];
}

/**
 * Every part once, however many sources know it. Two are one part where kind and serial agree, or
 * kind and slot with no serial against it; boards and BMCs are one of a kind. Of two that agree each
 * field comes from the source that stands first for the kind and has it (`sourceOrder`): the part
 * itself before who asked it, and both before the firmware's table, which is of the last boot. Parts
 * of one source are never taken for each other by slot, and by serial only where many paths lead to
 * one part (disks, controllers). In a slot with a name of its own the better source's serial stands and
 * the other part is gone; one whose place is only a number (`psu0`) is taken for one of those known
 * where the better source knows as many. The answer does not depend on the order of the lists.
 */
export function mergeComponents(lists: readonly SourcedParts[]): readonly Component[] {
  const merged: Component[] = [];
  for (const kind of kinds) {
    const order = sourceOrder[kind];
    const ofKind = lists
      .map(({ source, components }) => ({
        rank: order.includes(source) ? order.indexOf(source) : order.length + rest.indexOf(source),
        source,
        parts: components.filter((part) => part.kind === kind),
      }))
      .filter(({ source }, _, all) => {
        const original = echoes[source];
        return !all.some((list) => list.source === original && list.parts.length > 0);
      })
      .sort((a, b) => a.rank - b.rank);
    merged.push(...mergeKind(kind, ofKind));
  }
  return merged.slice(0, wireLimits.componentsPerStateMax);
}

/** The parts that a subject names, with who says so. */
export function sourcedParts(
  subject: string,
  components: readonly Component[],
): readonly SourcedParts[] {
  const sources = subjectSources[subject] ?? { other: "sysfs" };
  const bySource = Map.groupBy(components, ({ kind }) => sources[kind] ?? sources.other);
  return [...bySource].map(([source, parts]) => ({ source, components: parts }));
}

const subjectSources: Readonly<
  Record<string, { readonly [Kind in ComponentKind]?: PartSource } & { readonly other: PartSource }>
> = {
  identity: { dimm: "library", other: "sysfs" },
  parts: { other: "dmi" },
  smart: { other: "smart" },
  raid: { other: "raid" },
  ipmi: { bmc: "bmc", other: "fru" },
  gpu: { other: "gpu" },
  links: { other: "links" },
};

interface RankedParts {
  readonly source: PartSource;
  readonly parts: readonly Component[];
}

interface Entry {
  part: Component;
  slotSource: PartSource;
  readonly sources: Set<PartSource>;
}

function mergeKind(kind: ComponentKind, lists: readonly RankedParts[]): readonly Component[] {
  const entries: Entry[] = [];
  const bySerial = new Map<string, Entry[]>();
  const bySlot = new Map<string, Entry>();
  const add = (part: Component, list: RankedParts): void => {
    const entry = { part, slotSource: list.source, sources: new Set([list.source]) };
    entries.push(entry);
    remember(entry);
  };
  const remember = (entry: Entry): void => {
    if (!bySlot.has(slotKey(entry.part))) bySlot.set(slotKey(entry.part), entry);
    for (const key of serialKeys(entry.part)) {
      const known = bySerial.get(key);
      if (known === undefined) bySerial.set(key, [entry]);
      else if (!known.includes(entry)) known.push(entry);
    }
  };
  const join = (entry: Entry, part: Component, list: RankedParts): void => {
    entry.part = joined(entry.part, part);
    if (slotRank(kind, list.source) < slotRank(kind, entry.slotSource)) {
      entry.part = { ...entry.part, slot: part.slot };
      entry.slotSource = list.source;
    }
    entry.sources.add(list.source);
    remember(entry);
  };
  const isFree = (entry: Entry, list: RankedParts): boolean => !entry.sources.has(list.source);
  const withSerialOf = (part: Component, list: RankedParts): Entry | undefined =>
    serialKeys(part)
      .flatMap((key) => bySerial.get(key) ?? [])
      .find(
        (candidate) =>
          isSameSerial(candidate.part.serial, part.serial) &&
          (isFree(candidate, list) ||
            (hasManyPaths.has(kind) && isSameModel(candidate.part, part))),
      );

  for (const list of lists) {
    const others = entries.filter((entry) => isFree(entry, list));
    const left: Component[] = [];
    for (const part of list.parts) {
      const entry = withSerialOf(part, list);
      if (entry === undefined) left.push(part);
      else join(entry, part, list);
    }
    const unplaced: Component[] = [];
    for (const part of left) {
      const entry = bySlot.get(slotKey(part));
      const isTaken = entry !== undefined && isFree(entry, list);
      if (isTaken && !contradicts(entry.part, part)) join(entry, part, list);
      // The better source has read another serial in this very place.
      else if (isTaken && !isInventedSlot(part)) continue;
      else unplaced.push(part);
    }
    for (const part of unplaced) {
      const [only] = others;
      const isOneOfAKind = singular.has(kind) && list.parts.length === 1 && others.length === 1;
      if (isOneOfAKind && only !== undefined && !contradicts(only.part, part))
        join(only, part, list);
      else if (isInventedSlot(part) && others.length >= list.parts.length) continue;
      else {
        const path = hasManyPaths.has(kind) ? withSerialOf(part, list) : undefined;
        if (path === undefined) add(part, list);
        else join(path, part, list);
      }
    }
  }
  return withDistinctSlots(entries);
}

/** Fields of the first, those it lacks from the second. */
function joined(first: Component, second: Component): Component {
  const fields = Object.keys(unknownComponent) as (keyof Component)[];
  return Object.fromEntries(
    fields.map((field) => [field, first[field] ?? second[field]]),
  ) as unknown as Component;
}

/** Cheap bridges give every drive behind them one serial; the model then tells the drives apart. */
function isSameModel(a: Component, b: Component): boolean {
  return a.model === null || b.model === null || a.model === b.model;
}

function contradicts(a: Component, b: Component): boolean {
  return a.serial !== null && b.serial !== null && !isSameSerial(a.serial, b.serial);
}

/** Ports of one card share its serial: for them it is no name. */
function serialKeys({ kind, serial }: Component): readonly string[] {
  if (serial === null || kind === "nic" || isPlaceholder(serial)) return [];
  return [serial, ...serial.split(".")].filter((key) => key !== "").map((key) => key.toLowerCase());
}

/** Two parts in one slot, by sources that disagree, are told apart by who says so. */
function withDistinctSlots(entries: readonly Entry[]): readonly Component[] {
  const taken = new Set<string>();
  return entries.map(({ part, slotSource }) => {
    let slot = part.slot;
    for (let turn = 1; taken.has(slot); turn += 1)
      slot = `${part.slot} (${slotSource}${turn === 1 ? "" : ` ${turn}`})`;
    taken.add(slot);
    return slot === part.slot ? part : { ...part, slot };
  });
}

/** A disk is called as the kernel calls it; every other part as its best source does. */
function slotRank(kind: ComponentKind, source: PartSource): number {
  if (kind !== "disk") return 0;
  return source === "sysfs" ? 0 : 1;
}

/** Who only reads what another says, and calls the places differently: heard where that one is silent. */
const echoes: Readonly<Partial<Record<PartSource, PartSource>>> = { library: "dmi" };

const rest: readonly PartSource[] = [
  "smart",
  "raid",
  "gpu",
  "links",
  "sysfs",
  "fru",
  "bmc",
  "dmi",
  "lshw",
  "library",
];

/** For each kind the sources whose word counts, best first; those not named follow as in `rest`. */
export const sourceOrder: Readonly<Record<ComponentKind, readonly PartSource[]>> = {
  disk: ["smart", "raid", "sysfs", "lshw"],
  nic: ["links", "sysfs", "lshw", "fru"],
  dimm: ["dmi", "fru", "library", "lshw"],
  psu: ["fru", "bmc", "dmi", "lshw"],
  gpu: ["gpu", "sysfs", "lshw"],
  bmc: ["bmc", "fru", "dmi"],
  board: ["dmi", "fru", "sysfs", "lshw"],
  cpu: ["dmi", "sysfs", "lshw", "fru"],
  controller: ["raid", "sysfs", "lshw"],
  unspecified: [],
};

const kinds = Object.keys(sourceOrder) as ComponentKind[];
const hasManyPaths: ReadonlySet<ComponentKind> = new Set(["disk", "controller"]);
const singular: ReadonlySet<ComponentKind> = new Set(["board", "bmc"]);
