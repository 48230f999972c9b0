// Columns of what is seen of hosts: their health, what went wrong and who was told, reports.
// Types as in tables.ts.

export interface HostHealthRow {
  host_id: string;
  memory_json: string;
}

export interface HostEventRow {
  /** UUIDv7: ascending in time. */
  id: string;
  host_id: string;
  at_ms: number;
  event_json: string;
}

export interface DomainEventRow {
  id: string;
  /** null: it is not over. */
  ended_ms: number | null;
  record_json: string;
}

export interface AlertRow {
  /** UUIDv7: ascending in time. */
  id: string;
  alert_key: string;
  severity: string;
  opened_ms: number;
  resolved_ms: number | null;
  record_json: string;
}

export interface SilenceRow {
  id: string;
  until_ms: number;
  /** Before its time. */
  ended_ms: number | null;
  record_json: string;
}

export interface DeliveryRow {
  id: string;
  alert_id: string;
  channel: string;
  state: string;
  /** null: it is to be sent, or to be counted. */
  settled_ms: number | null;
  record_json: string;
}

export interface ReportFiguresRow {
  /** UTC: `2026-11-23`. */
  day: string;
  at_ms: number;
  /** JSON, zstd, base64. */
  figures_packed: string;
}

export interface ReportRunRow {
  name: string;
  due_ms: number;
  record_json: string;
}
