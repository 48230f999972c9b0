import { expect, test } from "vitest";
import { hostIdOf, hostRecord } from "#test/support/inventory-builders.ts";
import { reportFleet, reportHost } from "#test/support/report-facts.ts";
import { virtualStartMs } from "#test/support/virtual-clock.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { FailureEvent } from "./failure-figures.ts";
import { type FailuresAsk, failuresReport } from "./failures-report.ts";
import type { Report } from "./report.ts";

const hourMs = 3_600_000;
const fromMs = virtualStartMs + hourMs;
const event = (number: number, what: FailureEvent["what"], detail: string): FailureEvent => ({
  hostId: hostIdOf(number),
  atMs: fromMs + 1,
  what,
  detail,
});

function report(differs: Partial<FailuresAsk> = {}): Report {
  const facts = reportFleet(
    [
      reportHost(1, { verdict: "failing" }),
      reportHost(2),
      reportHost(3, {
        record: hostRecord(3, { createdMs: unixMs(fromMs + 10) }),
        verdict: "unknown",
      }),
    ],
    [],
  );
  const made = failuresReport({
    facts,
    selected: facts.hosts,
    selector: null,
    group: null,
    events: [
      event(1, "reboot", "kernel-panic"),
      event(1, "reboot", "kernel-panic"),
      event(2, "reboot", "kernel-panic"),
      event(2, "component", "disk replaced"),
      event(9, "reboot", "watchdog"),
    ],
    cutSinceMs: new Map([[hostIdOf(2), fromMs + 5]]),
    fromMs,
    toMs: fromMs + hourMs,
    isNow: true,
    madeMs: fromMs + hourMs,
    ...differs,
  });
  if (!made.ok) throw new Error(made.problem.words);
  return made.value;
}

test("counts how often and on how many hosts, and who is not known for the whole window", () => {
  const place = { site: "unplaced", class: "unclassed", hosts: 3, covered_hosts: 1 };
  expect(report().rows).toEqual([
    { ...place, what: "component", detail: "disk replaced", events: 1, failed_hosts: 1 },
    { ...place, what: "reboot", detail: "kernel-panic", events: 3, failed_hosts: 2 },
    { ...place, what: "verdict", detail: "failing now", events: 1, failed_hosts: 1 },
    { ...place, what: "verdict", detail: "unknown now", events: 1, failed_hosts: 1 },
  ]);
  expect(report().coverage.share).toBeCloseTo(1 / 3);
});

test("of the past it tells no verdicts, and says that they are not kept", () => {
  const past = report({ isNow: false });
  expect(past.rows.map((row) => row["what"])).toEqual(["component", "reboot"]);
  expect(past.notes.join(" ")).toContain("verdicts of the past are not kept");
});
