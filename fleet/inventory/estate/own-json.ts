import type { FeedRecord } from "../host-record.ts";
import type { EstateDocument, EstateHost, EstateRack, EstateSite } from "./estate-document.ts";
import { type EstateProblemCode, type ProblemList, quoted } from "./estate-problem.ts";
import { readId, readPhaseText } from "./own-csv.ts";
import {
  checkFeeds,
  isBudget,
  readPlace,
  readPlacePart,
  readRegion,
  readSiteCode,
  readTimeZone,
  readWindows,
} from "./place-values.ts";
import {
  type Read,
  readHeight,
  readHostName,
  readMac,
  readPlainText,
  readSerial,
  readTags,
  readWatts,
  wrong,
} from "./values.ts";
import { ok } from "#proto/vocabulary/result.ts";

export const estateFormat = "wws-estate/1";

/** Our own JSON: what `inventory export --format json` writes. Absent: as it is; null: none. */
export function readOwnJson(
  file: Readonly<Record<string, unknown>>,
  rowsMax: number,
  problems: ProblemList,
): EstateDocument {
  const known = ["format", "sites", "racks", "hosts"];
  new Entry(file, "the file", null, problems).onlyKnows(known);
  const list = <Made>(name: string, make: (entry: Entry) => Made | undefined): readonly Made[] => {
    const found = file[name] ?? [];
    if (!Array.isArray(found)) {
      problems.add("value-invalid", name, null, `${name} is no list`, `write "${name}": [ … ]`);
      return [];
    }
    if (found.length > rowsMax) {
      const words = `${name} has more than ${rowsMax} entries`;
      problems.add("file-too-large", name, null, words, "import it in parts");
      return [];
    }
    return found.flatMap((value: unknown, index) => {
      const at = `${name}[${index}]`;
      if (isObject(value)) return make(new Entry(value, at, at, problems)) ?? [];
      problems.add("value-invalid", at, null, "the entry is no object", "write { … }");
      return [];
    });
  };
  return {
    sites: list("sites", readSite),
    racks: list("racks", readRack),
    hosts: list("hosts", readHost),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readSite(entry: Entry): EstateSite | undefined {
  entry.onlyKnows(["site", "region", "timeZone", "windows"]);
  const code = entry.required("site", readSiteCode);
  if (code === undefined) return undefined;
  const windows = entry.read("windows", readWindows);
  return {
    at: entry.at ?? "",
    code,
    region: entry.value("region", readRegion),
    timeZone: entry.read("timeZone", (text) => readTimeZone(text, code)),
    windows: windows === null ? [] : windows,
  };
}

function readRack(entry: Entry): EstateRack | undefined {
  entry.onlyKnows(["region", "site", "row", "rack", "heightUnits", "feeds"]);
  const site = entry.required("site", readSiteCode);
  const row = entry.required("row", (text) => readPlacePart("row", text));
  const rack = entry.required("rack", (text) => readPlacePart("rack", text));
  if (site === undefined || row === undefined || rack === undefined) return undefined;
  return {
    at: entry.at ?? "",
    region: entry.value("region", readRegion),
    site,
    row,
    rack,
    heightUnits: entry.value("heightUnits", readHeight),
    feeds: readFeedList(entry),
  };
}

function readHost(entry: Entry): EstateHost | undefined {
  entry.onlyKnows(hostKeys);
  const name = entry.required("name", readHostName);
  if (name === undefined) return undefined;
  return {
    at: entry.at ?? "",
    id: entry.value("id", readId),
    name,
    serial: entry.read("serial", readSerial),
    hardwareClass: entry.read("class", readPlainText),
    place: entry.read("position", readPlace),
    heightUnits: entry.value("heightUnits", readHeight),
    bmcMac: entry.read("bmcMac", readMac),
    switchPort: entry.read("switchPort", readPlainText),
    tags: readTagList(entry),
    phase: entry.value("phase", readPhaseText),
    nameplateWatts: entry.read("nameplateWatts", readWatts),
    isRear: false,
  };
}

const hostKeys = [
  "id",
  "name",
  "serial",
  "class",
  "position",
  "heightUnits",
  "bmcMac",
  "switchPort",
  "tags",
  "phase",
  "nameplateWatts",
] as const;

function readTagList(entry: Entry): readonly string[] | undefined {
  const given = entry.raw("tags");
  if (given === undefined) return undefined;
  if (given === null) return [];
  if (!Array.isArray(given) || given.some((tag) => typeof tag !== "string"))
    return entry.complain("value-invalid", "tags", "tags is no list of texts", 'write ["storage"]');
  const read = readTags(given.slice(0, 1_000).join(","));
  if (read.ok) return read.value;
  return entry.complain("value-invalid", "tags", read.problem.words, read.problem.todo);
}

function readFeedList(entry: Entry): readonly FeedRecord[] | undefined {
  const given = entry.raw("feeds");
  if (given === undefined) return undefined;
  if (given === null) return [];
  const todo = 'write [{"name": "A", "budgetWatts": 7200, "upstream": "ups-a2"}]';
  if (!Array.isArray(given))
    return entry.complain("value-invalid", "feeds", "feeds is no list", todo);
  const feeds: FeedRecord[] = [];
  for (const one of given.slice(0, 100) as readonly unknown[]) {
    const feed = readFeed(one);
    if (feed === undefined)
      return entry.complain("value-invalid", "feeds", "an entry of feeds is no feed", todo);
    feeds.push(feed);
  }
  const checked = checkFeeds(feeds);
  if (checked.ok) return checked.value;
  return entry.complain("value-invalid", "feeds", checked.problem.words, checked.problem.todo);
}

function readFeed(value: unknown): FeedRecord | undefined {
  if (!isObject(value)) return undefined;
  const { name, budgetWatts = null, upstream = null } = value;
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(name)) return undefined;
  if (budgetWatts !== null && (typeof budgetWatts !== "number" || !isBudget(budgetWatts)))
    return undefined;
  if (upstream === null) return { name, budgetWatts, upstream };
  return typeof upstream === "string" && /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/.test(upstream)
    ? { name, budgetWatts, upstream }
    : undefined;
}

/** An object of the file whose fields are taken one by one. */
class Entry {
  readonly at: string | null;
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #what: string;
  readonly #problems: ProblemList;

  constructor(
    fields: Readonly<Record<string, unknown>>,
    what: string,
    at: string | null,
    problems: ProblemList,
  ) {
    this.#fields = fields;
    this.#what = what;
    this.at = at;
    this.#problems = problems;
  }

  complain(code: EstateProblemCode, field: string, words: string, todo: string): undefined {
    return this.#problems.add(code, this.at, field, words, todo);
  }

  onlyKnows(names: readonly string[]): void {
    for (const name of Object.keys(this.#fields).slice(0, 100))
      if (!names.includes(name)) {
        const words = `${this.#what} has the unknown field ${quoted(name)}`;
        this.complain("column-unknown", name.slice(0, 60), words, `known are ${names.join(", ")}`);
      }
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  required<Value>(name: string, reader: (text: string) => Read<Value>): Value | undefined {
    const given = this.raw(name);
    if (given !== undefined && given !== null) return this.value(name, reader);
    return this.complain("value-missing", name, `${this.#what} has no ${name}`, "write it");
  }

  /** null stays null. */
  read<Value>(name: string, reader: (text: string) => Read<Value>): Value | null | undefined {
    return this.raw(name) === null ? null : this.value(name, reader);
  }

  value<Value>(name: string, reader: (text: string) => Read<Value>): Value | undefined {
    const text = textOf(this.raw(name) ?? undefined);
    if (!text.ok)
      return this.complain("value-invalid", name, text.problem.words, text.problem.todo);
    if (text.value === undefined) return undefined;
    const read = reader(text.value);
    if (read.ok) return read.value;
    return this.complain("value-invalid", name, read.problem.words, read.problem.todo);
  }
}

/** Texts and numbers both stand for what they say. */
function textOf(value: unknown): Read<string | undefined> {
  if (value === undefined) return ok(undefined);
  if (typeof value === "number" && Number.isFinite(value)) return ok(String(value));
  if (typeof value === "string" && value.length <= 4_096) return ok(value.trim());
  return wrong(`this is a ${Array.isArray(value) ? "list" : typeof value}`, "write a text");
}
