// Columns of what lets machines and people in.
// Types as in tables.ts.

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
