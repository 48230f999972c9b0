import type { BmcProtocol } from "./bmc-driver.ts";
import type { BootQuirks } from "./boot-quirks.ts";
import type { BootLesson } from "./boot-state.ts";
import type { BootWay } from "./boot-wish.ts";

/** What starts have shown of one class at one firmware of its BMC: counts, for people and for order. */
export interface BootLearning {
  readonly class: string;
  readonly firmware: string;
  readonly ways: readonly {
    readonly protocol: BmcProtocol;
    readonly way: BootWay;
    readonly worked: number;
    readonly failed: number;
  }[];
}

export interface BootLearningStore {
  /** null: nothing was learnt yet. */
  read(hardwareClass: string): Promise<BootLearning | null>;
  write(learning: BootLearning): Promise<void>;
}

/** Another firmware is other hardware: what was learnt of the former is forgotten. */
export function learn(
  before: BootLearning | null,
  hardwareClass: string,
  firmware: string,
  lessons: readonly BootLesson[],
): BootLearning {
  const isSame = before?.class === hardwareClass && before.firmware === firmware;
  const ways = isSame ? [...before.ways] : [];
  for (const { protocol, way, hasWorked } of lessons) {
    const at = ways.findIndex((one) => one.protocol === protocol && one.way === way);
    const known = ways[at] ?? { protocol, way, worked: 0, failed: 0 };
    const next = {
      ...known,
      worked: known.worked + (hasWorked ? 1 : 0),
      failed: known.failed + (hasWorked ? 0 : 1),
    };
    if (at < 0) ways.push(next);
    else ways[at] = next;
  }
  return { class: hardwareClass, firmware, ways };
}

/** The table's word first, then what worked more often than not, the most successful first. */
export function quirksWith(
  table: BootQuirks,
  learning: BootLearning | null,
  firmware: string | null,
): BootQuirks {
  if (learning === null || firmware === null || learning.firmware !== firmware) return table;
  const good = learning.ways
    .filter(({ worked, failed }) => worked > failed)
    .toSorted((left, right) => right.worked - right.failed - (left.worked - left.failed));
  const isNamed = (one: { readonly protocol: BmcProtocol; readonly way: BootWay }): boolean =>
    table.ways.some(({ protocol, way }) => protocol === one.protocol && way === one.way);
  const learnt = good
    .filter((one) => !isNamed(one))
    .map(({ protocol, way }) => ({ protocol, way }));
  return { ...table, ways: [...table.ways, ...learnt] };
}
