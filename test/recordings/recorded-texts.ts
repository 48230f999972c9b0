import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeText } from "#agent/hardware/live-files.ts";
import { recordingsFolder } from "./recordings-folder.ts";

/** Names of all recorded files, those inside of trees too, below the folder of recordings. */
export function listRecordedFiles(): readonly string[] {
  return readdirSync(recordingsFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(recordingsFolder.length + 1))
    .sort();
}

/** Texts of the files whose name matches, as the agent's own door would give them. */
export function readRecordedTexts(files: readonly string[], form: RegExp): readonly string[] {
  const pattern = new RegExp(form.source, form.flags.replaceAll("g", ""));
  return files
    .filter((name) => pattern.test(name))
    .map((name) => decodeText(readFileSync(join(recordingsFolder, name))));
}
