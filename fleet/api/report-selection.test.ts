import { expect, test } from "vitest";
import { capacityFigures } from "#fleet/reports/capacity-figures.ts";
import { hostRecord } from "#test/support/inventory-builders.ts";
import { operationRecord } from "#test/support/life-builders.ts";
import { reportFleet, reportHost } from "#test/support/report-facts.ts";
import { readReportSelector } from "./report-selection.ts";

const operation = operationRecord(1);

test.each([
  ["state=draining", true],
  ["state=active", false],
  ["state=drained", false],
])(
  "%s means the same of a host that is drained now and of the figures that are kept of it",
  (text, isMeant) => {
    const record = hostRecord(1, {
      phase: "active",
      op: {
        id: operation.id,
        kind: "drain",
        step: "cordon",
        epoch: 1,
        isPaused: false,
        deadlineMs: null,
      },
    });
    const host = reportHost(1, {
      record,
      life: { ...reportHost(1).life, lifecycle: "draining" },
    });
    const selector = readReportSelector(text);
    if (!selector.ok) throw new Error(selector.problem.words);
    const [atom] = capacityFigures(reportFleet([host], [])).atoms;
    if (atom === undefined) throw new Error("no figures");
    expect(selector.value.matches(host)).toBe(isMeant);
    expect(selector.value.matchesAtom?.(atom)).toBe(isMeant);
  },
);
