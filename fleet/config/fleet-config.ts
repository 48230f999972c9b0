import type { FaultPolicy } from "#fleet/lifecycle/fault-policy.ts";
import type { Budgets } from "#fleet/lifecycle/plans/budget-limits.ts";
import type { MailSetting, WebhookSetting } from "./alert-settings.ts";
import type { ReportSchedule } from "#fleet/reports/report-schedule.ts";
import type { CellId } from "#proto/vocabulary/ids.ts";
import type { Region } from "#proto/vocabulary/position.ts";

export const profiles = ["lab", "team", "provider"] as const;
/** How much ceremony an action takes (LIFECYCLE section 7). */
export type Profile = (typeof profiles)[number];

export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A cell that a federation reads; `[[federation.cells]]` in the file, or an address of `--federate`. */
export interface FederatedCell {
  /** Origin of its console: `https://fleet.eu.example.net:7600`. */
  readonly url: string;
  /** What the cell must call itself; null: not said. */
  readonly name: string | null;
  /** null: its line in `federation.tokens_file`. */
  readonly tokenFile: string | null;
  /** PEM; null: `federation.ca_file`, else the system's. */
  readonly caFile: string | null;
}

/** How one manager runs; checked once, then trusted. */
export interface FleetConfig {
  readonly profile: Profile;
  readonly cell: CellId;
  /** The region whose sites this cell owns. */
  readonly region: Region;
  readonly dataFolder: string;
  /** null: SQLite in the data folder. */
  readonly databaseUrl: string | null;
  readonly console: ListenAddress & {
    /** PEM files. null: plain HTTP, which only loopback may have. */
    readonly certificate: string | null;
    readonly privateKey: string | null;
    /** Further names by which people reach it. */
    readonly names: readonly string[];
  };
  readonly agents: ListenAddress & {
    /** Names and addresses by which agents reach it; they stand in its certificate. */
    readonly names: readonly string[];
    readonly reportIntervalMs: number;
    readonly simulatedReportIntervalMs: number;
    readonly heartbeatMs: number;
  };
  readonly telemetry: { readonly retentionMs: number; readonly retentionBytes: number };
  /** How many hosts plans may take at once; stricter than the compiled bounds, or those. */
  readonly budgets: Budgets;
  /** What a host's failing health does by itself. */
  readonly onFault: FaultPolicy;
  /** null: a manager of one cell. Else no cell of its own: a view over these, which only reads. */
  readonly federation: {
    readonly cells: readonly FederatedCell[];
    /** Lines of `URL TOKEN`, mode 0600. */
    readonly tokensFile: string | null;
    readonly caFile: string | null;
  } | null;
  /** How alerts leave the house. */
  readonly alerts: {
    /** Where people reach the console; null: messages name no address. */
    readonly consoleUrl: string | null;
    readonly webhooks: readonly WebhookSetting[];
    readonly mail: readonly MailSetting[];
  };
  /** Reports that are written again and again. */
  readonly reportSchedules: readonly ReportSchedule[];
  readonly logLevel: LogLevel;
  /**
   * `npm start`: this machine is a host as well, and the manager is not ready before its first
   * report is on disk.
   */
  readonly withThisMachine: boolean;
}

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** Where a value comes from: `default`, `/etc/wws-fleet/fleet.toml`, `WWS_PORT`, `--data`. */
export type Origin = string;

export interface ConfigSetting {
  /** As the file names it: `agents.port`. */
  readonly key: string;
  readonly value: string | number | boolean | readonly string[] | readonly object[] | null;
  readonly origin: Origin;
  readonly description: string;
}

export interface LoadedConfig {
  readonly config: FleetConfig;
  /** Every effective value, in the file's order; secrets are masked. For `config check`. */
  readonly settings: readonly ConfigSetting[];
  /** The file that was read; null: none. */
  readonly file: string | null;
}

export interface ConfigProblem {
  readonly kind:
    | "file-missing"
    | "file-unreadable"
    | "file-malformed"
    | "unknown-key"
    | "bad-value"
    | "contradiction";
  /** File, variable or flag, and the key. */
  readonly where: string;
  readonly detail: string;
  readonly hint: string;
}
