/** Builds fleet/console into fleet/console/dist with vite. */
import { join } from "node:path";
import { build } from "vite";
import { consoleFolder, repositoryRoot } from "./places.ts";

export async function buildConsole(): Promise<void> {
  await build({ root: join(repositoryRoot, consoleFolder), logLevel: "warn" });
  process.stderr.write(`console: ${consoleFolder}/dist is built\n`);
}

if (import.meta.main) {
  await buildConsole();
}
