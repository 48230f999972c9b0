import type { AlertRecord } from "#fleet/alerts/alert.ts";
import type { Batch, DeliveryRecord } from "#fleet/alerts/delivery.ts";
import type { AlertId, DeliveryId } from "#proto/vocabulary/ids.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf } from "./inventory-builders.ts";

const idOf = (kind: string, number: number): string =>
  `0193c1a0-0000-7${kind}-8000-${number.toString(16).padStart(12, "0")}`;
export const alertIdOf = (number: number) => idOf("0aa", number) as AlertId;
export const deliveryIdOf = (number: number) => idOf("0dd", number) as DeliveryId;

export function alertRecord(number: number, facts: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: alertIdOf(number),
    key: "host-lost:x",
    kind: "host-lost",
    severity: "warn",
    words: "web-1 is not heard any more",
    command: "wws-fleet host explain web-1",
    scope: { kind: "host", name: "web-1" },
    place: { region: "eu", site: "fra2", row: "row-b", rack: "rack-07" },
    hosts: [{ id: hostIdOf(1), name: "web-1" }],
    of: 1,
    sinceMs: unixMs(1_793_606_400_000),
    openedMs: unixMs(1_793_606_490_000),
    acknowledged: null,
    silenced: null,
    told: null,
    resolvedMs: null,
    resolvedBecause: null,
    ...facts,
  };
}

export function deliveryRecord(
  number: number,
  facts: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  const alert = facts.alert ?? alertRecord(number);
  return {
    id: deliveryIdOf(number),
    alertId: alert.id,
    channel: "pager",
    transition: "opened",
    state: "due",
    alert,
    batchId: null,
    leftOut: 0,
    attempts: 0,
    createdMs: unixMs(1_793_606_490_000),
    nextMs: unixMs(1_793_606_490_000),
    outcome: null,
    settledMs: null,
    ...facts,
  };
}

export function someBatch(facts: Partial<Batch> = {}): Batch {
  const delivery = deliveryRecord(1, { state: "sending", batchId: deliveryIdOf(1), attempts: 1 });
  return { id: delivery.id, deliveries: [delivery], leftOut: 0, earlier: [], ...facts };
}
