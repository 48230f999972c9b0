import { parseFstab, parseMountModes } from "#agent/collectors/filesystem-readonly.ts";
import { parseLvs } from "#agent/collectors/lvm.ts";
import { judgeMdArray, parseMdstat } from "#agent/collectors/mdraid.ts";
import { parseMultipath } from "#agent/collectors/multipath.ts";
import { parseMegacliDisks } from "#agent/collectors/raid-megacli.ts";
import { parseSasIrcu } from "#agent/collectors/raid-sas-ircu.ts";
import { parseSsacli } from "#agent/collectors/raid-ssacli.ts";
import { parseStorcli } from "#agent/collectors/raid-storcli.ts";
import { raidTexts } from "#test/support/raid-texts.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

export const targets: readonly FuzzTarget[] = [
  target(
    "parseStorcli",
    [raidTexts.storcli, raidTexts.storcliDrives],
    parseStorcli,
    /^raid\/.*(?:storcli|perccli).*\.json$/,
  ),
  target("parseSasIrcu", [raidTexts.ircu], parseSasIrcu, /^raid\/.*sas[23]ircu.*\.txt$/),
  target("parseMegacliDisks", [raidTexts.megacli], parseMegacliDisks, /^raid\/.*PDlist\.txt$/),
  target("parseSsacli", [raidTexts.ssacli], parseSsacli),
  target("parseMdstat", [raidTexts.mdstat], (text) =>
    parseMdstat(text).map((array) => ({ array, health: judgeMdArray(array) })),
  ),
  target("parseLvs", [raidTexts.lvs], parseLvs),
  target("parseMultipath", [raidTexts.multipath], parseMultipath),
  target("parseMountModes", [raidTexts.mountinfo], (text) => [...parseMountModes(text)]),
  target("parseFstab", [raidTexts.fstab], (text) => [...parseFstab(text)]),
];

function target(
  name: string,
  samples: readonly string[],
  parse: (text: string) => unknown,
  recordings: RegExp | null = null,
): FuzzTarget {
  return { name, samples: () => samples, recordings, parse: (text) => parse(text) };
}
