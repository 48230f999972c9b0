import type {
  EnrolmentTokenRow,
  PendingMachineRow,
  PeopleSecretRow,
  PersonRow,
  PinnedKeyRow,
  TurnedAwayKeyRow,
} from "./identity-columns.ts";
import type {
  ComponentChangeRow,
  ComponentRow,
  HardwareClassRow,
  HostRow,
  HostStateRow,
  RackRow,
  RemovedHostRow,
  SiteRow,
} from "./inventory-columns.ts";
import type {
  AuditRow,
  HoldRow,
  LeadershipRow,
  LeaseRow,
  OperationRow,
  PlanRow,
  TenantRow,
} from "./life-columns.ts";
import type {
  AlertRow,
  DeliveryRow,
  DomainEventRow,
  HostEventRow,
  HostHealthRow,
  ReportFiguresRow,
  ReportRunRow,
  SilenceRow,
} from "./watch-columns.ts";

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
