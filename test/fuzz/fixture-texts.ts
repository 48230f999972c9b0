import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeText } from "#agent/hardware/live-files.ts";

const hostsFolder = join(import.meta.dirname, "../../hardware-fixtures/hosts");

/**
 * Texts of our own recorded and generated machines: first frames of every host fixture. `pattern`
 * is below a frame: `files/proc/stat`, `tools/*-smartctl.stdout.txt`. At most `countMax`, each once.
 */
export function fixtureTexts(pattern: string, countMax = 6): readonly string[] {
  const paths = globSync(`*/frames/0000/${pattern}`, { cwd: hostsFolder }).sort();
  const texts = new Set(paths.map((path) => decodeText(readFileSync(join(hostsFolder, path)))));
  texts.delete("");
  return [...texts].slice(0, countMax);
}
