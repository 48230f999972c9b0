import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type ReadProblem, textBytesMax } from "./hardware-source.ts";

/** A file read whole. Files of /proc say nothing of their size, so it is read until it ends. */
export function readLiveText(root: string, path: string): Result<string, ReadProblem> {
  return attempt(path, () => {
    const descriptor = openSync(root + path, "r");
    try {
      let bytes = new Uint8Array(4096);
      let length = 0;
      for (;;) {
        if (length === bytes.length) bytes = grown(bytes);
        const count = readSync(descriptor, bytes, length, bytes.length - length, length);
        if (count === 0) return ok(decodeText(bytes.subarray(0, length)));
        length += count;
        if (length > textBytesMax) return fail({ kind: "too-large", path, errno: null } as const);
      }
    } finally {
      closeSync(descriptor);
    }
  });
}

export function listLiveDirectory(
  root: string,
  path: string,
): Result<readonly string[], ReadProblem> {
  return attempt(path, () => ok(readdirSync(root + path)));
}

export function readLiveLink(root: string, path: string): Result<string, ReadProblem> {
  return attempt(path, () => ok(readlinkSync(root + path)));
}

/** UTF-8 where it is UTF-8, else each byte as the Latin-1 letter it is (old BIOS strings). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  }
}

/** Runs something that reads; an errno of the kernel becomes a problem, a defect stays thrown. */
export function attempt<Value>(
  path: string,
  read: () => Result<Value, ReadProblem>,
): Result<Value, ReadProblem> {
  try {
    return read();
  } catch (error) {
    return fail(problemOf(path, error));
  }
}

export function problemOf(path: string, error: unknown): ReadProblem {
  const errno = errnoOf(error);
  if (errno === null) throw error;
  return { kind: problemKinds[errno] ?? "failed", path, errno };
}

export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" &&
    error.code.startsWith("E") &&
    !error.code.startsWith("ERR_")
    ? error.code
    : null;
}

export function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/** What each errno means to a collector; all others are plain failures. */
const problemKinds: Readonly<Record<string, ReadProblem["kind"]>> = {
  ENOENT: "missing",
  ENOTDIR: "missing",
  EACCES: "denied",
  EPERM: "denied",
};

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
