import { closeSync, openSync, readSync, readvSync } from "node:fs";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { CounterFile, ReadProblem } from "./hardware-source.ts";
import { attempt, errnoOf, grown, problemOf } from "./live-files.ts";

/**
 * A file that stays open and is read from its start each time: no path walk, no new object, no
 * string. The kernel renders /proc and /sys afresh on every read at offset 0.
 */
export function openLiveCounterFile(
  root: string,
  path: string,
  buffer: SharedReadBuffer,
): Result<CounterFile, ReadProblem> {
  return attempt(path, () => ok(new LiveCounterFile(root, path, buffer)));
}

/** One buffer for all counter files of a source: a read is parsed before the next one begins. */
export class SharedReadBuffer {
  bytes = new Uint8Array(16 * 1024);
  /** As `readvSync` wants it: it checks one thing where `readSync` checks four. */
  list: readonly [Uint8Array<ArrayBuffer>] = [this.bytes];

  grow(): void {
    this.bytes = grown(this.bytes);
    this.list = [this.bytes];
  }
}

/** The largest file seen is /proc/stat of thousands of CPUs; beyond this something is wrong. */
const counterBytesMax = 4 * 1024 * 1024;

/** sysfs gives at most one page an attribute, so a shorter answer is all of it. */
const sysfsBytesMax = 4096;

class LiveCounterFile implements CounterFile {
  readonly path: string;
  readonly #location: string;
  /** A shorter answer than this is all of the file; 0: only an empty answer says that it ends. */
  readonly #wholeBytes: number;
  readonly #buffer: SharedReadBuffer;
  #descriptor: number | null;
  /** The answer to the last read; the same one serves while place and length are the same. */
  #latest: { readonly ok: true; readonly value: Uint8Array } = ok(new Uint8Array(0));

  constructor(root: string, path: string, buffer: SharedReadBuffer) {
    this.path = path;
    this.#location = root + path;
    this.#wholeBytes = path.startsWith("/sys/")
      ? sysfsBytesMax
      : oneRecordFiles.has(path)
        ? Number.POSITIVE_INFINITY
        : 0;
    this.#buffer = buffer;
    this.#descriptor = openSync(this.#location, "r");
  }

  read(): Result<Uint8Array, ReadProblem> {
    if (this.#descriptor === null) {
      const reopened = this.#reopen();
      if (!reopened.ok) return reopened;
    }
    try {
      return this.#readWhole();
    } catch (error) {
      // A device that left and came back has a new file under the same name: look once more.
      if (!goneErrnos.has(errnoOf(error) ?? "")) return fail(problemOf(this.path, error));
    }
    const reopened = this.#reopen();
    return reopened.ok ? attempt(this.path, () => this.#readWhole()) : reopened;
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #reopen(): Result<null, ReadProblem> {
    this.close();
    return attempt(this.path, () => {
      this.#descriptor = openSync(this.#location, "r");
      return ok(null);
    });
  }

  #readWhole(): Result<Uint8Array, ReadProblem> {
    const descriptor = this.#descriptor;
    if (descriptor === null) return fail({ kind: "failed", path: this.path, errno: "EBADF" });
    let length = 0;
    for (;;) {
      const { bytes, list } = this.#buffer;
      const room = bytes.length - length;
      const count =
        length === 0
          ? readvSync(descriptor, list, 0)
          : readSync(descriptor, bytes, length, room, length);
      length += count;
      if (count === 0 || (count < room && length < this.#wholeBytes)) return this.#answer(length);
      if (length > counterBytesMax)
        return fail({ kind: "too-large", path: this.path, errno: null });
      if (length === bytes.length) this.#buffer.grow();
    }
  }

  #answer(length: number): Result<Uint8Array, ReadProblem> {
    const { bytes } = this.#buffer;
    const { value } = this.#latest;
    if (value.length !== length || value.buffer !== bytes.buffer)
      this.#latest = ok(bytes.subarray(0, length));
    return this.#latest;
  }
}

/**
 * Files of /proc that the kernel renders in one piece (`single_open` in fs/proc): what does not fill
 * the buffer is all of it. Tables of many records come in pieces of a page, and must be read on.
 */
const oneRecordFiles: ReadonlySet<string> = new Set([
  "/proc/stat",
  "/proc/meminfo",
  "/proc/loadavg",
  "/proc/self/stat",
  "/proc/self/status",
]);

const goneErrnos: ReadonlySet<string> = new Set(["ENODEV", "ESTALE", "ENOENT", "ENXIO", "EBADF"]);
