import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWholeFile } from "./whole-file.ts";

/** How the command line that runs from the same checkout finds this manager; mode 0600. */
export interface CliFile {
  readonly url: string;
  readonly token: string;
}

const name = "cli.json";

/** null: there is none, or nothing that can be used. */
export function readCliFile(dataFolder: string): CliFile | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dataFolder, name), "utf8"));
    if (typeof value !== "object" || value === null) return null;
    const { url, token } = value as Readonly<Record<string, unknown>>;
    return typeof url === "string" && typeof token === "string" ? { url, token } : null;
  } catch {
    return null;
  }
}

export function writeCliFile(dataFolder: string, { url, token }: CliFile): void {
  writeWholeFile(join(dataFolder, name), `${JSON.stringify({ url, token })}\n`, 0o600);
}
