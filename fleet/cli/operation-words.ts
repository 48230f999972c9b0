import type { Operation } from "#fleet/api/operation-schemas.ts";
import { exitLine, whyLine } from "./why-words.ts";
import { utcWords, notSeen, span } from "./words.ts";

type Line = readonly [string, string];

/** An operation as lines: its steps with what was seen, where it stands, what it waits for. */
export function operationLines(operation: Operation, nowMs: number): readonly Line[] {
  const { status, step, why, deadlineMs, endedMs } = operation;
  return [
    ["operation", operation.id],
    ["host", operation.host],
    [
      "what",
      `${operation.kind}, epoch ${operation.epoch}, by ${operation.by}: ${operation.reason}`,
    ],
    ["status", statusWords(operation, nowMs)],
    ...operation.history.map(
      (end): Line => [
        `  ${end.step}`,
        `${end.outcome} in ${span(end.endedMs - end.startedMs)}: ${end.evidence}`,
      ],
    ),
    ...(endedMs === null
      ? [
          [
            `  ${step}`,
            `${stepWords[operation.stepState] ?? operation.stepState} ${span(nowMs - operation.stepSinceMs)}`,
          ] as const,
        ]
      : []),
    ...(deadlineMs === null || endedMs !== null
      ? []
      : [["deadline", utcWords(deadlineMs)] as const]),
    ...(endedMs === null || status === "failed" ? waitLines(why) : []),
    ...remainingLines(operation),
    ["plan", operation.planId ?? notSeen],
  ];
}

/** What is written and what is done alternate; people read how long a step is about it. */
const stepWords: Readonly<Record<string, string>> = {
  between: "begins, for",
  intent: "is being done, for",
  waiting: "waiting for",
};

export function statusWords(operation: Operation, nowMs: number): string {
  const { status, startedMs, endedMs } = operation;
  if (endedMs !== null) return `${status} after ${span(endedMs - startedMs)}`;
  return status === "paused"
    ? `paused: it waits for a person, begun ${span(nowMs - startedMs)} ago`
    : `${status} for ${span(nowMs - startedMs)}`;
}

function waitLines(whys: Operation["why"]): readonly Line[] {
  return whys.flatMap((why): readonly Line[] => {
    const exit = exitLine(why);
    const line: Line = ["waits for", whyLine(why)];
    return exit === null ? [line] : [line, ["  ends it", exit]];
  });
}

function remainingLines({ detail }: Operation): readonly Line[] {
  if (detail.kind !== "drain" || detail.remaining === null || detail.remaining.length === 0)
    return [];
  return [["still runs", detail.remaining.join(", ")]];
}
