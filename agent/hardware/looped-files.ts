import { invariant } from "#proto/vocabulary/invariant.ts";
import { continueCounters, type Continuation } from "./counter-continuation.ts";
import type { History } from "./fixture.ts";
import type { ReadProblem } from "./hardware-source.ts";

/**
 * What files say when a recording is played again and again. Gauges begin anew; counters go on
 * growing by what one pass adds, so a rate never breaks at the seam. Texts are made once for each
 * position and shared by all hosts of the fixture: hosts that begin at other frames come to the same
 * positions a little later.
 */
export class LoopedFiles {
  readonly #frameMs: readonly number[];
  readonly #spanMs: number;
  readonly #files: ReadonlyMap<string, History<Uint8Array, ReadProblem>>;
  readonly #loops = new Map<string, FileLoop>();

  /** `frameMs`: times of the frames since the first. */
  constructor(
    frameMs: readonly number[],
    files: ReadonlyMap<string, History<Uint8Array, ReadProblem>>,
  ) {
    this.#frameMs = frameMs;
    this.#files = files;
    const last = frameMs.at(-1) ?? 0;
    // From the last frame back to the first takes as long as from one to the next.
    this.#spanMs = frameMs.length > 1 ? last + last / (frameMs.length - 1) : 1000;
  }

  /** Time of a position since the first frame of the first pass, ms. */
  timeOf(position: number): number {
    const count = this.#frameMs.length;
    return Math.floor(position / count) * this.#spanMs + (this.#frameMs[position % count] ?? 0);
  }

  /** The file's bytes at a position of the second pass or later; the file must be there in that frame. */
  read(path: string, position: number): Uint8Array {
    const loop = this.#loopOf(path);
    const count = this.#frameMs.length;
    const known = loop.made.get(position);
    if (known !== undefined) return known;
    const recorded = loop.history[position % count];
    invariant(recorded?.ok === true, `${path} is read at a frame where it has no text`);
    if (loop.continuation === null) return recorded.value;
    const bytes = loop.continuation(position % count, Math.floor(position / count));
    loop.made.set(position, bytes);
    const oldest = loop.made.keys().next();
    if (loop.made.size > count + spareMax && !oldest.done) loop.made.delete(oldest.value);
    return bytes;
  }

  #loopOf(path: string): FileLoop {
    const known = this.#loops.get(path);
    if (known !== undefined) return known;
    const history = this.#files.get(path) ?? [];
    const texts = history.flatMap((answer) => (answer?.ok ? [answer.value] : []));
    const range = path.endsWith("/energy_uj")
      ? this.#files.get(path.replace(/energy_uj$/, "max_energy_range_uj"))?.[0]
      : undefined;
    const continuation =
      texts.length === this.#frameMs.length
        ? continueCounters(path, texts, range?.ok ? range.value : null)
        : null;
    const loop = { history, continuation, made: new Map<number, Uint8Array>() };
    this.#loops.set(path, loop);
    return loop;
  }
}

interface FileLoop {
  readonly history: History<Uint8Array, ReadProblem>;
  /** null: the file holds no counters. */
  readonly continuation: Continuation | null;
  readonly made: Map<number, Uint8Array>;
}

/** Positions kept beyond one pass, for hosts that lag. */
const spareMax = 16;
