import type { Random } from "#proto/vocabulary/random.ts";

/**
 * When each way is asked. New ways at once; then within the cadence, spread by chance so that drives
 * do not come together; failing ways at ever longer intervals.
 */
export class WaySchedule {
  readonly #cadenceMs: number;
  readonly #random: Pick<Random, "next">;
  readonly #ways = new Map<string, ScheduledWay>();

  constructor(cadenceMs: number, random: Pick<Random, "next">) {
    this.#cadenceMs = cadenceMs;
    this.#random = random;
  }

  add(key: string, atMs: number): void {
    this.#ways.set(key, { dueMs: atMs, failures: 0, hasAnswered: false, wasAsked: false });
  }

  forget(key: string): void {
    this.#ways.delete(key);
  }

  /** The way that is due longest; it is not due again until its answer is told. null: none is. */
  takeDue(atMs: number): string | null {
    let found: string | null = null;
    let foundMs = Number.POSITIVE_INFINITY;
    for (const [key, { dueMs }] of this.#ways) {
      if (dueMs > atMs || dueMs >= foundMs) continue;
      found = key;
      foundMs = dueMs;
    }
    const way = found === null ? undefined : this.#ways.get(found);
    if (way !== undefined) {
      way.dueMs = atMs + this.#cadenceMs;
      way.wasAsked = true;
    }
    return found;
  }

  /** Never later than the cadence; the first time anywhere in its second half. */
  answered(key: string, atMs: number): void {
    const way = this.#ways.get(key);
    if (way === undefined) return;
    const least = way.hasAnswered ? 0.95 : 0.5;
    way.dueMs = atMs + this.#cadenceMs * (least + (1 - least) * this.#random.next());
    way.failures = 0;
    way.hasAnswered = true;
  }

  failed(key: string, atMs: number): void {
    const way = this.#ways.get(key);
    if (way === undefined) return;
    way.failures += 1;
    const wait = Math.min(this.#cadenceMs * 2 ** Math.min(way.failures, 16), restMs);
    way.dueMs = atMs + wait * (0.75 + 0.25 * this.#random.next());
  }

  /** A second way to a drive that another way tells of. */
  other(key: string, atMs: number): void {
    const way = this.#ways.get(key);
    if (way === undefined) return;
    way.failures = 0;
    way.dueMs = atMs + restMs * (0.75 + 0.25 * this.#random.next());
  }

  /** Nothing answers there; somebody may put something there. */
  rest(key: string, atMs: number): void {
    this.other(key, atMs);
  }

  /** Another way to the same drive stopped telling. A way that fails itself keeps its own time. */
  hurry(key: string, atMs: number): void {
    const way = this.#ways.get(key);
    if (way !== undefined && way.failures === 0) way.dueMs = Math.min(way.dueMs, atMs);
  }

  /** Whether every way was asked once. */
  isThrough(): boolean {
    return [...this.#ways.values()].every(({ wasAsked }) => wasAsked);
  }

  isFailing(key: string): boolean {
    return (this.#ways.get(key)?.failures ?? 0) > 0;
  }
}

interface ScheduledWay {
  dueMs: number;
  failures: number;
  hasAnswered: boolean;
  wasAsked: boolean;
}

/** Longest time between two tries. */
const restMs = 6 * 3_600_000;
