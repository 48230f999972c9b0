import type { Clock } from "#proto/vocabulary/clock.ts";

/** By then the host has been looked at, the link is up, and what served to start is not needed. */
const firstMs = 30_000;
/** Each time twice as long after the last, up to this: what is learnt while running gets less. Takes some 30 ms. */
const everyMs = 3_600_000;
/**
 * Code that was not run between so many collections is given up; it is compiled again when needed. The
 * first time all of them at once, for the code of the start; later one, which spares what runs.
 */
const collections = 4;

/**
 * Gives back what starting took: V8 collects in earnest only when it is short of memory, which an
 * agent never is, so that the code of enrolling and discovering would stay for ever. Without
 * --expose-gc (node-flags.ts) there is nothing to call, and nothing happens.
 */
export function settleMemory(
  clock: Pick<Clock, "after">,
  collect: CollectGarbage | undefined,
): () => void {
  if (collect === undefined) return () => {};
  let cancel = (): void => {};
  let pauseMs = firstMs;
  const settle = (): void => {
    const times = pauseMs === firstMs ? collections : 1;
    for (let count = 0; count < times; count += 1) {
      collect({ type: "major", execution: "sync", flavor: "last-resort" });
    }
    pauseMs = Math.min(everyMs, 2 * pauseMs);
    cancel = clock.after(pauseMs, settle);
  };
  cancel = clock.after(firstMs, settle);
  return () => cancel();
}

/** V8's `gc`, as --expose-gc shows it. */
export type CollectGarbage = (options: {
  readonly type: "major";
  readonly execution: "sync";
  readonly flavor: "last-resort";
}) => unknown;
