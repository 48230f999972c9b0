import { type Severity, severities } from "#fleet/alerts/alert.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { ConfigProblem, FleetConfig } from "./fleet-config.ts";

/** One `[[alerts.webhooks]]`. */
export interface WebhookSetting {
  readonly name: string;
  /** https, or http on loopback. Its path may be a secret: only its origin is ever shown. */
  readonly url: string;
  /** Holds one or two secrets, a line each. */
  readonly secretFile: string;
  readonly severity: Severity;
  readonly perHour: number;
}

/** One `[[alerts.mail]]`. */
export interface MailSetting {
  readonly name: string;
  readonly to: readonly string[];
  readonly from: string;
  readonly server: string;
  readonly port: number;
  /** `none` on loopback only. */
  readonly security: (typeof securities)[number];
  readonly user: string | null;
  /** null: the server asks for none. */
  readonly passwordFile: string | null;
  /** PEM of whoever signed the server's certificate; null: those that the system trusts. */
  readonly caFile: string | null;
  readonly severity: Severity;
  readonly perHour: number;
}

const securities = ["tls", "starttls", "none"] as const;
const channelsMax = 16;
const receiversMax = 20;
const perHourUsual = { webhook: 240, mail: 30 } as const;
const nameForm = /^[a-z0-9][a-z0-9._-]{0,39}$/i;
const mailForm = /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/iu;
const serverForm = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|[0-9a-f:]{2,45})$/i;

type Table = Readonly<Record<string, unknown>>;

/** `[[alerts.webhooks]]` of the file. What it must be is told without the address. */
export function parseWebhooks(value: unknown): Result<readonly WebhookSetting[], string> {
  const known = ["name", "url", "secret_file", "severity", "per_hour"];
  return parseTables("alerts.webhooks", known, value, (table) => {
    const common = parseCommon(table, perHourUsual.webhook);
    if (!common.ok) return common;
    const { name } = common.value;
    const url = typeof table["url"] === "string" ? URL.parse(table["url"]) : null;
    if (url === null)
      return fail(`${name}: url is an address, as in https://hooks.example.net/wws`);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackName(url.hostname)))
      return fail(`${name}: url begins with https:// (http:// only to this machine)`);
    if (url.username !== "" || url.password !== "" || url.hash !== "")
      return fail(`${name}: url holds no user, no password and no #`);
    const secretFile = textOf(table["secret_file"], 4_096);
    if (secretFile === null)
      return fail(`${name}: secret_file is a file of mode 0600 that holds the secret`);
    return ok({ ...common.value, url: url.href, secretFile });
  });
}

/** `[[alerts.mail]]` of the file. */
export function parseMail(value: unknown): Result<readonly MailSetting[], string> {
  const known = ["name", "to", "from", "server", "port", "security", "user", "password_file"];
  const all = [...known, "ca_file", "severity", "per_hour"];
  return parseTables("alerts.mail", all, value, (table) => {
    const common = parseCommon(table, perHourUsual.mail);
    if (!common.ok) return common;
    const { name } = common.value;
    const to: unknown = typeof table["to"] === "string" ? [table["to"]] : table["to"];
    if (!Array.isArray(to) || to.length === 0 || to.length > receiversMax || !to.every(isMail))
      return fail(`${name}: to is 1 to ${receiversMax} addresses, as in ["ops@example.net"]`);
    const from: unknown = table["from"];
    if (!isMail(from)) return fail(`${name}: from is an address, as in "fleet@example.net"`);
    const server = textOf(table["server"], 253);
    if (server === null || !serverForm.test(server))
      return fail(`${name}: server is the name of a mail server`);
    const security = securities.find((one) => one === (table["security"] ?? "starttls"));
    if (security === undefined) return fail(`${name}: security is one of ${securities.join(", ")}`);
    if (security === "none" && !isLoopbackName(server))
      return fail(`${name}: security none is for a mail server on this machine`);
    const port = table["port"] ?? { tls: 465, starttls: 587, none: 25 }[security];
    if (!isWhole(port, 1, 65_535)) return fail(`${name}: port is from 1 to 65535`);
    const user = textOf(table["user"], 256);
    const passwordFile = textOf(table["password_file"], 4_096);
    if ((user === null) !== (passwordFile === null))
      return fail(`${name}: user and password_file belong together`);
    if (security === "none" && user !== null)
      return fail(`${name}: a password is not sent without encryption`);
    const caFile = textOf(table["ca_file"], 4_096);
    return ok({ ...common.value, to, from, server, port, security, user, passwordFile, caFile });
  });
}

function parseTables<Setting extends { readonly name: string }>(
  where: string,
  known: readonly string[],
  value: unknown,
  parse: (table: Table) => Result<Setting, string>,
): Result<readonly Setting[], string> {
  if (!Array.isArray(value) || value.length > channelsMax)
    return fail(`a list of at most ${channelsMax} tables: [[${where}]]`);
  const settings: Setting[] = [];
  for (const entry of value as unknown[]) {
    if (typeof entry !== "object" || entry === null || Array.isArray(entry))
      return fail(`a list of tables: [[${where}]]`);
    const strange = Object.keys(entry).find((key) => !known.includes(key));
    if (strange !== undefined)
      return fail(`tables with ${known.join(", ")}; there is no ${strange.slice(0, 40)}`);
    const setting = parse(entry as Table);
    if (!setting.ok) return fail(`tables of which each is whole: ${setting.problem}`);
    settings.push(setting.value);
  }
  return ok(settings);
}

function parseCommon(
  table: Table,
  perHourUsually: number,
): Result<{ name: string; severity: Severity; perHour: number }, string> {
  const name: unknown = table["name"];
  if (typeof name !== "string" || !nameForm.test(name))
    return fail("name is up to 40 letters, digits, -, _ and .");
  const severity = severities.find((one) => one === (table["severity"] ?? "warn"));
  if (severity === undefined)
    return fail(`${name}: severity is the least that is told: ${severities.join(", ")}`);
  const perHour = table["per_hour"] ?? perHourUsually;
  if (!isWhole(perHour, 1, 10_000))
    return fail(`${name}: per_hour is a whole number from 1 to 10000`);
  return ok({ name, severity, perHour });
}

function isMail(value: unknown): value is string {
  return typeof value === "string" && value.length <= 254 && mailForm.test(value);
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}

function textOf(value: unknown, longest: number): string | null {
  return typeof value === "string" && value !== "" && value.length <= longest ? value : null;
}

function isLoopbackName(name: string): boolean {
  return name === "localhost" || name === "::1" || name === "[::1]" || /^127\.[\d.]+$/.test(name);
}

/** `config check` shows where it goes, never the path of it. */
export function showWebhook(setting: WebhookSetting): object {
  return { ...setting, url: new URL(setting.url).origin };
}

/** Two channels of one name could not be told apart. */
export function alertContradictions({ alerts }: FleetConfig): readonly ConfigProblem[] {
  const names = [...alerts.webhooks, ...alerts.mail].map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return [];
  return [
    {
      kind: "contradiction",
      where: "alerts",
      detail: `two channels are called ${twice}`,
      hint: "give each webhook and each mail receiver a name of its own",
    },
  ];
}
