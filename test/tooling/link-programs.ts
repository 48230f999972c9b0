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
import { nodeEnvironment, nodeFlags } from "#agent/program/node-flags.ts";
import { repositoryRoot } from "./places.ts";

const programs = {
  "wws-agent": { main: "agent/main.ts", flags: nodeFlags, environment: nodeEnvironment },
  "wws-fleet": { main: "fleet/main.ts", flags: [], environment: {} },
} as const satisfies Readonly<Record<string, Program>>;

interface Program {
  readonly main: string;
  /** Of the Node that runs it. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export function linkPrograms(): void {
  const folder = join(repositoryRoot, "node_modules/.bin");
  mkdirSync(folder, { recursive: true });
  for (const [name, program] of Object.entries(programs)) {
    const { main } = program;
    const unfinished = join(folder, `.${name}-${process.pid}`);
    writeFileSync(unfinished, launcher(program));
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, join(folder, name));
    if (!existsSync(join(repositoryRoot, main))) {
      process.stderr.write(`prepare: ${name} is linked, but ${main} is missing\n`);
    }
  }
}

function launcher({ main, flags, environment }: Program): string {
  const settings = Object.entries(environment).map(([name, value]) => `export ${name}=${value}\n`);
  const words = flags.map((flag) => `${flag} `).join("");
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
${settings.join("")}exec "$node" ${words}"$folder/../../${main}" "$@"
`;
}
