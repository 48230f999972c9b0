import type { Clock } from "#proto/vocabulary/clock.ts";
import { DoorError, type HttpAnswer, type RedfishDoor } from "./redfish-door.ts";
import type { RedfishAnswer } from "./redfish-facts.ts";
import { isObject } from "./resource.ts";

export const crawlLimits = {
  resourcesMax: 800,
  bytesMax: 32 * 1024 * 1024,
  depthMax: 8,
  pagesMax: 20,
  elapsedMsMax: 300_000,
  /** In one answer. */
  linksMax: 1_000,
  nestingMax: 8,
  failuresMax: 5,
} as const;

/**
 * What is followed, by the name of the property that holds the link. Not followed, and so never
 * read: accounts, sessions, certificates, network settings, BIOS attributes and entries of logs.
 */
const followed: ReadonlySet<string> = new Set([
  "Systems",
  "Chassis",
  "Managers",
  "UpdateService",
  "Members",
  "Power",
  "Thermal",
  "PowerSubsystem",
  "PowerSupplies",
  "ThermalSubsystem",
  "ThermalMetrics",
  "Fans",
  "Metrics",
  "EnvironmentMetrics",
  "Memory",
  "Processors",
  "Storage",
  "Drives",
  "LogServices",
]);
/** Long lists of small things: looked at when all else was. */
const followedLate: ReadonlySet<string> = new Set([
  "Sensors",
  "Controls",
  "NetworkAdapters",
  "FirmwareInventory",
]);
const pathForm = /^\/redfish\/v1(?:\/[A-Za-z0-9._~:@%+ ,()=&-]{1,128}){0,16}\/?$/;
const neverPath =
  /\/(?:AccountService|SessionService|CertificateService|Certificates|Sessions|Accounts|Entries|Actions|NetworkProtocol|EthernetInterfaces|Bios|Oem|Settings|\.\.?)(?:\/|$)/i;

export interface Crawl {
  readonly answers: readonly RedfishAnswer[];
  /** What was left out or went wrong, for people. */
  readonly troubles: readonly string[];
}

export class CrawlError extends Error {
  override readonly name = "CrawlError";
  readonly code: "unreachable" | "unauthorised" | "not-redfish" | "busy";

  constructor(code: CrawlError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Reads a service from its root, within limits. Throws CrawlError where nothing can be read. */
export async function crawl(
  door: RedfishDoor,
  effects: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Crawl> {
  const walk = new Walk(door, effects);
  await walk.readRoot();
  await walk.run();
  return { answers: walk.answers, troubles: walk.troubles };
}

interface Link {
  readonly path: string;
  readonly depth: number;
  /** The number of this page of its collection, from 1. */
  readonly page: number;
}

class Walk {
  readonly answers: RedfishAnswer[] = [];
  readonly troubles: string[] = [];
  readonly #door: RedfishDoor;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #startMs: number;
  readonly #seen = new Set<string>(["/redfish/v1"]);
  readonly #now: Link[] = [];
  readonly #late: Link[] = [];
  #bytes = 0;
  #failures = 0;

  constructor(
    door: RedfishDoor,
    { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  ) {
    this.#door = door;
    this.#clock = clock;
    this.#signal = signal;
    this.#startMs = clock.nowMonotonicMs();
  }

  /** Without user and password: a stranger at the address learns neither. */
  async readRoot(): Promise<void> {
    const first = await this.#get("/redfish/v1/", false);
    const answer = isElsewhere(first) ? await this.#get("/redfish/v1", false) : first;
    if (answer.status === 503 || answer.status === 429)
      throw new CrawlError("busy", `it answers HTTP ${answer.status}: it starts, or is overloaded`);
    const body = parse(answer.text);
    if (answer.status !== 200 || !isObject(body) || body["Systems"] === undefined)
      throw new CrawlError(
        "not-redfish",
        `there is no Redfish service (HTTP ${answer.status} at /redfish/v1/)`,
      );
    this.#keep({ path: "/redfish/v1", depth: 0, page: 1 }, answer.status, body);
  }

  async run(): Promise<void> {
    for (;;) {
      const link = this.#now.shift() ?? this.#late.shift();
      if (link === undefined) return;
      const end = this.#endOf();
      if (end !== null) {
        const left = this.#now.length + this.#late.length + 1;
        this.troubles.push(`${end}: ${left} resources were not read`);
        return;
      }
      await this.#visit(link);
    }
  }

  async #visit(link: Link): Promise<void> {
    const answer = await this.#getEither(link.path).catch((error: unknown) => {
      if (this.#signal.aborted || !(error instanceof CrawlError)) throw error;
      this.#failures += 1;
      if (this.#failures > crawlLimits.failuresMax) throw error;
      this.troubles.push(`${link.path}: ${error.message}`);
      return null;
    });
    if (answer === null) return;
    // Some keep single resources from some roles: only the first, a top collection, decides.
    if ((answer.status === 401 || answer.status === 403) && this.answers.length === 1)
      throw new CrawlError("unauthorised", `it answers HTTP ${answer.status} to this user`);
    if (answer.isCut) {
      this.troubles.push(`${link.path}: the answer is too large`);
      return;
    }
    this.#keep(link, answer.status, parse(answer.text));
  }

  /** Some want the last slash, and say so by sending us elsewhere; no other place is gone to. */
  async #getEither(path: string): Promise<HttpAnswer> {
    const answer = await this.#get(path, true);
    return isElsewhere(answer) && !path.includes("?") ? this.#get(`${path}/`, true) : answer;
  }

  async #get(path: string, isKnown: boolean): Promise<HttpAnswer> {
    try {
      const answer = await this.#door.get(path, isKnown, this.#signal);
      this.#bytes += answer.text.length;
      return answer;
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason;
      const message = error instanceof DoorError ? error.message : String(error);
      throw new CrawlError("unreachable", message, { cause: error });
    }
  }

  #keep(link: Link, status: number, body: unknown): void {
    this.answers.push({ path: link.path, status, body });
    if (status !== 200 || !isObject(body)) return;
    const next = body["Members@odata.nextLink"];
    if (typeof next === "string") this.#addPage(link, next);
    if (link.depth >= crawlLimits.depthMax) return;
    const links = { left: crawlLimits.linksMax as number };
    this.#collect(body, null, link.depth + 1, 0, links);
    if (links.left <= 0) this.troubles.push(`${link.path}: more links than are followed`);
  }

  /** Every link in a body whose property, or that of the list around it, is one to follow. */
  #collect(
    value: unknown,
    property: string | null,
    depth: number,
    nesting: number,
    links: { left: number },
  ): void {
    if (nesting > crawlLimits.nestingMax || links.left <= 0) return;
    if (Array.isArray(value)) {
      for (const entry of value) this.#collect(entry, property, depth, nesting + 1, links);
      return;
    }
    if (!isObject(value)) return;
    for (const [key, below] of Object.entries(value)) {
      if (key === "Links" || key === "Oem") continue;
      if (key === "@odata.id" && nesting > 0 && typeof below === "string") {
        if (property === null) continue;
        links.left -= 1;
        this.#add(below, property, depth);
      } else if (key === "@Redfish.ActionInfo" && typeof below === "string") {
        this.#add(below, "Members", depth);
      } else if (typeof below === "object" && below !== null) {
        const isFollowed = followed.has(key) || followedLate.has(key);
        this.#collect(below, isFollowed ? key : null, depth, nesting + 1, links);
      }
    }
  }

  #add(link: string, property: string, depth: number): void {
    const path = link.replace(/#.*$/, "").replace(/(?<=.)\/$/, "");
    if (this.#seen.has(path) || !pathForm.test(path) || neverPath.test(path)) return;
    this.#seen.add(path);
    const isLate = followedLate.has(property) || /\/(?:Sensors|FirmwareInventory)\//.test(path);
    (isLate ? this.#late : this.#now).push({ path, depth, page: 1 });
  }

  /** A page of the same collection; no other path is followed this way. */
  #addPage(link: Link, next: string): void {
    const [path = "", query = ""] = next.split("?", 2);
    const isOwn = path.replace(/\/$/, "") === link.path.replace(/\?.*$/, "");
    if (!isOwn || !/^[A-Za-z0-9$=&%._-]{1,128}$/.test(query) || this.#seen.has(next)) return;
    this.#seen.add(next);
    if (link.page >= crawlLimits.pagesMax)
      this.troubles.push(`${path}: more than ${crawlLimits.pagesMax} pages; it may have no end`);
    else this.#late.unshift({ path: next, depth: link.depth, page: link.page + 1 });
  }

  #endOf(): string | null {
    if (this.answers.length >= crawlLimits.resourcesMax)
      return `more than ${crawlLimits.resourcesMax} resources`;
    if (this.#bytes >= crawlLimits.bytesMax) return `more than ${crawlLimits.bytesMax} bytes`;
    const elapsedMs = this.#clock.nowMonotonicMs() - this.#startMs;
    return elapsedMs > crawlLimits.elapsedMsMax ? "it took too long" : null;
  }
}

function isElsewhere({ status }: HttpAnswer): boolean {
  return status >= 300 && status < 400;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
