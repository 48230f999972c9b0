import type { Inventory } from "#fleet/inventory/inventory.ts";
import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { CancelTimer, Clock } from "#proto/vocabulary/clock.ts";
import type { Log } from "#proto/vocabulary/log.ts";
import { readPower } from "./gather-facts.ts";
import { drawsOfRacks } from "./power-figures.ts";
import { createPowerHistory, minuteMs, type PowerHistory } from "./power-history.ts";

/** Looks once a minute at what every rack draws. */
export function startPowerSampler(parts: {
  readonly inventory: Pick<Inventory, "hosts">;
  readonly telemetry: Pick<Telemetry, "latest">;
  readonly clock: Clock;
  readonly log: Log;
}): { readonly history: PowerHistory; readonly stop: () => void } {
  const { inventory, telemetry, clock, log } = parts;
  const history = createPowerHistory();
  let isStopped = false;
  let cancel: CancelTimer = () => {};
  const look = async (): Promise<void> => {
    const hosts = await inventory.hosts();
    const nowMs = clock.nowUnixMs();
    const drawing = hosts.map((record) => ({ record, power: readPower(telemetry, record, nowMs) }));
    history.note(nowMs, drawsOfRacks(drawing));
  };
  const arm = (): void => {
    // In the middle of a minute: a timer that fires a little early or late hits the same one.
    const nowMs = clock.nowUnixMs();
    const untilNext = minuteMs - (nowMs % minuteMs);
    const delayMs = untilNext > minuteMs / 2 ? untilNext - minuteMs / 2 : untilNext + minuteMs / 2;
    cancel = clock.after(delayMs, () => {
      look().then(
        () => {
          if (!isStopped) arm();
        },
        (error: unknown) => {
          log.error({ err: error }, "the draw of racks could not be noted");
          if (!isStopped) arm();
        },
      );
    });
  };
  arm();
  return {
    history,
    stop() {
      isStopped = true;
      cancel();
    },
  };
}
