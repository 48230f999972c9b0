import { expect, test } from "vitest";
import { createLinkTracker, linkDefaults } from "#fleet/gateway/links.ts";
import { createEventBus } from "#fleet/inventory/event-bus.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { hostIdOf } from "#test/support/inventory-builders.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { createSimulatedLinks } from "./simulated-links.ts";

const hostId = hostIdOf(1);

test.each([-3_600_000, 3_600_000, 40_000])(
  "a manager of the simulation says of a link what the gateway's own tracker says, where its wall clock leaps by %i ms",
  async (leapMs) => {
    const virtual = createVirtualClock();
    const clock = virtual.hostClock({ wallOffsetMs: 0 });
    const settings = linkDefaults;
    const tracker = createLinkTracker({ clock, events: createEventBus(silentLog), settings });
    let sinceMs = virtual.nowUnixMs();
    let wallMs = 0;
    const links = createSimulatedLinks({
      network: { heard: () => ({ isHeard: false, sinceMs }), isHeard: () => false },
      clock: virtual,
      wallMs: () => wallMs,
    });
    const agree = (): void => {
      const [{ state, lastHeardMs }, said] = [tracker.view(hostId), links.view(hostId)];
      expect([said.state, said.lastHeardMs]).toEqual([state, lastHeardMs]);
      expect(links.isConnected?.(hostId)).toBe(tracker.isConnected?.(hostId));
    };
    // Through the grace of its start, and once more after it.
    for (let times = 0; times < 2; times += 1) {
      tracker.heard(hostId);
      sinceMs = virtual.nowUnixMs();
      agree();
      await virtual.advance(20_000);
      clock.jumpWall(leapMs);
      wallMs += leapMs;
      for (let look = 0; look < 10; look += 1) {
        // Between two sweeps of the tracker nothing changes by itself.
        await virtual.advance(34_000);
        agree();
      }
      expect(links.view(hostId).state).toBe("lost");
    }
  },
);
