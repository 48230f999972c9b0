import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { UnpackedPackage } from "../debian-packages/fetch-packages.ts";
import type { ArchiveEntry } from "./cpio-archive.ts";
import { readElfNeeds, withoutSections } from "./elf-needs.ts";
import type { ImagingContents } from "./imaging-contents.ts";

/** Where the loader looks by itself, without a cache. */
const libraryFolders = [
  "lib/x86_64-linux-gnu",
  "usr/lib/x86_64-linux-gnu",
  "lib64",
  "lib",
  "usr/lib",
];

/**
 * Programs into `usr/bin`, each with the shared libraries that it names and that those name, found in
 * the packages and never on the machine that builds. Throws a library that no package has.
 */
export function gatherPrograms(
  contents: Pick<ImagingContents, "programs">,
  more: Readonly<Record<string, Uint8Array>>,
  packages: readonly UnpackedPackage[],
): readonly ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  const libraries = new Map<string, Uint8Array>();
  const addNeeds = (who: string, bytes: Uint8Array): void => {
    const needs = readElfNeeds(bytes);
    if (needs === null) return;
    const loader = needs.loader?.replace(/^\//, "");
    if (loader !== undefined && !libraries.has(loader))
      libraries.set(loader, withoutSections(findFile(loader, packages, who)));
    for (const name of needs.libraries) {
      const known = libraryFolders.some((folder) => libraries.has(`${folder}/${name}`));
      if (known) continue;
      const [path, library] = findLibrary(name, packages, who);
      libraries.set(path, withoutSections(library));
      addNeeds(name, library);
    }
  };
  const addProgram = (name: string, bytes: Uint8Array): void => {
    const path = name === "busybox" ? "bin/busybox" : `usr/bin/${name}`;
    entries.push({ kind: "file", path, bytes: withoutSections(bytes), mode: 0o755 });
    addNeeds(name, bytes);
  };
  for (const [name, { package: from, path }] of Object.entries(contents.programs)) {
    const found = packages.find((one) => one.package.name === from);
    if (found === undefined) throw new Error(`${name} is of ${from}, which was not fetched`);
    addProgram(name, readFileSync(join(found.folder, path)));
  }
  for (const [name, bytes] of Object.entries(more)) addProgram(name, bytes);
  for (const [path, bytes] of libraries) entries.push({ kind: "file", path, bytes, mode: 0o755 });
  return entries;
}

function findLibrary(
  name: string,
  packages: readonly UnpackedPackage[],
  who: string,
): readonly [path: string, bytes: Uint8Array] {
  for (const folder of libraryFolders)
    for (const one of packages) {
      const path = join(one.folder, folder, name);
      if (existsSync(path)) return [`${folder}/${name}`, readFileSync(realpathSync(path))];
    }
  throw new Error(`${who} needs ${name}, and no package of the list has it`);
}

function findFile(path: string, packages: readonly UnpackedPackage[], who: string): Uint8Array {
  for (const { folder } of packages) {
    // As merged as Debian's own root is: /lib64 may be a link of a package's own.
    const place = [join(folder, path), join(folder, "usr", path)].find((one) => existsSync(one));
    if (place !== undefined) return readFileSync(realpathSync(place));
  }
  throw new Error(`${who} needs ${path}, and no package of the list has it`);
}
