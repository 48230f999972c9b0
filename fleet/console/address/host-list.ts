import type { HostSortKey } from "#fleet/api/host-schemas.ts";

/** One question for a list of hosts. Everything in it lies in the page's address too. */
export interface HostListAsk {
  readonly selector: string;
  /** Words to look for in names, serials, classes, places and states. */
  readonly words: string;
  readonly sort: HostSort;
  /** How many rows are shown, in whole pages; a page's own business, not the manager's. */
  readonly rows?: number;
  readonly limit?: number;
  readonly cursor?: string | null;
}

/** What the page's own address says of it. */
export type HostListPage = Pick<HostListAsk, "selector" | "words" | "sort" | "rows">;

/** Makes one question of what the address asks now, whatever was drawn last. */
export type HostListChange = (now: HostListPage) => HostListPage;

export interface HostSort {
  readonly key: HostSortKey;
  readonly isDescending: boolean;
}

/** Hosts that are asked for at a time. */
export const pageRows = 100;
/** An address cannot make the page ask for more. */
const rowsMax = 10_000;

/** What a first click on a column's head means: names from a, figures from the highest. */
export const sortDirections: Readonly<Record<HostSortKey, "ascending" | "descending">> = {
  name: "ascending",
  position: "ascending",
  link: "ascending",
  health: "ascending",
  lifecycle: "ascending",
  class: "ascending",
  cpu: "descending",
  memory: "descending",
  power: "descending",
  temperature: "descending",
  lastReport: "ascending",
};

/** What the address of the hosts page asks for; a sort that does not exist is the name. */
export function readHostList(address: URLSearchParams): HostListAsk {
  return {
    selector: address.get("selector") ?? "",
    words: address.get("q") ?? "",
    sort: readSort(address.get("sort") ?? ""),
    ...readRows(address.get("rows")),
  };
}

/** The address that asks this; what is usual is left out. */
export function writeHostList(ask: HostListPage): string {
  const text = writeHostListQuery(ask).toString();
  return text === "" ? "/hosts" : `/hosts?${text}`;
}

/** The query of that address. */
export function writeHostListQuery(ask: HostListPage): URLSearchParams {
  const address = new URLSearchParams();
  if (ask.selector !== "") address.set("selector", ask.selector);
  if (ask.words !== "") address.set("q", ask.words);
  const sort = sortText(ask.sort);
  if (sort !== "name") address.set("sort", sort);
  if (ask.rows !== undefined && ask.rows > pageRows) address.set("rows", String(ask.rows));
  return address;
}

/** The query of GET /hosts; an empty selector is left out, as the manager refuses it. */
export function hostListQuery(ask: HostListAsk): string {
  const query = new URLSearchParams();
  if (ask.selector !== "") query.set("selector", ask.selector);
  if (ask.words !== "") query.set("q", ask.words);
  query.set("sort", sortText(ask.sort));
  if (ask.limit !== undefined) query.set("limit", String(ask.limit));
  if (ask.cursor) query.set("cursor", ask.cursor);
  return query.toString();
}

/** A click on a head: sorts by it, a second one turns it round. */
export function nextSort(now: HostSort, key: HostSortKey): HostSort {
  if (now.key === key) return { key, isDescending: !now.isDescending };
  return { key, isDescending: sortDirections[key] === "descending" };
}

function readRows(text: string | null): { readonly rows?: number } {
  const rows = text !== null && /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return rows > pageRows ? { rows: Math.min(rows, rowsMax) } : {};
}

function readSort(text: string): HostSort {
  const name = text.replace(/^-/, "");
  if (!isSortKey(name)) return { key: "name", isDescending: false };
  return { key: name, isDescending: text.startsWith("-") };
}

function sortText({ key, isDescending }: HostSort): string {
  return isDescending ? `-${key}` : key;
}

function isSortKey(name: string): name is HostSortKey {
  return Object.hasOwn(sortDirections, name);
}
