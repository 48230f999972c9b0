import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { leaveOut } from "./leave-out.ts";
import { generatedModule, repositoryRoot } from "./places.ts";
import { buildProto } from "./proto.ts";

export interface Bundle {
  /** File name → text; every one starts by itself and needs nothing but Node. */
  readonly programs: ReadonlyMap<string, Uint8Array>;
  /** The licenses of the npm packages that are inside, one after the other. */
  readonly licenses: string;
}

export interface ProgramEntry {
  /** From the repository's root. */
  readonly entry: string;
  readonly file: string;
  readonly format: "cjs" | "esm";
}

/**
 * The agent is CommonJS: an ES module that imports one name of a built-in has Node evaluate all of
 * them, which costs a program that runs for ever 5 MiB (`node:http` alone brings undici).
 */
const entries = [
  { entry: "agent/main.ts", file: "agent.cjs", format: "cjs" },
  { entry: "agent/looker/main.ts", file: "looker.mjs", format: "esm" },
  { entry: "agent/hands/main.ts", file: "hands.mjs", format: "esm" },
  {
    entry: "agent/hardware/system-information-child.ts",
    file: "system-information.mjs",
    format: "esm",
  },
] as const satisfies readonly ProgramEntry[];

/** Each program of the agent as one file: our TypeScript, proto/generated and the npm packages. */
export async function bundleAgent(release: string): Promise<Bundle> {
  if (!existsSync(generatedModule)) await buildProto();
  const programs = new Map<string, Uint8Array>();
  const inputs = new Set<string>();
  for (const entry of entries) {
    const made = await bundleProgram(entry, release);
    programs.set(entry.file, made.bytes);
    for (const input of made.inputs) inputs.add(input);
  }
  return { programs, licenses: collectLicenses(inputs) };
}

/** One of them, and what went into it; a test has entries of its own. */
export async function bundleProgram(
  { entry, format }: ProgramEntry,
  release: string,
): Promise<{ readonly bytes: Uint8Array; readonly inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format,
    target: "node24",
    // The source stays in memory; names stay readable in what a crash prints.
    minifyWhitespace: true,
    minifySyntax: true,
    define: format === "cjs" ? { "import.meta.url": "bundledUrl" } : {},
    legalComments: "none",
    logLevel: "error",
    banner: { js: format === "cjs" ? urlForModules : requireForCommonJs },
    external: optional,
    plugins: format === "cjs" ? [ownPlaces(release), leaveOut] : [ownPlaces(release)],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { bytes: file.contents, inputs: Object.keys(metafile.inputs) };
}

/** ws asks for them and does without; systeminformation's is of another system. */
const optional = ["bufferutil", "utf-8-validate", "osx-temperature-sensor", "pino-pretty"];

/** Packages in CommonJS ask for Node's built-ins by `require`, which an ES module has not. */
const requireForCommonJs =
  'import { createRequire as bundledCreateRequire } from "node:module";\n' +
  "const require = bundledCreateRequire(import.meta.url);";

/** A module of CommonJS has a file name and no address. */
const urlForModules = 'const bundledUrl = require("node:url").pathToFileURL(__filename).href;';

/** What a module says of itself that is otherwise in a package. */
function ownPlaces(release: string): Plugin {
  const change = (path: string, from: string, to: string): string => {
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${path} does not say ${from} any more`);
    return text.replace(from, to);
  };
  return {
    name: "own-places",
    setup({ onLoad }) {
      onLoad({ filter: /agent\/hardware\/system-information\.ts$/ }, ({ path }) => ({
        contents: change(path, "./system-information-child.ts", "./system-information.mjs"),
        loader: "ts",
      }));
      onLoad({ filter: /agent\/release\.ts$/ }, () => ({
        contents: `export const agentRelease = ${JSON.stringify(release)};\n`,
        loader: "ts",
      }));
    },
  };
}

function collectLicenses(inputs: ReadonlySet<string>): string {
  const folders = new Set<string>();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match?.[1] !== undefined) folders.add(match[1]);
  }
  return [...folders]
    .sort()
    .map((folder) => {
      const place = join(repositoryRoot, folder);
      const facts = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as {
        readonly name: string;
        readonly version: string;
        readonly license?: string;
      };
      const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"].find((name) =>
        existsSync(join(place, name)),
      );
      const text = file === undefined ? "" : readFileSync(join(place, file), "utf8").trim();
      return `${facts.name} ${facts.version} (${facts.license ?? "see below"})\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(76)}\n\n`);
}
