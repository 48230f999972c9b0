import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FuzzFailure } from "./run-target.ts";

/** An input that once failed: kept/TARGET-HASH.json. JSON, for texts hold what UTF-8 cannot. */
export interface KeptInput {
  readonly target: string;
  /** What was wrong when it was kept. */
  readonly why: string;
  readonly text: string;
}

const keptFolder = join(import.meta.dirname, "kept");

export function readKeptInputs(): readonly KeptInput[] {
  return readdirSync(keptFolder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(keptFolder, name), "utf8")) as KeptInput);
}

/** Writes the input down, to be committed with what mends it. Answers the file's name. */
export function keepInput({ target, why, text }: FuzzFailure): string {
  const hash = createHash("sha256").update(JSON.stringify(text)).digest("hex").slice(0, 12);
  const name = `${target.replace(/[^A-Za-z0-9]+/g, "-")}-${hash}.json`;
  const kept: KeptInput = { target, why, text };
  if (!existsSync(keptFolder)) mkdirSync(keptFolder);
  writeFileSync(join(keptFolder, name), `${JSON.stringify(kept, null, 2)}\n`);
  return `test/fuzz/kept/${name}`;
}
