import type { AlertRecord } from "#fleet/alerts/alert.ts";
import type { DeliveryRecord } from "#fleet/alerts/delivery.ts";
import type { SilenceRecord } from "#fleet/alerts/silence.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import { createRecordRows } from "./record-rows.ts";
import { parseAlert, parseDelivery, parseEvent, parseSilence } from "./stored-alerts.ts";
import type { AlertRow, DeliveryRow, DomainEventRow, SilenceRow } from "./watch-columns.ts";

/** What hosts say of themselves may hold what PostgreSQL stores in no text. */
const write = (record: object): string => JSON.stringify(record).replaceAll("\\u0000", "\\ufffd");

export const { toRow: eventToRow, fromRow: eventFromRow } = createRecordRows({
  what: "domain event",
  columns: (known: KnownEvent): Omit<DomainEventRow, "record_json"> => ({
    id: known.event.id,
    ended_ms: known.endedMs,
  }),
  read: (_, json) => parseEvent(json),
  write,
});

export const { toRow: alertToRow, fromRow: alertFromRow } = createRecordRows({
  what: "alert",
  columns: (record: AlertRecord): Omit<AlertRow, "record_json"> => ({
    id: record.id,
    alert_key: record.key,
    severity: record.severity,
    opened_ms: record.openedMs,
    resolved_ms: record.resolvedMs,
  }),
  read: (_, json) => parseAlert(json),
  write,
});

export const { toRow: silenceToRow, fromRow: silenceFromRow } = createRecordRows({
  what: "silence",
  columns: (record: SilenceRecord): Omit<SilenceRow, "record_json"> => ({
    id: record.id,
    until_ms: record.untilMs,
    ended_ms: record.endedMs,
  }),
  read: (_, json) => parseSilence(json),
  write,
});

export const { toRow: deliveryToRow, fromRow: deliveryFromRow } = createRecordRows({
  what: "delivery",
  columns: (record: DeliveryRecord): Omit<DeliveryRow, "record_json"> => ({
    id: record.id,
    alert_id: record.alertId,
    channel: record.channel,
    state: record.state,
    settled_ms: record.settledMs,
  }),
  read: (_, json) => parseDelivery(json),
  write,
});
