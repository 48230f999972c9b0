import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { RunProgram } from "../debian-packages/run-program.ts";
import type { UnpackedPackage } from "../debian-packages/fetch-packages.ts";
import type { ArchiveEntry } from "./cpio-archive.ts";
import { closeOverModules, moduleName, parseModuleTable } from "./kernel-modules.ts";

export interface GatheredModules {
  readonly entries: readonly ArchiveEntry[];
  /** By name; `.ko` files only. */
  readonly names: ReadonlySet<string>;
  /** Files below /lib/firmware that the modules name. */
  readonly firmwareNames: readonly string[];
}

/**
 * Modules of an unpacked kernel with their tables: which one needs which, and which device wants
 * which, cut down to those that come along. A name that is no module of this kernel is built in;
 * which ones those are, the kernel's own list says, and what is on neither is thrown.
 */
export async function gatherModules(
  kernel: UnpackedPackage,
  version: string,
  asked: readonly string[],
  run: RunProgram,
): Promise<GatheredModules> {
  const folder = join(kernel.folder, "lib/modules", version);
  // A package leaves the tables to the machine that installs it.
  if (!existsSync(join(folder, "modules.dep"))) await run("depmod", ["-b", kernel.folder, version]);
  const table = parseModuleTable(readFileSync(join(folder, "modules.dep"), "utf8"));
  const { files, missing } = closeOverModules(table, asked);
  const builtIn = new Set(
    readFileSync(join(folder, "modules.builtin"), "utf8").split("\n").map(moduleName),
  );
  const unknown = missing.filter((name) => !builtIn.has(moduleName(name)));
  if (unknown.length > 0) throw new Error(`kernel ${version} has no ${unknown.join(", ")}`);
  const home = `lib/modules/${version}`;
  const names = new Set(files.map(moduleName));
  const firmwareNames = new Set<string>();
  const entries = files.map((file): ArchiveEntry => {
    const bytes = readFileSync(join(folder, file));
    for (const name of firmwareOf(bytes)) firmwareNames.add(name);
    return { kind: "file", path: `${home}/${file}`, bytes, mode: 0o644 };
  });
  const text = (name: string, lines: readonly string[]): ArchiveEntry => ({
    kind: "file",
    path: `${home}/${name}`,
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join("")),
    mode: 0o644,
  });
  const aliases = readFileSync(join(folder, "modules.alias"), "utf8").split("\n");
  entries.push(
    text(
      "modules.dep",
      files.map((file) => `${file}:${(table.get(file) ?? []).map((one) => ` ${one}`).join("")}`),
    ),
    text(
      "modules.alias",
      aliases.filter((line) => names.has(moduleName(line.slice(line.lastIndexOf(" ") + 1)))),
    ),
    text(
      "modules.builtin",
      readFileSync(join(folder, "modules.builtin"), "utf8").trimEnd().split("\n"),
    ),
  );
  return { entries, names, firmwareNames: [...firmwareNames].sort() };
}

/** `firmware=NAME` of a module's own description. */
function firmwareOf(bytes: Uint8Array): readonly string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  const word = "\0firmware=";
  for (let at = view.indexOf(word); at >= 0; at = view.indexOf(word, at + 1)) {
    const end = view.indexOf(0, at + 1);
    const name = view.toString("latin1", at + word.length, end);
    if (/^[A-Za-z0-9][A-Za-z0-9._/+ -]{0,200}$/.test(name) && !name.includes(".."))
      found.push(name);
  }
  return found;
}

/** Files of the packages that the modules name, and of links to what is in the packages too. */
export function gatherFirmware(
  names: readonly string[],
  packages: readonly UnpackedPackage[],
): { readonly entries: readonly ArchiveEntry[]; readonly missing: readonly string[] } {
  const entries: ArchiveEntry[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const place = packages
      .flatMap(({ folder }) => [
        join(folder, "lib/firmware", name),
        join(folder, "usr/lib/firmware", name),
      ])
      .find((path) => existsSync(path));
    if (place === undefined) missing.push(name);
    else
      entries.push({
        kind: "file",
        path: `lib/firmware/${name}`,
        bytes: readFileSync(realpathSync(place)),
        mode: 0o644,
      });
  }
  return { entries, missing };
}
