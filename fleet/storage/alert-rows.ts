import type { AlertRecord } from "#fleet/alerts/alert.ts";
import type { DeliveryRecord } from "#fleet/alerts/delivery.ts";
import type { SilenceRecord } from "#fleet/alerts/silence.ts";
import type { KnownEvent } from "#fleet/lifecycle/domain-event-store.ts";
import { requireSame } from "./life-rows.ts";
import { parseAlert, parseDelivery, parseEvent, parseSilence } from "./stored-alerts.ts";
import type { AlertRow, DeliveryRow, DomainEventRow, SilenceRow } from "./tables.ts";

// As in life-rows.ts: the record whole in its JSON, what is asked for in columns as well.

/** What hosts say of themselves may hold what PostgreSQL stores in no text. */
function toJson(record: object): string {
  return JSON.stringify(record).replaceAll("\\u0000", "\\ufffd");
}

export function eventToRow(known: KnownEvent): DomainEventRow {
  return { id: known.event.id, ended_ms: known.endedMs, record_json: toJson(known) };
}

export function eventFromRow(row: DomainEventRow): KnownEvent {
  const record = parseEvent(row.record_json);
  requireSame(row, eventToRow(record), "domain event");
  return record;
}

export function alertToRow(record: AlertRecord): AlertRow {
  return {
    id: record.id,
    alert_key: record.key,
    severity: record.severity,
    opened_ms: record.openedMs,
    resolved_ms: record.resolvedMs,
    record_json: toJson(record),
  };
}

export function alertFromRow(row: AlertRow): AlertRecord {
  const record = parseAlert(row.record_json);
  requireSame(row, alertToRow(record), "alert");
  return record;
}

export function silenceToRow(record: SilenceRecord): SilenceRow {
  return {
    id: record.id,
    until_ms: record.untilMs,
    ended_ms: record.endedMs,
    record_json: toJson(record),
  };
}

export function silenceFromRow(row: SilenceRow): SilenceRecord {
  const record = parseSilence(row.record_json);
  requireSame(row, silenceToRow(record), "silence");
  return record;
}

export function deliveryToRow(record: DeliveryRecord): DeliveryRow {
  return {
    id: record.id,
    alert_id: record.alertId,
    channel: record.channel,
    state: record.state,
    settled_ms: record.settledMs,
    record_json: toJson(record),
  };
}

export function deliveryFromRow(row: DeliveryRow): DeliveryRecord {
  const record = parseDelivery(row.record_json);
  requireSame(row, deliveryToRow(record), "delivery");
  return record;
}
