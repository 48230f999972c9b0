export type LockFile = {
  readonly packages: Readonly<Record<string, LockedPackage | undefined>>;
};

type LockedPackage = {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/** The packages installed because of the roots, the roots included; names, in order. */
export function findRuntimeTree(lock: LockFile, roots: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const waiting = roots.map((name) => requireInstalled(lock, "", name));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) {
      continue;
    }
    found.add(path);
    const { dependencies, optionalDependencies } = lock.packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      waiting.push(requireInstalled(lock, path, name));
    }
  }
  return [...found].map((path) => path.replace(/^.*node_modules\//, "")).sort();
}

/** Node's own search: inside the package, then in each folder around it. */
function requireInstalled(lock: LockFile, from: string, name: string): string {
  const around = from === "" ? [""] : [from, ...foldersAround(from)];
  const found = around
    .map((folder) => (folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`))
    .find((path) => lock.packages[path] !== undefined);
  if (found === undefined) {
    throw new Error(`package-lock.json has no ${name}, which ${from || "package.json"} needs`);
  }
  return found;
}

function foldersAround(path: string): readonly string[] {
  const end = path.lastIndexOf("/node_modules/");
  return end < 0 ? [""] : [path.slice(0, end), ...foldersAround(path.slice(0, end))];
}
