/**
 * Puts wws-agent and wws-fleet into node_modules/.bin, where npm puts only what dependencies bring
 * and where npx looks, from any folder of the checkout. Each is a small script that runs the
 * program's own TypeScript on the Node that npm installed beside it, so that it also works from a
 * shell whose `node` is older.
 *
 * package.json has no `bin` on purpose: with one, npx (npm 11) installs the checkout into its cache
 * at each first use instead of looking here, and that failed on a fresh machine.
 */
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./places.ts";

const programs = { "wws-agent": "agent/main.ts", "wws-fleet": "fleet/main.ts" } as const;

export function linkPrograms(): void {
  const folder = join(repositoryRoot, "node_modules/.bin");
  mkdirSync(folder, { recursive: true });
  for (const [name, main] of Object.entries(programs)) {
    const unfinished = join(folder, `.${name}-${process.pid}`);
    writeFileSync(unfinished, launcher(main));
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, join(folder, name));
    if (!existsSync(join(repositoryRoot, main))) {
      process.stderr.write(`prepare: ${name} is linked, but ${main} is missing\n`);
    }
  }
}

function launcher(main: string): string {
  return `#!/bin/sh
folder=$(dirname -- "$(readlink -f -- "$0")")
node=$folder/node
if [ ! -x "$node" ]; then
  node=node
  "$node" -e 'process.exit(process.features.typescript ? 0 : 1)' || {
    echo "$(basename -- "$0"): this Node is too old; npm ci in the checkout brings the right one" >&2
    exit 1
  }
fi
exec "$node" "$folder/../../${main}" "$@"
`;
}
