import { type AlertRecord, stateOf } from "#fleet/alerts/alert.ts";
import type { DeliveryRecord } from "#fleet/alerts/delivery.ts";
import type { SilenceRecord } from "#fleet/alerts/silence.ts";
import type { Alert, AlertDetail, Silence } from "./alert-schemas.ts";

export function viewAlert(alert: AlertRecord): Alert {
  const { told, openedMs, hosts, ...rest } = alert;
  return {
    ...rest,
    state: stateOf(alert),
    hosts: hosts.map(({ name }) => name),
    raisedMs: openedMs,
    acknowledgedBy: alert.acknowledged?.by ?? null,
    toldMs: told?.atMs ?? null,
  };
}

export function viewDelivery(delivery: DeliveryRecord): AlertDetail["deliveries"][number] {
  const { id, batchId, channel, transition, state, attempts, createdMs, settledMs } = delivery;
  return {
    id: batchId ?? id,
    channel,
    transition,
    state,
    attempts,
    createdMs,
    nextMs: settledMs === null && state !== "left-out" ? delivery.nextMs : null,
    settledMs,
    outcome: delivery.outcome,
  };
}

export function viewSilence(silence: SilenceRecord): Silence {
  const { id, selector, reason, by, createdMs, untilMs } = silence;
  return { id, selector, reason, by, createdMs, untilMs };
}
