import { closeSync, openSync, readSync } from "node:fs";
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
}

/** The largest file seen is /proc/stat of thousands of CPUs; beyond this something is wrong. */
const counterBytesMax = 4 * 1024 * 1024;

/** sysfs gives at most one page an attribute, so a shorter answer is all of it. */
const sysfsBytesMax = 4096;

class LiveCounterFile implements CounterFile {
  readonly path: string;
  readonly #location: string;
  readonly #isSysfs: boolean;
  readonly #buffer: SharedReadBuffer;
  #descriptor: number | null;

  constructor(root: string, path: string, buffer: SharedReadBuffer) {
    this.path = path;
    this.#location = root + path;
    this.#isSysfs = path.startsWith("/sys/");
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
      const { bytes } = this.#buffer;
      const count = readSync(descriptor, bytes, length, bytes.length - length, length);
      length += count;
      if (count === 0 || (this.#isSysfs && length < sysfsBytesMax))
        return ok(bytes.subarray(0, length));
      if (length > counterBytesMax)
        return fail({ kind: "too-large", path: this.path, errno: null });
      if (length === bytes.length) this.#buffer.bytes = grown(bytes);
    }
  }
}

const goneErrnos: ReadonlySet<string> = new Set(["ENODEV", "ESTALE", "ENOENT", "ENXIO", "EBADF"]);
