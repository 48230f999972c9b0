import { expect, test } from "vitest";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import type { Freeze, FreezeStore } from "./freeze.ts";
import { liftFreeze } from "./freeze.ts";
import { createFreezeWatch } from "./freeze-watch.ts";

/** A store of which each reading sees what is there when it is asked, and answers when it is told to. */
async function slowReads() {
  const clock = createVirtualClock();
  let kept: Freeze | null = null;
  const answers: (() => void)[] = [];
  let isSlow = false;
  const store: FreezeStore = {
    read: () => {
      const seen = kept;
      if (!isSlow) return Promise.resolve(seen);
      return new Promise((resolve) => answers.push(() => resolve(seen)));
    },
    async begin(freeze) {
      kept ??= freeze;
      return kept;
    },
    async lift(word, isAlone) {
      const lifted = liftFreeze(kept, word, isAlone);
      if (lifted.ok) kept = lifted.value;
      return lifted;
    },
  };
  const watch = await createFreezeWatch({
    store,
    file: { read: () => null, write() {} },
    events: createEventBus(silentLog),
    clock,
    log: silentLog,
  });
  isSlow = true;
  const answer = async (): Promise<void> => {
    isSlow = false;
    for (const one of answers.splice(0)) one();
    await clock.settle();
  };
  return { clock, watch, answer };
}

test("a freeze that is said while the store is read is not undone by what was read before it", async () => {
  const { clock, watch, answer } = await slowReads();
  await clock.advance(31_000);
  await watch.begin("ann", "smoke in row b");
  await answer();
  expect(watch.freeze()).toMatchObject({ by: "ann" });
  watch.stop();
});

test("a freeze that is lifted while the store is read does not come back with what was read before it", async () => {
  const { clock, watch, answer } = await slowReads();
  await watch.begin("ann", "smoke in row b");
  await clock.advance(6_000);
  await watch.lift("ann", "a toaster", true);
  await answer();
  expect(watch.freeze()).toBeNull();
  watch.stop();
});
