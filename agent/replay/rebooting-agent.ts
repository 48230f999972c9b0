import type { Agent, AgentEnd } from "#agent/agent.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";

/** An agent of a simulated host, over the boots of that host. */
export interface RebootingAgent extends Agent {
  /** The host goes down in a moment, and comes back with another boot. */
  reboot(): void;
}

/** Milliseconds: long enough to be seen, short enough to be waited for. */
export const simulatedRebootMs = { untilDown: 1_500, down: 8_000 } as const;

/** `boot` starts the agent of one boot. Between two boots there is none, as on a real host. */
export function startRebootingAgent(boot: () => Agent, clock: Clock, log: Log): RebootingAgent {
  let current = boot();
  let isRebooting = false;
  let isStopped = false;
  let cancel = (): void => {};
  let end: (end: AgentEnd) => void = () => {};
  const ended = new Promise<AgentEnd>((resolve) => {
    end = resolve;
  });
  const follow = (agent: Agent): void => {
    void agent.ended.then((how) => {
      if (!isRebooting || isStopped || how.kind === "refused") end(how);
    });
  };
  follow(current);

  const comeUp = (): void => {
    isRebooting = false;
    current = boot();
    follow(current);
  };
  const goDown = (): void => {
    current
      .stop()
      .then(() => {
        if (!isStopped) cancel = clock.after(simulatedRebootMs.down, comeUp);
      })
      .catch((error: unknown) => log.error({ err: error }, "a simulated host did not go down"));
  };
  return {
    status: () => current.status(),
    ended,
    reboot: () => {
      if (isRebooting || isStopped) return;
      isRebooting = true;
      cancel = clock.after(simulatedRebootMs.untilDown, goDown);
    },
    stop: async () => {
      isStopped = true;
      cancel();
      await current.stop();
      end({ kind: "stopped" });
    },
  };
}
