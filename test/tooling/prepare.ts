/**
 * Builds what is generated: the two programs' links, proto/generated and the console's pages.
 * `npm ci` runs it whole; `--missing` (prestart) builds only what is not there.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { consoleFolder, consolePage, generatedModule, repositoryRoot } from "./places.ts";
import { buildConsole } from "./console.ts";
import { buildProto } from "./proto.ts";
import { linkPrograms } from "./link-programs.ts";

const onlyMissing = process.argv.includes("--missing");

function isWanted(file: string): boolean {
  return !onlyMissing || !existsSync(file) || statSync(file).size === 0;
}

linkPrograms();
if (isWanted(generatedModule)) {
  await buildProto();
}
if (existsSync(join(repositoryRoot, consoleFolder, "index.html"))) {
  if (isWanted(consolePage)) {
    await buildConsole();
  }
} else {
  process.stderr.write(
    `prepare: ${consoleFolder}/index.html is missing, so no console was built\n`,
  );
}
