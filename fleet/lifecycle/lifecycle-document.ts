import { phases } from "#fleet/inventory/host-record.ts";
import { operationKinds } from "#fleet/inventory/running-operation.ts";
import { type HoldKind, holdKinds } from "./hold.ts";
import type { NextPhase, OperationRow } from "./operation-row.ts";
import { operationTable } from "./operation-table.ts";
import { holdBlocks, holdWords, type Verb, verbs } from "./verbs.ts";

/** What docs/host-lifecycle.md shows between its marks; a test holds them equal. */
export function writeLifecycleTables(): string {
  return [diagram(), pairs(), outcomes(), holds()].join("\n\n");
}

const rows = operationKinds.map((kind): readonly [string, OperationRow] => [
  kind,
  operationTable[kind],
]);

/** Mermaid: one arrow for each change of phase, with the operations that make it. */
function diagram(): string {
  const arrows = new Map<string, string[]>();
  const note = (from: string, next: string, kind: string): void => {
    const arrow = `${from} --> ${next}`;
    arrows.set(arrow, [...(arrows.get(arrow) ?? []), kind]);
  };
  for (const [kind, row] of rows) {
    if (row.fromPending !== null) note("pending", row.fromPending, kind);
    for (const phase of phases) {
      const pair = row.pairs[phase];
      if (!pair.isAllowed) continue;
      if (pair.to === "before") note(phase, "before", kind);
      else if (pair.to !== "same" && pair.to !== phase) note(phase, pair.to, kind);
      if (row.failure.to === "quarantined" && phase !== "quarantined")
        note(phase, "quarantined", `${kind} failed`);
    }
  }
  const lines = [...arrows].map(([arrow, kinds]) => `    ${arrow} : ${kinds.join(", ")}`);
  return [
    "```mermaid",
    "stateDiagram-v2",
    "    before : where it was before",
    ...lines,
    "```",
  ].join("\n");
}

function pairs(): string {
  const heads = ["operation", "pending", ...phases];
  const cell = (next: NextPhase | null): string =>
    next === null ? "" : next === "same" ? "stays" : next;
  const body = rows.map(([kind, row]) => [
    `\`${kind}\``,
    cell(row.fromPending),
    ...phases.map((phase) => {
      const pair = row.pairs[phase];
      return pair.isAllowed ? cell(pair.to) : "";
    }),
  ]);
  return table(heads, body);
}

function outcomes(): string {
  return table(
    ["operation", "class", "is to", "succeeds when", "on failure or timeout", "takes at most"],
    rows.map(([kind, row]) => [
      `\`${kind}\``,
      row.class,
      row.says,
      row.success,
      row.failure.words,
      row.deadlineMs === null ? "as asked" : `${row.deadlineMs / 60_000} min`,
    ]),
  );
}

function holds(): string {
  const blocked = (kind: HoldKind): string =>
    verbs
      .filter((verb: Verb) => holdBlocks[kind][verb] !== undefined)
      .map((verb) => `\`${verb}\``)
      .join(", ");
  return table(
    ["hold", "means", "forbids"],
    holdKinds.map((kind) => [`\`${kind}\``, holdWords[kind], blocked(kind)]),
  );
}

function table(heads: readonly string[], body: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => "---"), ...body]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}
