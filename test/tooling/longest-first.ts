import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { repositoryRoot } from "./places.ts";

/**
 * Files that take ten seconds or more, with how many on two cores. Most of them wait for programs,
 * guests and intervals: begun first, they wait beside what computes, and none is left over at the
 * end. A file that is not here runs after them; figures that are out of date cost time, nothing else.
 */
export const secondsOfLongFiles: Readonly<Record<string, number>> = {
  "test/real/drain-units.test.ts": 450,
  "test/real/guest-recording.test.ts": 190,
  "test/real/kill-manager.test.ts": 180,
  "test/real/console.test.ts": 110,
  "test/real/package.test.ts": 60,
  "test/real/console-states.test.ts": 55,
  "test/real/console-federation.test.ts": 40,
  "test/real/console-people.test.ts": 30,
  "test/real/console-plans.test.ts": 30,
  "test/real/console-reports.test.ts": 25,
  "test/real/drive-warning.test.ts": 22,
  "test/real/console-inbox.test.ts": 20,
  "test/real/wild-clock.test.ts": 14,
  "test/simulation/planted/planted.test.ts": 103,
  "test/end-to-end/start-killed.test.ts": 100,
  "test/end-to-end/start.test.ts": 70,
  "test/end-to-end/kill-manager.test.ts": 48,
  "test/end-to-end/serve.test.ts": 47,
  "test/end-to-end/federation.test.ts": 42,
  "test/end-to-end/drain.test.ts": 35,
  "test/end-to-end/agent-program.test.ts": 30,
  "test/fuzz/fuzz.test.ts": 29,
  "test/end-to-end/host-orders.test.ts": 28,
  "test/simulation/hosts/hosts.test.ts": 28,
  "test/end-to-end/demo.test.ts": 24,
  "test/simulation/fleet/fleet.test.ts": 21,
  "test/end-to-end/enroll.test.ts": 21,
  "test/end-to-end/postgres.test.ts": 10,
};

/** The order of vitest's files: those that take long, longest first, then the others as vitest likes. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((left, right) => secondsOf(right) - secondsOf(left));
  }
}

function secondsOf(file: TestSpecification): number {
  return secondsOfLongFiles[relative(repositoryRoot, file.moduleId)] ?? 0;
}
