import type { StoryWorld } from "./story-world.ts";
import type { WorldHost } from "./world-host.ts";

/** S6: how long a host whose key was unpinned may have a socket that is still open, ms. */
const graceMs = 5_000;
const lookMs = 1_000;

/** Tells from now on, once a second, which sockets a revoked host has. */
export function watchSockets({ clock, seats, tell }: StoryWorld, host: WorldHost): void {
  const startUnixMs = clock.nowUnixMs() - clock.nowMonotonicMs();
  host.isRevoked = true;
  const revokedAtMs = clock.nowUnixMs();
  const hostId = host.agent.hostId();
  const look = (): void => {
    if (!host.isRevoked) return;
    // A process that is paused can close nothing; what it holds then is not looked at.
    if (seats.every((seat) => seat.manager() === null || seat.isAnswering()))
      tell({
        kind: "sockets",
        hostId,
        revokedAtMs,
        openSinceMs: seats.flatMap((seat) =>
          seat.network.openSinceMs(host.agent.name).map((openMs) => startUnixMs + openMs),
        ),
      });
    clock.after(lookMs, look);
  };
  clock.after(graceMs + 1, look);
}
