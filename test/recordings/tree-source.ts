import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { CounterFile, HardwareSource, ReadProblem } from "#agent/hardware/hardware-source.ts";
import { decodeText } from "#agent/hardware/live-files.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";

/**
 * A tree of /proc and /sys as somebody else recorded it. Two things differ from a kernel: a checkout
 * may hold links as files with the target as their text, and some trees hold /sys/devices without
 * /sys/class, whose entries are then found as the kernel would have linked them.
 */
export function openTreeSource(root: string): HardwareSource {
  const classes = findClasses(root);
  const locate = (path: string): string | null => {
    const viewed = viewClass(path, classes);
    return viewed === null ? null : follow(root, viewed, 0);
  };
  const read = <Value>(
    path: string,
    answer: (found: string) => Value,
  ): Result<Value, ReadProblem> => {
    const found = locate(path);
    if (found === null || !existsSync(found))
      return fail({ kind: "missing", path, errno: "ENOENT" });
    try {
      return ok(answer(found));
    } catch {
      return fail({ kind: "failed", path, errno: "EIO" });
    }
  };
  return {
    readText: (path) => read(path, (found) => decodeText(readFileSync(found))),
    listDirectory(path) {
      const folder = classes.get(path);
      if (folder !== undefined) return ok([...folder.keys()]);
      return read(path, (found) => readdirSync(found));
    },
    readLink(path) {
      const folder = locate(dirname(path));
      const target = folder === null ? null : linkTarget(folder, join(folder, basename(path)));
      const linked = target ?? classDevice(path, classes);
      return linked === null ? fail({ kind: "failed", path, errno: "EINVAL" }) : ok(linked);
    },
    openCounterFile(path) {
      const opened = read(path, (found) => new Uint8Array(readFileSync(found)));
      if (!opened.ok) return opened;
      const file: CounterFile = { path, read: () => opened, close: () => {} };
      return ok(file);
    },
    readFilesystem: (path) => fail({ kind: "missing", path, errno: "ENOENT" }),
    runTool: async ({ tool }) =>
      fail({ kind: "missing", tool, detail: "a recorded tree runs no tools" }),
    askSystemInformation: async (call) =>
      fail({
        kind: "missing",
        tool: `systeminformation.${call}`,
        detail: "a recorded tree runs no tools",
      }),
  };
}

/** Class folder → entry → where it lies below /sys/devices. */
type Classes = ReadonlyMap<string, ReadonlyMap<string, string>>;

function findClasses(root: string): Classes {
  const classes = new Map<string, Map<string, string>>();
  if (existsSync(join(root, "sys/class")) || !existsSync(join(root, "sys/devices"))) return classes;
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      const name = classNames.find((candidate) => candidate === entry.name);
      if (name === undefined) walk(path);
      else {
        const known = classes.get(`/sys/class/${name}`) ?? new Map<string, string>();
        for (const child of readdirSync(path))
          known.set(child, `/${relative(root, join(path, child))}`);
        classes.set(`/sys/class/${name}`, known);
      }
    }
  };
  walk(join(root, "sys/devices"));
  return classes;
}

const classNames = ["hwmon", "powercap", "thermal", "net", "dmi"] as const;

/** `/sys/class/hwmon/hwmon0/device/name` → where it lies; null: the class has no such entry. */
function viewClass(path: string, classes: Classes): string | null {
  for (const [folder, entries] of classes) {
    if (!path.startsWith(`${folder}/`)) continue;
    const [entry = "", ...rest] = path.slice(folder.length + 1).split("/");
    const place = entries.get(entry);
    if (place === undefined) return null;
    // The device is what the class folder (hwmon/) hangs off.
    if (rest[0] === "device") return join(dirname(dirname(place)), ...rest.slice(1));
    return join(place, ...rest);
  }
  return path;
}

/** The `device` link that the kernel gives every entry of a class. */
function classDevice(path: string, classes: Classes): string | null {
  const place =
    basename(path) === "device"
      ? classes.get(dirname(dirname(path)))?.get(basename(dirname(path)))
      : undefined;
  return place === undefined ? null : `../../${basename(dirname(dirname(place)))}`;
}

function follow(root: string, path: string, depth: number): string | null {
  if (depth > 16) return null;
  let at = root;
  const names = path.split("/").filter((name) => name !== "");
  for (const [index, name] of names.entries()) {
    const next = join(at, name);
    const target = linkTarget(at, next);
    if (target !== null) {
      const rest = names.slice(index + 1).join("/");
      return follow(root, `${relative(root, join(at, target))}/${rest}`, depth + 1);
    }
    at = next;
  }
  return at;
}

/** The target of a link, or of a file that holds one and leads somewhere in the tree. */
function linkTarget(folder: string, path: string): string | null {
  const stats = lstat(path);
  if (stats?.isSymbolicLink()) return readlinkSync(path);
  if (!stats?.isFile() || stats.size < 4 || stats.size > 300) return null;
  const text = readFileSync(path, "latin1");
  if (!/^\.{1,2}\/[^\n\0]+$/.test(text)) return null;
  const target = text.replace(/\/$/, "");
  return lstat(join(folder, target)) === null && !isPruned(target) ? null : target;
}

/** Links into what the recording left out are links all the same. */
function isPruned(target: string): boolean {
  return /\/(?:devices|bus|class|block)\//.test(target);
}

function lstat(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}
