import { type Clock, sleep } from "#proto/vocabulary/clock.ts";

/** Long work that stops after each slice, so that whoever runs it can let others go on between two. */
export type Slices<Value> = Generator<undefined, Value, undefined>;

/** Rows between two stops: some milliseconds. */
export const rowsPerSlice = 500;

/** All of it, at once. */
export function atOnce<Value>(work: Slices<Value>): Value {
  for (;;) {
    const slice = work.next();
    if (slice.done === true) return slice.value;
  }
}

/** How long slices may take together before others are let go on, ms. */
const breathlessMs = 10;

/** All of it, with a breath after every ten milliseconds or so. */
export async function inSlices<Value>(work: Slices<Value>, clock: Clock): Promise<Value> {
  let since = clock.nowMonotonicMs();
  for (;;) {
    const slice = work.next();
    if (slice.done === true) return slice.value;
    if (clock.nowMonotonicMs() - since < breathlessMs) continue;
    await sleep(clock, 0);
    since = clock.nowMonotonicMs();
  }
}
