import { parseMegacliDisks } from "#agent/collectors/raid-megacli.ts";
import { parseSasIrcu } from "#agent/collectors/raid-sas-ircu.ts";
import { parseStorcli } from "#agent/collectors/raid-storcli.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import type { RecordingReader } from "../reader.ts";
import { readRecording } from "../recordings-folder.ts";

export const readers: readonly RecordingReader[] = [
  { matches: /^raid\/.*\/(?:storcli|perccli).*\.json$/, read: by(parseStorcli) },
  { matches: /^raid\/.*\/sas[23]ircu.*\.txt$/, read: by(parseSasIrcu) },
  { matches: /^raid\/.*\/PDlist\.txt$/, read: by(parseMegacliDisks) },
];

function by(parse: (text: string) => Result<unknown, unknown>) {
  return (name: string): unknown => {
    const parsed = parse(readRecording(name));
    return parsed.ok ? parsed.value : { problem: parsed.problem };
  };
}
