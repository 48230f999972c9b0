import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * One agent for each data folder. The lock is a file that names its owner: process, when it was
 * started, and the host's boot. An owner that is gone (kill -9, power cut) is seen to be gone, for
 * no other process has the same three, and its lock is taken over.
 */
export interface InstanceLock {
  release(): void;
}

export type LockAnswer =
  | { readonly kind: "held"; readonly lock: InstanceLock }
  | { readonly kind: "taken"; readonly pid: number }
  /** The disk is full or read-only, and as far as can be seen nobody else is here. */
  | { readonly kind: "unwritten"; readonly cause: Error };

export interface LockOwner {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process (proc(5), stat field 22). */
  readonly startTicks: string;
  readonly bootId: string;
}

const roundsMax = 100;

/** Throws the system's error where the folder cannot be used, but for a disk that takes nothing. */
export function takeInstanceLock(
  folder: string,
  write: (path: string, text: string) => void = writeOwn,
): LockAnswer {
  const path = join(folder, "agent.lock");
  const me = describeProcess(process.pid);
  const text = JSON.stringify(me);
  const own = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    write(own, text);
  } catch (cause) {
    if (!(cause instanceof Error) || !takesNothing.has(codeOf(cause))) throw cause;
    removeIfThere(own);
    const owner = findInstance(folder);
    return owner === null ? { kind: "unwritten", cause } : { kind: "taken", pid: owner.pid };
  }
  try {
    // Whoever loses a race goes round again; each round one of them wins.
    for (let round = 0; round < roundsMax; round += 1) {
      if (tryLink(own, path)) {
        return { kind: "held", lock: { release: () => removeIf(path, text) } };
      }
      const found = readText(path);
      if (found === null) continue;
      const owner = parseOwner(found);
      if (owner !== null && isAlive(owner)) return { kind: "taken", pid: owner.pid };
      setAside(path, found);
    }
    throw new Error(`${path} cannot be taken, nor read`);
  } finally {
    unlinkSync(own);
  }
}

const takesNothing: ReadonlySet<unknown> = new Set(["ENOSPC", "EROFS", "EDQUOT"]);

function writeOwn(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or the disk takes not even this.
  }
}

/** The process that holds the folder; null: none does. */
export function findInstance(folder: string): LockOwner | null {
  const text = readText(join(folder, "agent.lock"));
  const owner = text === null ? null : parseOwner(text);
  return owner !== null && isAlive(owner) ? owner : null;
}

/** Moves a dead owner's lock away, unless somebody replaced it meanwhile. */
function setAside(path: string, expected: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  // Between the look and the rename another agent may have taken over: give it back.
  if (readText(aside) !== expected) tryLink(aside, path);
  unlinkSync(aside);
}

function describeProcess(pid: number): LockOwner {
  return { pid, startTicks: startTicksOf(pid) ?? "", bootId: readBootId() };
}

function isAlive(owner: LockOwner): boolean {
  return owner.bootId === readBootId() && owner.startTicks === startTicksOf(owner.pid);
}

/** null: there is no such process. */
function startTicksOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in brackets may hold anything, brackets too; field 3 follows the last of them.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function readBootId(): string {
  return readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

function parseOwner(text: string): LockOwner | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    const { pid, startTicks, bootId } = value as Readonly<Record<string, unknown>>;
    return typeof pid === "number" && typeof startTicks === "string" && typeof bootId === "string"
      ? { pid, startTicks, bootId }
      : null;
  } catch {
    return null;
  }
}

/** Gives a file a second name; false: the name is taken. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function removeIf(path: string, text: string): void {
  if (readText(path) === text) unlinkSync(path);
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
