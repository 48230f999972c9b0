import type { BmcEvent, DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { parseRedfishTime } from "../redfish-time.ts";
import type { Resource } from "../resource.ts";
import type { RedfishClient, RedfishResource } from "./client.ts";
import { safePage, safePath } from "./links.ts";
import { isOfAll, lenient, listAt, type Places } from "./places.ts";
import { problem } from "./problems.ts";

const pagesMax = 20;
const pageMax = 1_000;
const entriesMax = 2_000;
/** Entries that come as links only are asked for one by one: the newest. */
const singlesMax = 100;

/** The log that tells of the host: the event log before the controller's own diary. */
export async function readEvents(
  client: RedfishClient,
  places: Places,
  afterId: string | null,
  signal: AbortSignal,
): Promise<Result<readonly BmcEvent[], DriverProblem>> {
  const logs: string[] = [];
  for (const owner of places.manager === null ? [places.system] : [places.system, places.manager]) {
    const read = await client.get(owner, signal);
    if (!read.ok) return read;
    const link = safePath(lenient(read.value).link("LogServices"));
    if (link === null) continue;
    const listed = await listAt(client, link, signal);
    if (!listed.ok && isOfAll(listed.problem)) return listed;
    if (listed.ok) logs.push(...listed.value);
  }
  const log = [/\/SEL$/i, /\/IEL$/i, /\/Event[^/]*$/i, /\/IML$/i, /Log/i].flatMap(
    (form) => logs.find((path) => form.test(path)) ?? [],
  )[0];
  const chosen = log ?? logs[0];
  if (chosen === undefined) return fail(problem("unsupported", "it has no log"));
  const service = await client.get(chosen, signal);
  if (!service.ok) return service;
  const entries = safePath(lenient(service.value).link("Entries"));
  if (entries === null) return fail(problem("unsupported", `${chosen} has no entries`));
  const read = await readEntries(client, entries, signal);
  return read.ok ? ok(newer(ordered(read.value), afterId)) : read;
}

async function readEntries(
  client: RedfishClient,
  entries: string,
  signal: AbortSignal,
): Promise<Result<readonly BmcEvent[], DriverProblem>> {
  const found = new Map<string, BmcEvent>();
  const take = (entry: Resource): void => {
    const event = eventOf(entry);
    if (event !== null && found.size < entriesMax) found.set(event.id, event);
  };
  const links: string[] = [];
  const seen = new Set<string>();
  let page: string | null = entries;
  while (page !== null && !seen.has(page) && seen.size < pagesMax && found.size < entriesMax) {
    seen.add(page);
    const read: Result<RedfishResource, DriverProblem> = await client.get(page, signal);
    if (!read.ok) return read;
    for (const member of lenient(read.value).entries("Members", pageMax)) {
      const path = safePath(member.path);
      if (member.json["Id"] !== undefined) take(member);
      else if (path !== null && links.length < entriesMax) links.push(path);
    }
    page = safePage(entries, read.value.json["Members@odata.nextLink"]);
  }
  for (const path of newestOf(links)) {
    const read = await client.get(path, signal);
    if (!read.ok && isOfAll(read.problem)) return read;
    if (read.ok) take(lenient(read.value));
  }
  return ok([...found.values()]);
}

/** By the number at its end, wherever the service lists it. */
function newestOf(links: readonly string[]): readonly string[] {
  const numberOf = (path: string): number => Number(/(\d{1,15})$/.exec(path)?.[1] ?? 0);
  return [...links].sort((one, other) => numberOf(one) - numberOf(other)).slice(-singlesMax);
}

function eventOf(entry: Resource): BmcEvent | null {
  const id = entry.text("Id");
  if (id === null) return null;
  const atMs = parseRedfishTime(entry.text("Created") ?? "");
  const words = entry.text("Message") ?? entry.text("Name") ?? entry.text("MessageId") ?? "";
  return { id, atMs: atMs === null ? null : unixMs(atMs), words };
}

/** By number where every id is one: the controller's clock may be wrong. Else oldest first by time. */
function ordered(events: readonly BmcEvent[]): readonly BmcEvent[] {
  const isNumbered = events.every(({ id }) => /^\d{1,15}$/.test(id));
  return [...events].sort((one, other) =>
    isNumbered ? Number(one.id) - Number(other.id) : (one.atMs ?? 0) - (other.atMs ?? 0),
  );
}

/** All of them where the one that was seen last is gone: the log was cleared. */
function newer(events: readonly BmcEvent[], afterId: string | null): readonly BmcEvent[] {
  if (afterId === null) return events;
  const at = events.findIndex(({ id }) => id === afterId);
  if (at >= 0) return events.slice(at + 1);
  const last = Number(events.at(-1)?.id);
  const isRolled = /^\d+$/.test(afterId) && last > Number(afterId);
  return isRolled ? events.filter(({ id }) => Number(id) > Number(afterId)) : events;
}
