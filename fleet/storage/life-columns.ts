// Columns of what is done to hosts, for whom, what is kept of it for good, and who leads.
// Types as in tables.ts.

export interface OperationRow {
  /** UUIDv7: ascending in time. */
  id: string;
  host_id: string;
  plan_id: string | null;
  kind: string;
  status: string;
  version: number;
  started_ms: number;
  ended_ms: number | null;
  record_json: string;
}

export interface PlanRow {
  id: string;
  status: string;
  version: number;
  created_ms: number;
  record_json: string;
}

export interface HoldRow {
  id: string;
  host_id: string;
  kind: string;
  record_json: string;
}

export interface TenantRow {
  id: string;
  name: string;
  version: number;
  record_json: string;
}

export interface LeaseRow {
  id: string;
  host_id: string;
  tenant_id: string;
  share: string;
  /** null: it runs. */
  ended_ms: number | null;
  version: number;
  record_json: string;
}

export interface AuditRow {
  seq: number;
  at_ms: number;
  actor: string;
  subject_id: string;
  previous_sha256: string;
  sha256: string;
  entry_json: string;
}

export interface LeadershipRow {
  /** Always `cell`: one row. */
  name: string;
  holder: string;
  term: number;
  until_ms: number;
}
