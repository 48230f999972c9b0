import { DoorError } from "#fleet/bmc/redfish/redfish-door.ts";
import type { RedfishRequest, RedfishTransport } from "#fleet/bmc/redfish/redfish-transport.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import type { RedfishHandler } from "./redfish-service.ts";

export interface InProcessTransport extends RedfishTransport {
  /** What was sent, oldest first: `PATCH /redfish/v1/Systems/1`. */
  readonly sent: readonly string[];
  readonly requests: readonly RedfishRequest[];
  /** Requests under way at once, at most. */
  readonly atOnceMax: number;
}

/** The port of the driver before a simulated service: no sockets, time by the clock that is given. */
export function openInProcess(
  handler: RedfishHandler,
  { clock, timeoutMs = 30_000 }: { readonly clock: Clock; readonly timeoutMs?: number },
): InProcessTransport {
  const requests: RedfishRequest[] = [];
  let underWay = 0;
  let atOnceMax = 0;
  let isOpen = true;
  return {
    requests,
    get sent() {
      return requests.map(({ method, path }) => `${method} ${path}`);
    },
    get atOnceMax() {
      return atOnceMax;
    },
    close: () => {
      isOpen = false;
    },
    async send(request, signal) {
      signal.throwIfAborted();
      if (!isOpen) throw new DoorError("the connection is closed");
      requests.push(request);
      underWay += 1;
      atOnceMax = Math.max(atOnceMax, underWay);
      try {
        return await new Promise((resolve, reject) => {
          const cancel = clock.after(timeoutMs, () =>
            reject(new DoorError(`no answer within ${timeoutMs} ms`)),
          );
          const onAbort = (): void => {
            cancel();
            reject(new DoorError("it was not wanted any more"));
          };
          signal.addEventListener("abort", onAbort, { once: true });
          handler(request)
            .then(resolve, (cause: unknown) => reject(new DoorError("connection reset", { cause })))
            .finally(() => {
              cancel();
              signal.removeEventListener("abort", onAbort);
            });
        });
      } finally {
        underWay -= 1;
      }
    },
  };
}
