import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** Where the recordings of other people's machines lie: WWS_RECORDINGS, or beside the checkout. */
export const recordingsFolder = resolve(
  process.env["WWS_RECORDINGS"] ?? join(import.meta.dirname, "../../../shared/hardware-recordings"),
);

/** What PROVENANCE.json names, by kind: a tree ends in `/`. Throws where the folder is not there. */
export function listRecordings(): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(recordingsFolder, "PROVENANCE.json"), "utf8");
  } catch {
    throw new Error(
      `no recordings in ${recordingsFolder}: set WWS_RECORDINGS to the folder that holds PROVENANCE.json`,
    );
  }
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows)) throw new Error("PROVENANCE.json is no list");
  return rows.map((row: unknown) => {
    if (typeof row === "object" && row !== null && "dest" in row && typeof row.dest === "string")
      return row.dest;
    throw new Error("PROVENANCE.json has a row without dest");
  });
}

export function recordingPath(name: string): string {
  return join(recordingsFolder, name);
}

export function readRecording(name: string): string {
  return readFileSync(join(recordingsFolder, name), "utf8");
}

/** Folders of one kind, as they lie there. */
export function listFolders(kind: string): readonly string[] {
  return readdirSync(join(recordingsFolder, kind)).sort();
}
