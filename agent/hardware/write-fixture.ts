import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Random } from "#proto/vocabulary/random.ts";
import { FixtureError, type FixtureFacts, fixtureBytesMax } from "./fixture-format.ts";
import type { RecordedFrame } from "./recording.ts";
import { jsonFile, renderFixture } from "./render-fixture.ts";
import { scanFixture } from "./scan-fixture.ts";
import { learnFromFrames } from "./scrub-answers.ts";
import { Scrubber } from "#proto/scrub/scrubber.ts";

/** What the recorder knows beside the frames; its texts are scrubbed like all others. */
export type FixtureDescription = Omit<
  FixtureFacts,
  "format" | "frames" | "denied" | "scrub" | "size" | "sha256"
>;

export interface WrittenFixture {
  readonly facts: FixtureFacts;
  /** Private facts replaced, by kind. */
  readonly replaced: Readonly<Record<string, number>>;
}

/**
 * Scrubs a recording and writes it to a new folder. Nothing is written before the scan has found
 * nothing; a finding is thrown as FixtureError NOT_CLEAN, naming the file and not the value.
 */
export function writeFixture(
  folder: string,
  description: FixtureDescription,
  recorded: readonly RecordedFrame[],
  random: Random,
): WrittenFixture {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new FixtureError("FIXTURE_BROKEN", `${folder} is not empty: record into a new folder`);
  const scrubber = new Scrubber(random);
  learnFromFrames(recorded, scrubber);
  const { files, frames, denied } = renderFixture(recorded, scrubber);
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (bytes > fixtureBytesMax)
    throw new FixtureError(
      "FIXTURE_BROKEN",
      `${bytes} bytes are more than the ${fixtureBytesMax} a fixture may have`,
    );
  const replaced = scrubber.counts();
  const facts: FixtureFacts = {
    format: 1,
    ...description,
    frames,
    denied,
    scrub: { version: scrubVersion, replaced, reviewedBy: null },
    size: { files: files.length, bytes },
    sha256: digestOf(files.map((file) => ({ path: file.path, bytes: file.bytes }))),
  };
  const all = [jsonFile("fixture.json", facts), ...files];
  const findings = scanFixture(all, scrubber);
  if (findings.length > 0)
    throw new FixtureError("NOT_CLEAN", `nothing was written: ${findings.slice(0, 8).join("; ")}`);
  for (const file of all) {
    const path = join(folder, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.bytes);
  }
  return { facts, replaced };
}

/** The digest that fixture.json must hold for the files that lie in the folder now. */
export function digestOfFolder(folder: string): {
  readonly sha256: string;
  readonly files: number;
  readonly bytes: number;
} {
  const files = readdirSync(join(folder, "frames"), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path), bytes: readFileSync(path) }));
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  return { sha256: digestOf(files), files: files.length, bytes };
}

function digestOf(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): string {
  const lines = files.map(
    ({ path, bytes }) => `${createHash("sha256").update(bytes).digest("hex")}  ${path}\n`,
  );
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}

/** Raised when the rules of scrubbing change; 2 is the first that this repository has. */
const scrubVersion = 2;
