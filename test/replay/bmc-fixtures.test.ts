import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replayProbe } from "#fleet/bmc/probe.ts";
import { recordingFiles } from "#fleet/bmc/probe-recording.ts";

/** Every recorded conversation with a BMC, read again, against what a person read in it. */
const root = join(import.meta.dirname, "../../hardware-fixtures/bmcs");

interface ExpectedFacts {
  readonly facts: readonly { readonly path: string; readonly is: unknown }[];
}

describe.each(readdirSync(root).sort())("bmcs/%s", (name) => {
  const folder = join(root, name);

  test("is read as a person reads it", async () => {
    const expected = JSON.parse(
      readFileSync(join(folder, "expected/facts.json"), "utf8"),
    ) as ExpectedFacts;
    expect(expected.facts.length).toBeGreaterThanOrEqual(10);
    const files = new Map(
      recordingFiles
        .filter((file) => existsSync(join(folder, file)))
        .map((file) => [file, readFileSync(join(folder, file), "utf8")]),
    );
    const report = await replayProbe(files);
    const found = expected.facts.map(({ path }) => ({ path, is: valueAt(report, path) }));
    expect(found).toEqual(expected.facts);
  });
});

function valueAt(answer: unknown, path: string): unknown {
  let value: unknown = answer;
  for (const step of path.split(/(?<!\\)\./).map((part) => part.replaceAll("\\.", "."))) {
    if (typeof value !== "object" || value === null) return null;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value ?? null;
}
