import { isRegion, parsePosition, type Region, regions } from "#proto/vocabulary/position.ts";
import { ok } from "#proto/vocabulary/result.ts";
import { airportTimeZone } from "../airport-time-zone.ts";
import type { FeedRecord, MaintenanceWindow } from "../host-record.ts";
import type { EstatePlace } from "./estate-document.ts";
import { quoted } from "./estate-problem.ts";
import { byText, type Read, wattsMax, wrong } from "./values.ts";

const siteForm = /^[a-z]{3}[0-9]{1,2}$/;
const partForm = /^[a-z0-9]{1,8}$/;

export function readSiteCode(text: string): Read<string> {
  const code = text.toLowerCase();
  return siteForm.test(code)
    ? ok(code)
    : wrong(`${quoted(text)} is no site`, "write an airport code and a number, as in fra2");
}

export function readRegion(text: string): Read<Region> {
  const region = text.toLowerCase();
  return isRegion(region)
    ? ok(region)
    : wrong(`${quoted(text)} is no region`, `write one of ${regions.join(", ")}`);
}

/** `row-b`, `B`, `Row B` → `row-b`; the same for racks. At most eight letters and digits. */
export function readPlacePart(kind: "row" | "rack", text: string): Read<string> {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const part = plain.replace(new RegExp(`^${kind} `), "").replaceAll(" ", "");
  return partForm.test(part) && part !== kind
    ? ok(`${kind}-${part}`)
    : wrong(
        `${quoted(text)} is no ${kind}`,
        `write at most eight letters and digits, as in ${kind === "row" ? "row-b" : "rack-07"}`,
      );
}

export function readPlace(text: string): Read<EstatePlace> {
  const position = parsePosition(text.toLowerCase());
  if (position.ok) return position;
  return wrong(`${quoted(text)} is no position`, position.problem.hint);
}

/** IANA zones that this program's own tables know. */
export function readTimeZone(text: string, site: string): Read<string> {
  const known = knownZone(text);
  if (known !== undefined) return ok(known);
  const usual = airportTimeZone(site);
  return wrong(
    `${quoted(text)} is no time zone`,
    usual === null
      ? "write an IANA name, as in Europe/Berlin"
      : `write an IANA name; ${site} lies in ${usual}`,
  );
}

function knownZone(text: string): string | undefined {
  if (!/^(?:UTC|[A-Za-z_]{1,20}(?:\/[A-Za-z0-9_+-]{1,30}){1,2})$/.test(text)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch {
    return undefined;
  }
}

/** Where a site lies by its airport; undefined where the airport is not in our list. */
export function regionOfAirport(site: string): Region | undefined {
  const continent = airportTimeZone(site)?.split("/")[0];
  if (continent === undefined) return undefined;
  return continent === "America" ? "na" : continent === "Europe" ? "eu" : "ea";
}

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const windowsMax = 32;
const windowTodo =
  "write days and times of the site's own clock, as in tue+thu 02:00-05:00; sun 00:00-06:00";

/** `mon-fri 22:00-04:00; sun 00:00-06:00`. */
export function readWindows(text: string): Read<readonly MaintenanceWindow[]> {
  const parts = text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length > windowsMax)
    return wrong(`there are ${parts.length} windows`, `give at most ${windowsMax}`);
  const windows: MaintenanceWindow[] = [];
  for (const part of parts) {
    const span = readWindow(part);
    if (span === undefined) return wrong(`${quoted(part)} is no maintenance window`, windowTodo);
    windows.push(span);
  }
  return ok(windows);
}

function readWindow(text: string): MaintenanceWindow | undefined {
  const [, named, fromH, fromM, toH, toM] =
    /^([a-z+-]{3,40})\s+(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)$/i.exec(text) ?? [];
  const found = readDays(named?.toLowerCase() ?? "");
  const fromMinute = minuteOf(fromH, fromM);
  const toMinute = minuteOf(toH, toM);
  if (found === undefined || fromMinute === undefined || toMinute === undefined) return undefined;
  return fromMinute === toMinute ? undefined : { days: found, fromMinute, toMinute };
}

function readDays(text: string): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split("+")) {
    const [first, last, more] = part.split("-").map((day) => days.indexOf(day as "mon"));
    if (first === undefined || first < 0 || last === -1 || more !== undefined) return undefined;
    const end = last ?? first;
    for (let day = first; ; day = (day + 1) % days.length) {
      found.add(day + 1);
      if (day === end) break;
    }
  }
  return [...found].sort((left, right) => left - right);
}

function minuteOf(hours: string | undefined, minutes: string | undefined): number | undefined {
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= 1_440 ? minute : undefined;
}

export function formatWindows(windows: readonly MaintenanceWindow[]): string {
  return windows
    .map((span) => {
      const named = span.days.map((day) => days[day - 1] ?? "mon").join("+");
      return `${named} ${formatMinute(span.fromMinute)}-${formatMinute(span.toMinute)}`;
    })
    .join("; ");
}

function formatMinute(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

const feedForm =
  /^([A-Za-z0-9][A-Za-z0-9._-]{0,31})(?:=(\d{0,7}))?(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,63}))?$/;
const feedsMax = 8;

/** `A=7200@ups-a2; B=7200@ups-b2`: name, budget in watts, what feeds it. */
export function readFeeds(text: string): Read<readonly FeedRecord[]> {
  const feeds: FeedRecord[] = [];
  for (const part of text.split(";").map((piece) => piece.trim())) {
    if (part === "") continue;
    const [, name, watts, upstream] = feedForm.exec(part) ?? [];
    const budgetWatts = watts === undefined || watts === "" ? null : Number(watts);
    if (name === undefined || (budgetWatts !== null && !isBudget(budgetWatts)))
      return wrong(
        `${quoted(part)} is no feed`,
        "write name=watts@upstream, as in A=7200@ups-a2; B=7200@ups-b2",
      );
    feeds.push({ name, budgetWatts, upstream: upstream ?? null });
  }
  return checkFeeds(feeds);
}

export function checkFeeds(feeds: readonly FeedRecord[]): Read<readonly FeedRecord[]> {
  const twice = feeds.find(
    (feed, index) => feeds.findIndex((one) => one.name === feed.name) < index,
  );
  if (twice !== undefined)
    return wrong(`feed ${twice.name} stands there twice`, "give each feed of a rack once");
  if (feeds.length > feedsMax)
    return wrong(`there are ${feeds.length} feeds`, `give at most ${feedsMax}`);
  return ok([...feeds].sort((left, right) => byText(left.name, right.name)));
}

export function isBudget(watts: number): boolean {
  return Number.isInteger(watts) && watts >= 1 && watts <= wattsMax;
}

export function formatFeeds(feeds: readonly FeedRecord[]): string {
  return feeds
    .map(({ name, budgetWatts, upstream }) => {
      const budget = budgetWatts === null ? "" : `=${budgetWatts}`;
      return `${name}${budget}${upstream === null ? "" : `@${upstream}`}`;
    })
    .join("; ");
}
