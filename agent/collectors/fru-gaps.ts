import type { ToolAnswer } from "#agent/hardware/hardware-source.ts";
import { isSupply, suppliesOfFru } from "./fru-components.ts";
import type { FruUnit } from "./fru.ts";

/** What an answer of `ipmitool fru print` leaves open, in words; null: nothing. */
export interface FruGaps {
  /** Why records may be missing that the BMC has: the tool ended before it had named them all. */
  readonly cut: string | null;
  /** A supply that is named, and of which the BMC did not say that it is not there. */
  readonly silentSupply: string | null;
}

/**
 * ipmitool ends with 1 when the *last* record could not be printed, which some BMCs have always, or
 * when it gave up before the end. The first is told by that record itself: it has an error, or
 * nothing. Without a code it may still have lost its place in the list of records, and says so on
 * stderr.
 */
export function findFruGaps(
  units: readonly FruUnit[],
  { exitCode, stderr }: Pick<ToolAnswer, "exitCode" | "stderr">,
): FruGaps {
  const last = units.at(-1);
  const isExplained = exitCode === 1 && last !== undefined && saidNothing(last);
  const lost = stderr.split("\n", stderrLinesMax).find((line) => lostForm.test(line.slice(0, 200)));
  const cut =
    lost !== undefined
      ? `ipmitool fru print: ${lost.trim().slice(0, 100)}`
      : exitCode === 0 || isExplained
        ? null
        : `ipmitool fru print ended with ${exitCode} after ${last?.name ?? "no record"}`;
  const silent = units.find((unit) => isSupply(unit) && isSilent(unit));
  const silentSupply =
    silent === undefined
      ? null
      : `ipmitool fru print: ${silent.name}: ${silent.problem ?? "no answer"}`;
  return { cut, silentSupply };
}

/** The last record's own trouble, after which there is nothing more to print. */
function saidNothing(unit: FruUnit): boolean {
  return unit.problem !== null || !unit.hasFields;
}

/** A bay is empty where the BMC knows of no record; a record that could not be read says nothing. */
function isSilent(unit: FruUnit): boolean {
  if (suppliesOfFru([unit]).length > 0) return false;
  if (unit.problem === null) return !unit.hasFields;
  return !emptyForm.test(unit.problem);
}

/** Completion codes 0xc9, 0xcb, 0xcc of Get FRU Inventory Area Info, as ipmitool writes them. */
const emptyForm = /not present \((?:requested sensor|parameter out of range|invalid data field)/i;
const lostForm =
  /SDR.*(?:fail|unable|error|cancel)|(?:unable|fail|error).*SDR|reservation|timed? ?out|Get Device ID/i;
const stderrLinesMax = 256;
