import { type ReadProblem, rootMend, type ToolProblem } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import type { AbsenceReason } from "#proto/vocabulary/absence.ts";
import type { CollectProblem } from "./collector.ts";

export interface AbsenceRequest {
  /** Metric name or inventory field. */
  readonly what: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly reason: AbsenceReason;
  /** Names the path or tool, and the step that would mend it. */
  readonly detail: string;
}

export function absent(request: AbsenceRequest): Absence {
  const attributes = Object.entries(request.attributes ?? {})
    .map(([key, value]) => ({ key, value: value.slice(0, detailLengthMax) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    what: request.what,
    attributes,
    reason: request.reason,
    detail: request.detail.slice(0, detailLengthMax),
  };
}

/** The absence that follows from a read that failed; `mend` says what a person could do. */
export function absentByRead(
  what: string,
  problem: ReadProblem,
  mend: string,
  attributes: Readonly<Record<string, string>> = {},
): Absence {
  const errno = problem.errno === null ? "" : ` (${problem.errno})`;
  return absent({
    what,
    attributes,
    reason: readReasons[problem.kind],
    detail: `${problem.path}${errno}: ${problem.kind === "denied" ? rootMend : mend}`,
  });
}

/** The absence that follows from a tool that gave nothing; `debianPackage` brings the tool. */
export function absentByTool(what: string, problem: ToolProblem, debianPackage: string): Absence {
  const mend = problem.kind === "missing" ? `; apt install ${debianPackage}` : "";
  return absent({ what, reason: toolReasons[problem.kind], detail: `${problem.detail}${mend}` });
}

/** What a collection tells: null where nothing was missing. */
export function problemOf(absences: readonly Absence[]): CollectProblem | null {
  const [first] = absences;
  return first === undefined ? null : { detail: first.detail, absences };
}

const readReasons: Readonly<Record<ReadProblem["kind"], AbsenceReason>> = {
  missing: "no-kernel-interface",
  denied: "permission-denied",
  failed: "read-failed",
  "too-large": "unreadable-text",
};

const toolReasons: Readonly<Record<ToolProblem["kind"], AbsenceReason>> = {
  missing: "tool-missing",
  denied: "permission-denied",
  "timed-out": "timed-out",
  failed: "tool-failed",
};

/** What the wire allows in one string (wireLimits.stringBytesMax), minus room for wide letters. */
const detailLengthMax = 200;
