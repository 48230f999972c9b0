import { faultPolicies } from "#fleet/lifecycle/fault-policy.ts";
import {
  type Budgets,
  compiledBudgets,
  readBudgets,
} from "#fleet/lifecycle/plans/budget-limits.ts";
import { parseCellId } from "#proto/vocabulary/ids.ts";
import { regions } from "#proto/vocabulary/position.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  type MailSetting,
  parseMail,
  parseWebhooks,
  showWebhook,
  type WebhookSetting,
} from "./alert-settings.ts";
import { readSchedules, type ReportSchedule } from "#fleet/reports/report-schedule.ts";
import { type FederatedCell, logLevels, profiles } from "./fleet-config.ts";
import { parseFederatedCells } from "./federated-cells.ts";

/** Why a value is not one for its key; completes "must be …". */
type Expectation = string;

export type KeyValue =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly FederatedCell[]
  | readonly ReportSchedule[]
  | readonly WebhookSetting[]
  | readonly MailSetting[]
  | null;

export interface ConfigKey<Value extends KeyValue = KeyValue> {
  readonly default: Value;
  readonly environment?: string;
  readonly flag?: string;
  readonly isSecret?: boolean;
  /** Of a value with a secret part: what `config check` shows. A refused one is not repeated. */
  show?(value: Value): readonly object[];
  readonly description: string;
  /** From TOML (any type) or from text (environment, flags). */
  readonly parse: (value: unknown) => Result<Value, Expectation>;
}

/** Every key of fleet.toml, in the order in which `config check` prints them. */
export const configKeys = {
  profile: key({
    default: "team" as (typeof profiles)[number],
    environment: "WWS_PROFILE",
    flag: "--profile",
    description: "how much ceremony an action takes: lab, team or provider",
    parse: oneOf(profiles),
  }),
  cell: key({
    default: "main",
    environment: "WWS_CELL",
    description: "name of this manager and its store, in ids and certificates; never changes",
    parse: (value) => {
      const parsed = typeof value === "string" ? parseCellId(value) : undefined;
      return parsed?.ok
        ? ok<string>(parsed.value)
        : fail("a name of lower-case letters, digits and -, up to 32");
    },
  }),
  region: key({
    default: "na" as (typeof regions)[number],
    environment: "WWS_REGION",
    description: "the region whose sites this cell owns: na, eu or ea",
    parse: oneOf(regions),
  }),
  data: key({
    default: "/var/lib/wws-fleet",
    environment: "WWS_DATA",
    flag: "--data",
    description: "folder of the store, the certificate authority and the telemetry",
    parse: text(1, 4096),
  }),
  database_url: key<string | null>({
    default: null,
    environment: "WWS_DATABASE_URL",
    isSecret: true,
    description: "postgres://… for PostgreSQL; without it SQLite in the data folder",
    parse: (value) =>
      typeof value === "string" && /^postgres(ql)?:\/\/\S+$/.test(value)
        ? ok(value)
        : fail("a postgres:// address"),
  }),
  log_level: key({
    default: "info" as (typeof logLevels)[number],
    environment: "WWS_LOG_LEVEL",
    flag: "--log-level",
    description: "debug, info, warn or error",
    parse: oneOf(logLevels),
  }),
  "console.address": key({
    default: "127.0.0.1",
    description: "where people and tools connect; any but loopback needs a certificate",
    parse: ipAddress,
  }),
  "console.port": key({
    default: 7600,
    environment: "WWS_PORT",
    flag: "--port",
    description: "WWS_PORT and --port move the agents' port as well, to the next one",
    parse: port,
  }),
  "console.certificate": key<string | null>({
    default: null,
    description: "PEM file with the certificate and its chain",
    parse: text(1, 4096),
  }),
  "console.private_key": key<string | null>({
    default: null,
    description: "PEM file with the certificate's key",
    parse: text(1, 4096),
  }),
  "console.names": key<readonly string[]>({
    default: [],
    description: "further names by which people reach the console: fleet.example.net",
    parse: names,
  }),
  "agents.address": key({
    default: "127.0.0.1",
    description: "where agents connect with mutual TLS",
    parse: ipAddress,
  }),
  "agents.port": key({
    default: 7601,
    description: "where agents connect with mutual TLS",
    parse: port,
  }),
  "agents.names": key<readonly string[]>({
    default: [],
    description: "names and addresses by which agents reach this manager; in its certificate",
    parse: names,
  }),
  "agents.report_interval_ms": key({
    default: 10_000,
    environment: "WWS_REPORT_INTERVAL_MS",
    description: "how often an agent sends what it has sampled",
    parse: integer(1_000, 300_000),
  }),
  "agents.simulated_report_interval_ms": key({
    default: 10_000,
    environment: "WWS_SIMULATED_REPORT_INTERVAL_MS",
    description: "the same for simulated hosts",
    parse: integer(1_000, 300_000),
  }),
  "agents.heartbeat_ms": key({
    default: 10_000,
    description: "sign of life expected of each host; late after 3 missed, lost after 9",
    parse: integer(1_000, 300_000),
  }),
  "telemetry.retention_days": key({
    default: 7,
    description: "samples older than this are removed",
    parse: integer(1, 3_650),
  }),
  "telemetry.retention_mebibytes": key({
    default: 8_192,
    description: "when samples take more, the oldest go",
    parse: integer(64, 1_048_576),
  }),
  "budgets.rack_hosts": budget("rack", "hosts of a rack that plans take at once"),
  "budgets.feed_hosts": budget("feed", "hosts on one power line that plans take at once"),
  "budgets.site_hosts": budget("siteHosts", "hosts of a site that plans take at once, at least"),
  "budgets.site_share": budget("siteShare", "the same as a share of the site, where that is more"),
  "budgets.cell_hosts": budget("cell", "hosts of the cell that plans take at once"),
  "budgets.starts_per_minute": budget("startsPerMinute", "operations that begin in a minute"),
  "budgets.serving_floor_share": budget(
    "servingFloorShare",
    "share of each class in a site that must be able to serve",
  ),
  "health.on_fault": key({
    default: "drain" as (typeof faultPolicies)[number],
    description:
      "what a host's failing health does by itself: off, hold (nothing new is placed there) or drain",
    parse: oneOf(faultPolicies),
  }),
  "federation.cells": key<readonly FederatedCell[]>({
    default: [],
    environment: "WWS_FEDERATE",
    flag: "--federate",
    description:
      "the cells of a read-only view: [[federation.cells]] with url, name, token_file, ca_file",
    parse: parseFederatedCells,
  }),
  "federation.tokens_file": key<string | null>({
    default: null,
    environment: "WWS_FEDERATE_TOKENS",
    description: "lines of `URL TOKEN`, mode 0600, for cells without a token_file of their own",
    parse: text(1, 4096),
  }),
  "federation.ca_file": key<string | null>({
    default: null,
    environment: "WWS_FEDERATE_CA",
    description: "PEM file of who signed the cells' certificates; without it the system's list",
    parse: text(1, 4096),
  }),
  "alerts.console_url": key<string | null>({
    default: null,
    description: "where people reach the console, for messages: https://fleet.example.net:7600",
    parse: (value) =>
      typeof value === "string" && /^https?:\/\/[^\s/@?#]+\/?$/.test(value)
        ? ok(value.replace(/\/$/, ""))
        : fail("an address without a path, as in https://fleet.example.net:7600"),
  }),
  "alerts.webhooks": key<readonly WebhookSetting[]>({
    default: [],
    show: (settings) => settings.map(showWebhook),
    description:
      "who is posted alerts: [[alerts.webhooks]] with name, url, secret_file, severity, per_hour",
    parse: parseWebhooks,
  }),
  "alerts.mail": key<readonly MailSetting[]>({
    default: [],
    description:
      "who is mailed alerts: [[alerts.mail]] with name, to, from, server, port, security, user, password_file, ca_file, severity, per_hour",
    parse: parseMail,
  }),
  "reports.schedules": key<readonly ReportSchedule[]>({
    default: [],
    description:
      "reports that are written again and again: [[reports.schedules]] with name, report, cron, format, selector, group, site, time_zone, folder, keep, window_minutes",
    parse: readSchedules,
  }),
  with_this_machine: key({
    default: false,
    environment: "WWS_WITH_THIS_MACHINE",
    description: "set by npm start: this machine is a host too, and readiness waits for its report",
    parse: boolean,
  }),
} as const;

export type ConfigKeyName = keyof typeof configKeys;

export function keyNames(): readonly ConfigKeyName[] {
  return Object.keys(configKeys).filter(isKeyName);
}

export function isKeyName(name: string): name is ConfigKeyName {
  return Object.hasOwn(configKeys, name);
}

function key<Value extends KeyValue>(definition: ConfigKey<Value>): ConfigKey<Value> {
  return definition;
}

/** Stricter than what is compiled in, never looser and never off. */
function budget(name: keyof Budgets, description: string): ConfigKey<number> {
  return key<number>({
    default: compiledBudgets[name],
    description,
    parse(value) {
      if (typeof value !== "number") return fail("a number");
      const read = readBudgets({ [name]: value });
      return read.ok ? ok(value) : fail(`stricter: ${read.problem[0]?.words ?? ""}`);
    },
  });
}

function oneOf<Word extends string>(
  words: readonly Word[],
): (value: unknown) => Result<Word, string> {
  return (value) => {
    const found = words.find((word) => word === value);
    return found === undefined ? fail(`one of ${words.join(", ")}`) : ok(found);
  };
}

function text(min: number, max: number): (value: unknown) => Result<string, string> {
  return (value) =>
    typeof value === "string" && value.length >= min && value.length <= max
      ? ok(value)
      : fail(`text of ${min} to ${max} characters`);
}

function integer(min: number, max: number): (value: unknown) => Result<number, string> {
  return (value) => {
    const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    return typeof number === "number" &&
      Number.isSafeInteger(number) &&
      number >= min &&
      number <= max
      ? ok(number)
      : fail(`a whole number from ${min} to ${max}`);
  };
}

function port(value: unknown): Result<number, string> {
  return integer(1, 65_533)(value);
}

function boolean(value: unknown): Result<boolean, string> {
  if (value === true || value === "true" || value === "1") return ok(true);
  if (value === false || value === "false" || value === "0") return ok(false);
  return fail("true or false");
}

const hostNameForm = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

const ipv4Form = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(?!$)|$)){4}$/;

function ipAddress(value: unknown): Result<string, string> {
  const isAddress =
    typeof value === "string" &&
    (ipv4Form.test(value) || (value.includes(":") && URL.canParse(`http://[${value}]`)));
  return isAddress ? ok(value) : fail("an IP address, as in 127.0.0.1, 0.0.0.0 or ::");
}

function names(value: unknown): Result<readonly string[], string> {
  const list: unknown = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(list) || list.length > 32) return fail("a list of up to 32 names");
  const found: string[] = [];
  for (const entry of list) {
    if (typeof entry !== "string") return fail("a list of names");
    if (!hostNameForm.test(entry) && !ipAddress(entry).ok)
      return fail("a list of names or addresses");
    found.push(entry);
  }
  return ok(found);
}
