/**
 * The control store's tables, as both engines give their rows. Portable types only: TEXT, 64-bit
 * INTEGER (times are unix milliseconds, truth is 0 or 1), JSON as TEXT that is checked when read.
 */
export interface Tables {
  meta: MetaRow;
  sites: SiteRow;
  racks: RackRow;
  hosts: HostRow;
  removed_hosts: RemovedHostRow;
  host_states: HostStateRow;
  enrolment_tokens: EnrolmentTokenRow;
  pinned_keys: PinnedKeyRow;
  turned_away_keys: TurnedAwayKeyRow;
  pending_machines: PendingMachineRow;
  people: PersonRow;
  people_secrets: PeopleSecretRow;
  components: ComponentRow;
  component_changes: ComponentChangeRow;
  hardware_classes: HardwareClassRow;
  host_health: HostHealthRow;
  host_events: HostEventRow;
  operations: OperationRow;
  plans: PlanRow;
  holds: HoldRow;
  tenants: TenantRow;
  leases: LeaseRow;
  audit: AuditRow;
  leadership: LeadershipRow;
  domain_events: DomainEventRow;
  alerts: AlertRow;
  silences: SilenceRow;
  deliveries: DeliveryRow;
  report_figures: ReportFiguresRow;
  report_runs: ReportRunRow;
}

export interface MetaRow {
  key: string;
  value: string;
}

export interface SiteRow {
  code: string;
  region: string;
  time_zone: string | null;
  cell: string;
  windows_json: string;
}

export interface RackRow {
  /** `site/row/rack`. */
  id: string;
  region: string;
  site: string;
  row_name: string;
  rack: string;
  height_units: number;
  feeds_json: string;
}

export interface HostRow {
  id: string;
  name: string;
  cell: string;
  phase: string;
  /** null where the host has no position; then `unit` is null too. */
  rack_id: string | null;
  unit: number | null;
  height_units: number;
  hardware_class: string | null;
  serial: string | null;
  simulated: number;
  adopted: number;
  watched_only: number;
  trust: string;
  /** null: no operation runs. */
  op_json: string | null;
  epoch: number;
  /** Ascending, comma between them. */
  tags: string;
  bmc_mac: string | null;
  switch_port: string | null;
  nameplate_watts: number | null;
  generation: number;
  revision: number;
  boot_id: string | null;
  agent_release: string | null;
  created_ms: number;
  last_report_ms: number | null;
}

export interface RemovedHostRow {
  id: string;
}

export interface HostStateRow {
  host_id: string;
  /** Boot of the host's record when this was written. */
  boot_id: string | null;
  revision: number;
  observed_ms: number;
  state_json: string;
}

export interface EnrolmentTokenRow {
  id: string;
  kind: string;
  secret_sha256: string;
  host_id: string;
  host_name: string | null;
  position: string | null;
  uses_left: number;
  used_by: string | null;
  expires_ms: number;
  created_ms: number;
  created_by: string;
  /** null: machines of any site. */
  site: string | null;
  adopts: number;
  /** By what machines that wait with it are approved as they come; null: by people. */
  rule_json: string | null;
}

export interface PinnedKeyRow {
  fingerprint: string;
  host_id: string;
  generation: number;
  pinned_ms: number;
}

export interface TurnedAwayKeyRow {
  fingerprint: string;
  why: string;
  since_ms: number;
}

export interface PendingMachineRow {
  id: string;
  fingerprint: string;
  address: string;
  identity_json: string;
  simulated: number;
  first_seen_ms: number;
  last_seen_ms: number;
  /** Token that it came with. */
  token_id: string | null;
}

export interface PersonRow {
  name: string;
  display_name: string;
  kind: string;
  disabled: number;
  password_hash: string | null;
  grants_json: string;
  created_ms: number;
  version: number;
}

export interface PeopleSecretRow {
  secret_sha256: string;
  kind: string;
  name: string;
  created_ms: number;
  expires_ms: number;
  last_used_ms: number;
  /** Of an API token: whose it is; null: nobody's. */
  owner: string | null;
  /** Of an API token: null: all that its owner may. */
  grants_json: string | null;
}

export interface ComponentRow {
  /** `host_id/component_key`. */
  id: string;
  host_id: string;
  component_key: string;
  component_json: string;
  first_seen_ms: number;
  gone_ms: number | null;
}

export interface ComponentChangeRow {
  /** `host_id/number`, the number padded: the order of the host's changes. */
  id: string;
  host_id: string;
  number: number;
  at_ms: number;
  boot_id: string | null;
  change_json: string;
}

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

export interface HardwareClassRow {
  name: string;
  profile_json: string;
  since_ms: number;
}

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

/** In the order in which rows may be written: what is referred to comes first. */
export const tableNames = [
  "meta",
  "sites",
  "racks",
  "hosts",
  "removed_hosts",
  "host_states",
  "enrolment_tokens",
  "pinned_keys",
  "turned_away_keys",
  "pending_machines",
  "people",
  "people_secrets",
  "components",
  "component_changes",
  "hardware_classes",
  "host_health",
  "host_events",
  "operations",
  "plans",
  "holds",
  "tenants",
  "leases",
  "audit",
  "leadership",
  "domain_events",
  "alerts",
  "silences",
  "deliveries",
  "report_figures",
  "report_runs",
] as const satisfies readonly (keyof Tables)[];

/** Version of the schema that brought a table; 1 where none is given. */
const tableVersions: { readonly [Name in keyof Tables]?: number } = {
  components: 2,
  component_changes: 2,
  hardware_classes: 2,
  host_health: 3,
  host_events: 3,
  operations: 4,
  plans: 4,
  holds: 4,
  tenants: 4,
  leases: 4,
  audit: 4,
  leadership: 4,
  people: 5,
  domain_events: 6,
  alerts: 6,
  silences: 6,
  deliveries: 6,
  report_figures: 7,
  report_runs: 7,
};

/** The tables that a store of this version has. */
export function tablesOf(version: number): readonly (keyof Tables)[] {
  return tableNames.filter((name) => (tableVersions[name] ?? 1) <= version);
}

/** Primary keys: the order in which a table is listed. */
export const primaryKeys = {
  meta: "key",
  sites: "code",
  racks: "id",
  hosts: "id",
  removed_hosts: "id",
  host_states: "host_id",
  enrolment_tokens: "id",
  pinned_keys: "fingerprint",
  turned_away_keys: "fingerprint",
  pending_machines: "id",
  people: "name",
  people_secrets: "secret_sha256",
  components: "id",
  component_changes: "id",
  hardware_classes: "name",
  host_health: "host_id",
  host_events: "id",
  operations: "id",
  plans: "id",
  holds: "id",
  tenants: "id",
  leases: "id",
  audit: "seq",
  leadership: "name",
  domain_events: "id",
  alerts: "id",
  silences: "id",
  deliveries: "id",
  report_figures: "day",
  report_runs: "name",
} as const satisfies { readonly [Name in keyof Tables]: keyof Tables[Name] };
