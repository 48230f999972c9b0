import type { CapacityAtom } from "#fleet/reports/capacity-figures.ts";
import { type HostFacts, unclassed, unplaced } from "#fleet/reports/fleet-facts.ts";
import { operationWords } from "#fleet/lifecycle/lifecycle-word.ts";
import type { ReportRefusal } from "#fleet/reports/report.ts";
import type { ReportSelector } from "#fleet/reports/report-desk.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isRegion } from "#proto/vocabulary/position.ts";
import { parseSelector, type Selectable } from "./host-selection.ts";
import { ApiError } from "./problems.ts";

/** Of a kept day only what stands in its figures can be asked for. */
const keptKeys = ["region", "site", "row", "rack", "class", "state"];

/** The selector of hosts, for reports: of the hosts as they are now, and of a kept day's figures. */
export function readReportSelector(text: string): Result<ReportSelector, ReportRefusal> {
  try {
    const isMatch = parseSelector(text);
    const isOfKept = text
      .split(",")
      .every(
        (part) => part.includes("=") && keptKeys.includes(part.split("=", 1)[0]?.trim() ?? ""),
      );
    return ok({
      matches: (host) => isMatch(selectableHost(host)),
      matchesAtom: isOfKept ? (atom) => isMatch(selectableAtom(atom)) : null,
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message: words, hint } = error;
    return fail({ kind: "bad-selector", words, hint });
  }
}

function selectableHost({ record, feeds, life, link, verdict }: HostFacts): Selectable {
  const { id, name, position, hardwareClass, simulated, tags } = record;
  return {
    id,
    name,
    position,
    feeds,
    hardwareClass,
    simulated,
    tags,
    lifecycle: life.lifecycle,
    link: { state: link },
    health: { verdict },
  };
}

/** The word that a list shows; figures of another release may have words that this one does not know. */
function lifecycleOf({ phase, doing }: CapacityAtom): string {
  const word: string | null = Object.hasOwn(operationWords, doing)
    ? operationWords[doing as keyof typeof operationWords]
    : null;
  return word ?? phase;
}

function selectableAtom(atom: CapacityAtom): Selectable {
  const { region, site, row, rack } = atom;
  return {
    id: "",
    name: "",
    position: site === unplaced || !isRegion(region) ? null : { region, site, row, rack, unit: 1 },
    feeds: [],
    hardwareClass: atom.class === unclassed ? null : atom.class,
    simulated: false,
    tags: [],
    lifecycle: lifecycleOf(atom),
    link: { state: "never" },
    health: { verdict: "unknown" },
  };
}
