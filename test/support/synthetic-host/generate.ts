import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { recordSynthetic } from "./record-synthetic.ts";
import { syntheticServers } from "./synthetic-servers.ts";

/**
 * `node test/support/synthetic-host/generate.ts [DIR]` makes the fixtures of servers that cannot be
 * recorded here anew, by default in hardware-fixtures/hosts. What a person wrote into `expected/`
 * stays.
 */
const hosts = process.argv[2] ?? join(import.meta.dirname, "../../../hardware-fixtures/hosts");
// Beside the hosts, not among them: whoever lists them meanwhile sees no half of one.
const work = mkdtempSync(join(hosts, "../.generating-"));
try {
  for (const shape of syntheticServers) {
    const made = await recordSynthetic(shape, work);
    const kept = join(hosts, shape.name);
    if (existsSync(join(kept, "expected")))
      renameSync(join(kept, "expected"), join(made, "expected"));
    rmSync(kept, { recursive: true, force: true });
    renameSync(made, kept);
    process.stdout.write(`${kept}\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
