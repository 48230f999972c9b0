import type { Log } from "#proto/vocabulary/log.ts";
import type { FleetEvent, FleetEvents } from "./fleet-events.ts";

/** Hands each event to every listener at once, in the order in which they came to listen. */
export function createEventBus(log: Log): FleetEvents {
  const listeners = new Set<(event: FleetEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          // One watcher's defect must not cost the others their news, or a host its report.
          log.error({ err: error, kind: event.kind }, "a listener of fleet events failed");
        }
      }
    },
    subscribe: (listener) => {
      const own = (event: FleetEvent): void => listener(event);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}
