/** `npm run package [-- --arch amd64|arm64|all --out DIR --version V]`: .deb and tarball of the agent. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nodeFlags } from "#agent/program/node-flags.ts";
import { type Bundle, bundleAgent } from "./package-bundle.ts";
import { packageContents } from "./package-contents.ts";
import { compress, writeDeb } from "./package-deb.ts";
import { writeTar } from "./package-archive.ts";
import { type Architecture, architectures, findNode, type NodeBinary } from "./package-node.ts";
import { repositoryRoot } from "./places.ts";

export interface PackageRequest {
  readonly version: string;
  readonly architecture: Architecture;
  readonly bundle: Bundle;
  readonly node: NodeBinary;
  readonly nodeFlags: readonly string[];
  readonly mtimeSeconds: number;
}

export interface Package {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The .deb and the tarball of one architecture; the same request gives the same bytes. */
export function makePackages(request: PackageRequest): readonly Package[] {
  const { version, architecture, mtimeSeconds } = request;
  const files = packageContents(request);
  const base = `wws-agent_${version}_${architecture}`;
  const script = readFileSync(join(repositoryRoot, "agent/packaging/install.sh"));
  const tarball = writeTar(
    [
      ...files.map((file) => ({ ...file, path: `root/${file.path}` })),
      { path: "install.sh", bytes: script, mode: 0o755 },
    ],
    { mtimeSeconds, prefix: `wws-agent-${version}/` },
  );
  return [
    { name: `${base}.deb`, bytes: writeDeb({ version, architecture, files, mtimeSeconds }) },
    { name: `${base}.tar.gz`, bytes: compress(tarball) },
  ];
}

/** As Debian takes it: a new version sorts after the one before. */
export const versionForm = /^[0-9][0-9A-Za-z.+~]{0,40}$/;

async function packAll(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      arch: { type: "string", default: "all" },
      out: { type: "string", default: join(repositoryRoot, "dist") },
      version: { type: "string", default: ownVersion() },
      cache: { type: "string", default: join(repositoryRoot, "node_modules/.cache/wws-package") },
    },
  });
  const { arch, out, version, cache } = values;
  const wanted = (Object.keys(architectures) as Architecture[]).filter(
    (name) => arch === "all" || arch === name,
  );
  if (wanted.length === 0) throw new Error("--arch is amd64, arm64 or all");
  if (!versionForm.test(version)) throw new Error(`${version} is no version that Debian knows`);
  mkdirSync(out, { recursive: true });
  mkdirSync(cache, { recursive: true });
  const bundle = await bundleAgent(version);
  const mtimeSeconds = Number(process.env["SOURCE_DATE_EPOCH"] ?? "0");
  for (const architecture of wanted) {
    const node = findNode(architecture, cache);
    const request = { version, architecture, bundle, node, nodeFlags, mtimeSeconds };
    for (const { name, bytes } of makePackages(request)) {
      writeFileSync(join(out, name), bytes);
      const sum = createHash("sha256").update(bytes).digest("hex");
      process.stdout.write(`${sum}  ${join(out, name)}\n`);
    }
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
    readonly version: string;
  };
  return version;
}

if (import.meta.main) {
  await packAll(process.argv.slice(2));
}
