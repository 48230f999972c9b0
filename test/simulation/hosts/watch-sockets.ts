import type { StoryWorld } from "./story-world.ts";
import type { WorldHost } from "./world-host.ts";

const lookMs = 1_000;

/** Tells from now on, once a second, which sockets a revoked host has. */
export function watchSockets({ clock, seats, tell }: StoryWorld, host: WorldHost): void {
  const startUnixMs = clock.nowUnixMs() - clock.nowMonotonicMs();
  host.isRevoked = true;
  const revokedAtMs = clock.nowUnixMs();
  const hostId = host.agent.hostId();
  /** Since then every manager that runs could close what it holds. */
  let ableSinceMs = revokedAtMs;
  const look = (): void => {
    if (!host.isRevoked) return;
    // A process that is paused can close nothing; what it holds is looked at when it went on.
    if (!seats.every((seat) => seat.manager() === null || seat.isAnswering()))
      ableSinceMs = clock.nowUnixMs();
    else
      tell({
        kind: "sockets",
        hostId,
        revokedAtMs: ableSinceMs,
        openSinceMs: seats.flatMap((seat) =>
          seat.network.openSinceMs(host.agent.name).map((openMs) => startUnixMs + openMs),
        ),
      });
    clock.after(lookMs, look);
  };
  clock.after(lookMs + 1, look);
}
