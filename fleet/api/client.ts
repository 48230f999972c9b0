import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import {
  type ApproveRule,
  type EstateAnswer,
  estateOutcomeSchema,
  type RuleAnswer,
  ruleOutcomeSchema,
} from "./estate-schemas.ts";
import {
  type AuditList,
  type AuditVerdictView,
  auditListSchema,
  auditVerdictSchema,
} from "./audit-schemas.ts";
import {
  type CellList,
  cellListSchema,
  type StaleCell,
  staleCellsSchema,
  staleHeader,
} from "./cell-schemas.ts";
import {
  type Approved,
  approvedSchema,
  type CreatedTokenAnswer,
  type CreateToken,
  createdTokenSchema,
  type PendingList,
  pendingListSchema,
  type TokenList,
  tokenListSchema,
} from "./enrolment-schemas.ts";
import {
  explanationSchema,
  type HostEvents,
  type HostExplanation,
  hostEventsSchema,
} from "./health-schemas.ts";
import { type Host, type HostList, hostListSchema, hostSchema } from "./host-schemas.ts";
import { type HostInventory, inventorySchema } from "./inventory-schemas.ts";
import { type AlertClient, createAlertClient } from "./alert-client.ts";
import { createLifeClient, type LifeClient } from "./life-client.ts";
import { createPeopleClient, type PeopleClient } from "./people-client.ts";
import {
  backupSchema,
  type StoreBackup,
  type StoreCheck,
  storeCheckSchema,
} from "./manager-schemas.ts";
import {
  type RackDetail,
  type RackList,
  type RegionList,
  rackDetailSchema,
  rackListSchema,
  regionListSchema,
  type SiteList,
  siteListSchema,
} from "./place-schemas.ts";
import { type Problem, problemSchema } from "./problem-schema.ts";
import {
  type ReportScheduleList,
  reportScheduleListSchema,
  reportSchema,
  type ReportView,
} from "./report-schemas.ts";
import { type SafeModeView, safeModeSchema } from "./safe-mode-schemas.ts";
import { linkAnswerSchema, type SigninLink } from "./session-schemas.ts";
import { type TelemetryAnswer, telemetrySchema } from "./telemetry-schemas.ts";

/** The API as functions. Every answer is checked before it is handed on. */
export type ReportKindName = ReportView["kind"];

export interface ApiClient extends LifeClient, PeopleClient, AlertClient {
  hosts(query: Query): Promise<HostList>;
  host(id: string): Promise<Host>;
  inventory(id: string): Promise<HostInventory>;
  explain(id: string): Promise<HostExplanation>;
  hostEvents(id: string, query: Query): Promise<HostEvents>;
  telemetry(id: string, query: Query): Promise<TelemetryAnswer>;
  cells(): Promise<CellList>;
  regions(): Promise<RegionList>;
  sites(): Promise<SiteList>;
  racks(query: Query): Promise<RackList>;
  rack(id: string): Promise<RackDetail>;
  report(kind: ReportKindName, query: Query): Promise<ReportView>;
  /** `format` in the query: csv, html or parquet. */
  reportFile(kind: ReportKindName, query: Query): Promise<Uint8Array>;
  reportSchedules(): Promise<ReportScheduleList>;
  removeHost(id: string, reason: string): Promise<void>;
  placeHost(id: string, position: string): Promise<Host>;
  acceptHardware(id: string): Promise<Host>;
  createToken(token: CreateToken, key: string): Promise<CreatedTokenAnswer>;
  tokens(): Promise<TokenList>;
  pending(): Promise<PendingList>;
  approve(id: string, approval: object, key: string): Promise<Approved>;
  approveByRule(ask: ApproveRule, key: string): Promise<RuleAnswer>;
  /** The text of a file, CSV or JSON. */
  importEstate(text: string, query: Query): Promise<EstateAnswer>;
  exportEstate(query: Query): Promise<string>;
  dismiss(id: string): Promise<void>;
  createSigninLink(name: string | undefined): Promise<SigninLink>;
  checkStore(): Promise<StoreCheck>;
  backUpStore(key: string): Promise<StoreBackup>;
  safeMode(): Promise<SafeModeView>;
  acknowledgeSafeMode(reason: string): Promise<SafeModeView>;
  audit(query: Query): Promise<AuditList>;
  verifyAudit(): Promise<AuditVerdictView>;
  /** Yields each event of the stream. Throws when the manager ends it or the signal says so. */
  events(query: Query): AsyncIterable<StreamEvent>;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface StreamEvent {
  readonly kind: string;
  readonly data: unknown;
}

/** `unreachable`: nobody answered; `refused`: the API said no; `foreign`: what answered is not it. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly kind: "unreachable" | "refused" | "foreign";
  readonly problem: Problem | null;

  constructor(
    kind: ClientError["kind"],
    message: string,
    options: { readonly problem?: Problem; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.problem = options.problem ?? null;
  }
}

export interface ClientEffects {
  /** Told of each answer that a federation gave without all of its cells. */
  readonly onStale?: (cells: readonly StaleCell[]) => void;
  readonly fetch: typeof fetch;
  readonly url: string;
  readonly token: string | null;
  readonly signal: AbortSignal;
}

export function createApiClient(effects: ClientEffects): ApiClient {
  const get = <Schema extends TSchema>(schema: Schema, path: string, query: Query = {}) =>
    ask(effects, schema, { method: "GET", path: path + writeQuery(query) });
  const post = <Schema extends TSchema>(
    schema: Schema,
    path: string,
    body: object,
    key: string | null,
  ) => ask(effects, schema, { method: "POST", path, body, key });
  const remove = async (path: string, query: Query = {}): Promise<void> => {
    await call(effects, { method: "DELETE", path: path + writeQuery(query) });
  };
  const removed = <Schema extends TSchema>(schema: Schema, path: string, query: Query) =>
    ask(effects, schema, { method: "DELETE", path: path + writeQuery(query) });
  const hostPath = (id: string, rest = "") => `/hosts/${encodeURIComponent(id)}${rest}`;
  const pendingPath = (id: string, rest = "") =>
    `/enrolment/pending/${encodeURIComponent(id)}${rest}`;
  return {
    ...createLifeClient({ get, post, remove }),
    ...createAlertClient({ get, post, remove }),
    ...createPeopleClient({ get, post, remove, removed }),
    hosts: (query) => get(hostListSchema, "/hosts", query),
    host: (id) => get(hostSchema, hostPath(id)),
    inventory: (id) => get(inventorySchema, hostPath(id, "/inventory")),
    explain: (id) => get(explanationSchema, hostPath(id, "/explain")),
    hostEvents: (id, query) => get(hostEventsSchema, hostPath(id, "/events"), query),
    telemetry: (id, query) => get(telemetrySchema, hostPath(id, "/telemetry"), query),
    cells: () => get(cellListSchema, "/cells"),
    regions: () => get(regionListSchema, "/regions"),
    sites: () => get(siteListSchema, "/sites"),
    racks: (query) => get(rackListSchema, "/racks", query),
    report: (kind, query) => get(reportSchema, `/reports/${kind}`, query),
    async reportFile(kind, query) {
      const path = `/reports/${kind}${writeQuery(query)}`;
      const answer = await call(effects, { method: "GET", path, accept: "*/*" });
      return new Uint8Array(await answer.arrayBuffer());
    },
    reportSchedules: () => get(reportScheduleListSchema, "/reports/schedules"),
    rack: (id) => get(rackDetailSchema, `/racks/${encodeURIComponent(id)}`),
    removeHost: (id, reason) => remove(hostPath(id), { reason }),
    placeHost: (id, position) => post(hostSchema, hostPath(id, "/position"), { position }, null),
    acceptHardware: (id) => post(hostSchema, hostPath(id, "/accept-hardware"), {}, null),
    createToken: (token, key) => post(createdTokenSchema, "/enrolment/tokens", token, key),
    tokens: () => get(tokenListSchema, "/enrolment/tokens"),
    pending: () => get(pendingListSchema, "/enrolment/pending"),
    approve: (id, approval, key) =>
      post(approvedSchema, pendingPath(id, "/approve"), approval, key),
    approveByRule: (rule, key) => post(ruleOutcomeSchema, "/enrolment/approve-by-rule", rule, key),
    importEstate: (text, query) =>
      ask(effects, estateOutcomeSchema, {
        method: "POST",
        path: `/inventory/import${writeQuery(query)}`,
        text,
      }),
    async exportEstate(query) {
      const path = `/inventory/export${writeQuery(query)}`;
      return (await call(effects, { method: "GET", path, accept: "*/*" })).text();
    },
    dismiss: (id) => remove(pendingPath(id)),
    createSigninLink: (name) =>
      post(linkAnswerSchema, "/session/links", name === undefined ? {} : { name }, null),
    checkStore: () => get(storeCheckSchema, "/store/check"),
    backUpStore: (key) => post(backupSchema, "/store/backup", {}, key),
    safeMode: () => get(safeModeSchema, "/store/safe-mode"),
    acknowledgeSafeMode: (reason) =>
      post(safeModeSchema, "/store/safe-mode/acknowledge", { reason }, null),
    audit: (query) => get(auditListSchema, "/audit", query),
    verifyAudit: () => get(auditVerdictSchema, "/audit/verify"),
    events: (query) => readEvents(effects, `/events${writeQuery(query)}`),
  };
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: object;
  /** In place of a body in JSON. */
  readonly text?: string;
  readonly key?: string | null;
  readonly accept?: string;
}

async function ask<Schema extends TSchema>(
  effects: ClientEffects,
  schema: Schema,
  request: Call,
): Promise<Static<Schema>> {
  const response = await call(effects, request);
  const answer = await readJson(response);
  if (Value.Check(schema, answer)) return answer;
  const where = [...Value.Errors(schema, answer)][0]?.instancePath ?? "";
  throw new ClientError("foreign", `${effects.url} answered in another form than expected${where}`);
}

async function call(effects: ClientEffects, request: Call): Promise<Response> {
  let response: Response;
  try {
    response = await effects.fetch(`${effects.url}/api/v1${request.path}`, {
      method: request.method,
      redirect: "error",
      signal: effects.signal,
      headers: {
        accept: request.accept ?? "application/json",
        ...(effects.token === null ? {} : { authorization: `Bearer ${effects.token}` }),
        ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        ...(request.text === undefined ? {} : { "content-type": "text/csv" }),
        ...(request.key ? { "idempotency-key": request.key } : {}),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      ...(request.text === undefined ? {} : { body: request.text }),
    });
  } catch (cause) {
    effects.signal.throwIfAborted();
    throw new ClientError("unreachable", `${effects.url} does not answer${reasonOf(cause)}`, {
      cause,
    });
  }
  if (response.ok) {
    noteStale(effects, response);
    return response;
  }
  const problem = await readJson(response).catch(() => null);
  if (Value.Check(problemSchema, problem)) {
    throw new ClientError("refused", problem.detail, { problem });
  }
  throw new ClientError(
    "foreign",
    `${effects.url} answered ${response.status}; is that a manager?`,
  );
}

/** The header is written by whoever answers: one that is not of its form says nothing. */
function noteStale(effects: ClientEffects, response: Response): void {
  const header = response.headers.get(staleHeader);
  if (header === null || effects.onStale === undefined) return;
  let cells: unknown;
  try {
    cells = JSON.parse(header);
  } catch {
    return;
  }
  if (Value.Check(staleCellsSchema, cells)) effects.onStale(cells);
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new ClientError("foreign", `${response.url} did not answer in JSON; is that a manager?`, {
      cause,
    });
  }
}

/** `fetch failed` says nothing; the reason is one or two causes below. */
function reasonOf(cause: unknown): string {
  let deepest: unknown = cause;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return "";
  const code = "code" in deepest && typeof deepest.code === "string" ? deepest.code : "";
  const words = code === "" ? deepest.message : code;
  return words === "" ? "" : ` (${words})`;
}

function writeQuery(query: Query): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

async function* readEvents(effects: ClientEffects, path: string): AsyncGenerator<StreamEvent> {
  const response = await call(effects, { method: "GET", path, accept: "text/event-stream" });
  const decoder = new TextDecoder();
  let text = "";
  if (response.body === null) throw new ClientError("foreign", `${effects.url} sent no stream`);
  const chunks = response.body.values();
  for (;;) {
    const chunk = await nextChunk(effects, chunks);
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = readEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

/** A stream has no end of its own: when it ends, the manager went away. */
async function nextChunk(
  effects: ClientEffects,
  chunks: AsyncIterator<Uint8Array>,
): Promise<Uint8Array> {
  try {
    const next = await chunks.next();
    if (!next.done) return next.value;
  } catch (cause) {
    effects.signal.throwIfAborted();
    const reason = reasonOf(cause);
    throw new ClientError("unreachable", `the stream of ${effects.url} broke off${reason}`, {
      cause,
    });
  }
  throw new ClientError("unreachable", `${effects.url} has ended the stream`);
}

function readEvent(block: string): StreamEvent | undefined {
  let kind = "";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    if (line.startsWith("data: ")) data += line.slice(6);
  }
  return kind === "" ? undefined : { kind, data: JSON.parse(data) as unknown };
}
