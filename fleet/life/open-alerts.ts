import { type Alerts, type AlertsEffects, createAlerts } from "#fleet/alerts/create-alerts.ts";
import type { FleetConfig } from "#fleet/config/fleet-config.ts";
import { createChannels } from "#fleet/notify/create-channels.ts";
import type { NotifyEffects } from "#fleet/notify/notify-effects.ts";
import type { ControlStore } from "#fleet/storage/control-store.ts";
import type { Life } from "./start-life.ts";

type FromLife =
  | "cell"
  | "store"
  | "lifecycle"
  | "plans"
  | "domains"
  | "safeMode"
  | "listOperations"
  | "channels"
  | "term";

/** Alerts of a cell, over its life and the channels of its configuration. */
export function openAlerts(
  life: Life,
  parts: Omit<AlertsEffects, FromLife> &
    Pick<NotifyEffects, "fetch" | "readSecret" | "readPublic"> & {
      readonly config: Pick<FleetConfig, "cell" | "alerts">;
      readonly store: Pick<ControlStore, "alerts" | "lifecycle">;
    },
): Alerts {
  const { config, store, ...effects } = parts;
  const { cell, alerts } = config;
  return createAlerts({
    ...effects,
    cell,
    store: store.alerts,
    lifecycle: life.lifecycle,
    plans: life.plans,
    domains: life.domains,
    safeMode: life.safeMode.mode,
    listOperations: store.lifecycle.listOpenOperations,
    channels: createChannels(alerts, { ...parts, cell, consoleUrl: alerts.consoleUrl }),
    term: () => (life.isLeader() ? life.term() : 0),
  });
}
