import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, exitCodes } from "./exit-codes.ts";

const names = ["probe.json", "ipmi.json", "redfish.json"];
const fileBytesMax = 64 * 1024 * 1024;

/** Into a folder that is new or empty: nothing is ever overwritten. Throws CommandError. */
export function writeRecordingFiles(folder: string, files: ReadonlyMap<string, string>): void {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new CommandError(exitCodes.conflict, `${folder} is not empty`, "give a new folder");
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, name), text, { flag: "wx" });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(exitCodes.failed, `the recording cannot be written: ${why}`);
  }
}

export function readRecordingFiles(folder: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    if (statSync(path).size > fileBytesMax)
      throw new CommandError(exitCodes.usage, `${path} is larger than any recording`);
    files.set(name, readFileSync(path, "utf8"));
  }
  if (files.size === 0)
    throw new CommandError(exitCodes.notFound, `${folder} holds no recording of a BMC`);
  return files;
}
