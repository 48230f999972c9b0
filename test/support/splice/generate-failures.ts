import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failureTimelines } from "./failure-timelines.ts";
import { recordFailure } from "./record-failure.ts";

/** `node test/support/splice/generate-failures.ts [DIR]` makes hardware-fixtures/failures anew. */
const into = process.argv[2] ?? join(import.meta.dirname, "../../../hardware-fixtures/failures");
mkdirSync(into, { recursive: true });
for (const timeline of failureTimelines) {
  rmSync(join(into, timeline.name), { recursive: true, force: true });
  process.stdout.write(`${await recordFailure(timeline, into)}\n`);
}
