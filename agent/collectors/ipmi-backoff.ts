import type { Absence } from "#proto/messages/state.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { absent } from "./absences.ts";

/**
 * Leaves a BMC alone that did not answer in time: its in-band interface may be locked, and every
 * further call makes it worse and costs a child that waits. 30 s after the first time, then twice as
 * long each time, up to 15 minutes; any answer, even an error, ends it.
 */
export class IpmiBackoff {
  readonly #clock: Pick<Clock, "nowMonotonicMs"> | null;
  #waitMs = 0;
  #untilMs = 0;

  constructor(clock: Pick<Clock, "nowMonotonicMs"> | null) {
    this.#clock = clock;
  }

  noteTimeout(): void {
    if (this.#clock === null) return;
    this.#waitMs = Math.min(backoffMsMax, this.#waitMs === 0 ? backoffMsMin : 2 * this.#waitMs);
    this.#untilMs = this.#clock.nowMonotonicMs() + this.#waitMs;
  }

  noteAnswer(): void {
    this.#waitMs = 0;
    this.#untilMs = 0;
  }

  /** null: it may be asked now. */
  absence(what: string): Absence | null {
    const leftMs = this.#clock === null ? 0 : this.#untilMs - this.#clock.nowMonotonicMs();
    if (leftMs <= 0) return null;
    return absent({
      what,
      reason: "timed-out",
      detail: `ipmitool: the BMC did not answer in time; it is left alone for ${this.#waitMs / 1000} s at a time; where that lasts: ipmitool mc reset cold`,
    });
  }
}

const backoffMsMin = 30_000;
const backoffMsMax = 15 * 60_000;
