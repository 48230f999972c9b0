import type { HostState } from "#proto/messages/state.ts";
import type { HostId, IncarnationId } from "#proto/vocabulary/ids.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { goodbye } from "./goodbye.ts";
import type { Session, SessionHost } from "./session-host.ts";

/** The states of one session on their way to the store. */
export interface StateIntake {
  /** It is acknowledged once it is kept; one that a newer one overtakes on the way is not. */
  take(state: HostState): void;
}

export function createStateIntake(
  host: SessionHost,
  session: Session,
  about: { readonly hostId: HostId; readonly incarnationId: IncarnationId; readonly log: Log },
): StateIntake {
  const { inventory, settings } = host.effects;
  const { hostId, incarnationId, log } = about;
  let waiting: HostState | null = null;
  let isWriting = false;

  /** One write at a time; what comes meanwhile replaces what waits, because the latest wins. */
  const writeAll = async (): Promise<void> => {
    isWriting = true;
    try {
      while (waiting !== null) {
        const state: HostState = waiting;
        waiting = null;
        await inventory.recordState(hostId, state);
        host.stateKept(hostId, incarnationId, state.revision);
        session.send({ kind: "state-ack", revision: state.revision });
      }
    } catch (error) {
      log.error({ err: error }, "a host's state could not be kept");
      session.end(goodbye("overloaded", "the state could not be kept now", settings.retryMs));
    } finally {
      isWriting = false;
    }
  };

  return {
    take: (state) => {
      waiting = state;
      if (!isWriting) void writeAll();
    },
  };
}
