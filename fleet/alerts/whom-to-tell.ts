import type { Clock } from "#proto/vocabulary/clock.ts";
import { type DeliveryId, newUuidV7 } from "#proto/vocabulary/ids.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import { type AlertRecord, rankOf, type Transition } from "./alert.ts";
import { alertNumbers } from "./alert-numbers.ts";
import type { AlertStore } from "./alert-store.ts";
import type { Channel, DeliveryRecord } from "./delivery.ts";

/**
 * One delivery for each channel that is to hear of it: of an alert's beginning, those it is severe
 * enough for, and never the one that it is about; of the rest, those that heard of its beginning.
 */
export async function whomToTell(
  tell: readonly { readonly alert: AlertRecord; readonly transition: Transition }[],
  effects: {
    readonly channels: readonly Channel[];
    readonly store: Pick<AlertStore, "listDeliveries">;
    readonly clock: Clock;
    readonly random: Random;
  },
): Promise<readonly DeliveryRecord[]> {
  const { channels, store, clock, random } = effects;
  const deliveries: DeliveryRecord[] = [];
  for (const { alert, transition } of tell) {
    const told = new Set<string>();
    if (transition !== "opened" && channels.length > 0)
      for (const one of await store.listDeliveries(alert.id))
        if (one.state !== "left-out") told.add(one.channel);
    for (const channel of channels) {
      const hears =
        rankOf(alert.severity) >= rankOf(channel.severity) &&
        alert.key !== `channel-failing:${channel.name}`;
      const isFirst = !told.has(channel.name);
      if (isFirst && !(hears && (transition === "opened" || transition === "updated"))) continue;
      const nowMs = clock.nowUnixMs();
      deliveries.push({
        id: newUuidV7<DeliveryId>(nowMs, random),
        alertId: alert.id,
        channel: channel.name,
        transition: isFirst ? "opened" : transition,
        state: "due",
        alert: { ...alert, hosts: alert.hosts.slice(0, alertNumbers.hostsNamedMax) },
        batchId: null,
        leftOut: 0,
        attempts: 0,
        createdMs: nowMs,
        nextMs: nowMs,
        outcome: null,
        settledMs: null,
      });
    }
  }
  return deliveries;
}
