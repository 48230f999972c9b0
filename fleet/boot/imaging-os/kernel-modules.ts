/** What the kernel's `modules.dep` says: file of a module → files that are loaded before it. */
export type ModuleTable = ReadonlyMap<string, readonly string[]>;

export function parseModuleTable(text: string): ModuleTable {
  const table = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    const at = line.indexOf(":");
    if (at <= 0) continue;
    const needs = line.slice(at + 1).split(" ");
    table.set(
      line.slice(0, at),
      needs.filter((one) => one !== ""),
    );
  }
  return table;
}

/**
 * Files of the modules asked for and of all that they need, sorted. A name counts with `-` and `_`
 * alike; one that ends in `/` stands for all modules below such a folder. `missing`: what is no
 * module of this kernel, because it is built in or is not there.
 */
export function closeOverModules(
  table: ModuleTable,
  asked: readonly string[],
): { readonly files: readonly string[]; readonly missing: readonly string[] } {
  const byName = new Map([...table.keys()].map((file) => [moduleName(file), file]));
  const files = new Set<string>();
  const missing: string[] = [];
  const add = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const need of table.get(file) ?? []) add(need);
  };
  for (const name of asked) {
    const found = name.endsWith("/")
      ? [...table.keys()].filter((file) => file.includes(`/${name}`))
      : [byName.get(moduleName(name))].filter((file) => file !== undefined);
    if (found.length === 0) missing.push(name);
    for (const file of found) add(file);
  }
  return { files: [...files].sort(), missing };
}

/** `kernel/drivers/nvme/host/nvme-core.ko.xz` → `nvme_core`. */
export function moduleName(file: string): string {
  const base = file.slice(file.lastIndexOf("/") + 1);
  return base.replace(/\.ko(?:\.(?:xz|zst|gz))?$/, "").replaceAll("-", "_");
}
