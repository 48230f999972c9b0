// Columns of sites, racks and hosts, of what a host said of itself and of its parts.
// Types as in tables.ts.

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

export interface HardwareClassRow {
  name: string;
  profile_json: string;
  since_ms: number;
}
