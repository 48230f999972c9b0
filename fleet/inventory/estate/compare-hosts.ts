import { formatPosition, type Position } from "#proto/vocabulary/position.ts";
import type { HostRecord, SiteRecord } from "../host-record.ts";
import { foldSerial } from "../serial.ts";
import { changedFields } from "./compare-places.ts";
import type { HostFacts, HostWrite } from "./estate-changes.ts";
import type { EstateHost, EstatePlace } from "./estate-document.ts";
import { type ProblemList, quoted } from "./estate-problem.ts";
import { rowsPerSlice, type Slices } from "./slices.ts";

/** A host as it will stand, and the row that says so. */
export interface StandingHost {
  readonly name: string;
  /** null: the file does not speak of it, or changes nothing. */
  readonly at: string | null;
  readonly id: string | null;
  readonly facts: HostFacts;
  readonly isRear: boolean;
}

export interface ComparedHosts {
  readonly writes: readonly HostWrite[];
  readonly unchanged: number;
  readonly standing: readonly StandingHost[];
}

/** Hosts of a file against those that are known: found by id, else by name. */
export function* compareHosts(
  hosts: readonly EstateHost[],
  known: readonly HostRecord[],
  siteOf: ReadonlyMap<string, SiteRecord>,
  problems: ProblemList,
): Slices<ComparedHosts> {
  const byId = new Map(known.map((host) => [host.id as string, host]));
  const byName = new Map(known.map((host) => [host.name, host]));
  const seen = new SeenTwice(known, problems);
  const standing = new Map<string, StandingHost>(
    known.map((host) => [host.id, { ...standOf(host), at: null }]),
  );
  const writes: HostWrite[] = [];
  let unchanged = 0;
  for (const [count, host] of hosts.entries()) {
    if (count % rowsPerSlice === rowsPerSlice - 1) yield;
    const before = findKnown(host, byId, byName, problems);
    if (before === "refused") continue;
    const facts = factsOf(host, before, siteOf);
    if (!seen.note(host, before, facts)) continue;
    if (!mayChange(host, before, facts, problems)) continue;
    const fields = changedFields(before, facts, hostFields);
    const stands = { name: facts.name, facts, isRear: host.isRear };
    if (before !== null && fields.length === 0) {
      unchanged += 1;
      standing.set(before.id, { ...stands, id: before.id, at: null });
      continue;
    }
    const { at } = host;
    const id = before?.id ?? null;
    standing.set(id ?? `new ${facts.name}`, { ...stands, id, at });
    const expectedRevision = before?.revision ?? null;
    writes.push({ at, id, expectedRevision, facts, fields });
  }
  return { writes, unchanged, standing: [...standing.values()] };
}

function findKnown(
  host: EstateHost,
  byId: ReadonlyMap<string, HostRecord>,
  byName: ReadonlyMap<string, HostRecord>,
  problems: ProblemList,
): HostRecord | null | "refused" {
  const sameName = byName.get(host.name) ?? null;
  if (host.id === undefined) return sameName;
  const found = byId.get(host.id);
  if (found === undefined) {
    const words = `no host has the id ${host.id}`;
    problems.add("id-unknown", host.at, "id", words, "leave it empty for a new host; it gets one");
    return "refused";
  }
  if (sameName !== null && sameName.id !== found.id) {
    const words = `another host is called ${host.name} already`;
    problems.add("name-taken", host.at, "name", words, "give it a name of its own");
    return "refused";
  }
  return found;
}

function factsOf(
  host: EstateHost,
  before: HostRecord | null,
  siteOf: ReadonlyMap<string, SiteRecord>,
): HostFacts {
  const keep = <Value>(said: Value | undefined, was: Value | undefined, none: Value): Value =>
    said === undefined ? (was ?? none) : said;
  const isPlanned = before === null || before.phase === "planned";
  return {
    name: host.name,
    serial: keep(host.serial, before?.serial, null),
    // What a machine is, it says itself.
    hardwareClass: isPlanned
      ? keep(host.hardwareClass, before?.hardwareClass, null)
      : before.hardwareClass,
    position: keep(positionFrom(host.place, siteOf), before?.position, null),
    heightUnits: keep(host.heightUnits, before?.heightUnits, 1),
    bmcMac: keep(host.bmcMac, before?.bmcMac, null),
    switchPort: keep(host.switchPort, before?.switchPort, null),
    tags: keep(host.tags, before?.tags, []),
    nameplateWatts: keep(host.nameplateWatts, before?.nameplateWatts, null),
  };
}

function positionFrom(
  place: EstatePlace | null | undefined,
  siteOf: ReadonlyMap<string, SiteRecord>,
): Position | null | undefined {
  if (place === null || place === undefined) return place;
  const { site, row, rack, unit } = place;
  return { region: siteOf.get(site)?.region ?? place.region ?? "na", site, row, rack, unit };
}

/** Whether this host may be what the row says; notes why not. */
function mayChange(
  host: EstateHost,
  before: HostRecord | null,
  facts: HostFacts,
  problems: ProblemList,
): boolean {
  const refuse = (
    ...words: readonly [Parameters<ProblemList["add"]>[0], string, string, string]
  ) => {
    problems.add(words[0], host.at, words[1], words[2], words[3]);
    return false;
  };
  const phase = before?.phase ?? "planned";
  if (host.phase !== undefined && host.phase !== phase)
    return refuse(
      "phase-not-importable",
      "phase",
      before === null
        ? `a new host cannot begin as ${quoted(host.phase)}`
        : `${before.name} is ${phase}, not ${quoted(host.phase)}; a file changes no phase`,
      before === null
        ? "write planned, or leave it empty: a machine that runs is enrolled or adopted into it"
        : "leave the phase empty, or use the verb that leads there (`wws-fleet host --help`)",
    );
  if (before === null) return true;
  if (before.phase === "retired" && changedFields(before, facts, hostFields).length > 0)
    return refuse(
      "host-retired",
      "name",
      `${before.name} is retired and stays as it was`,
      "leave its id out and give the box another name: it comes back as a new host",
    );
  if (before.phase !== "planned" && before.serial !== null && facts.serial !== before.serial)
    return refuse(
      "serial-differs",
      "serial",
      `${before.name} has the serial ${quoted(before.serial)} by its own word, the file says ${facts.serial === null ? "none" : quoted(facts.serial)}`,
      "correct the file; if another box stands there now, retire the old host and give the new one a name",
    );
  const { hardwareClass } = host;
  if (before.phase !== "planned" && hardwareClass != null && hardwareClass !== before.hardwareClass)
    problems.note(
      host.at,
      `${before.name} is of class ${before.hardwareClass ?? "(none yet)"} by what it reports; ${quoted(hardwareClass)} is not taken`,
    );
  return true;
}

/** Names, ids, serials and BMC addresses belong to one host each. */
class SeenTwice {
  readonly #problems: ProblemList;
  readonly #inFile = new Map<string, string>();
  readonly #known: ReadonlyMap<string, HostRecord>;

  constructor(known: readonly HostRecord[], problems: ProblemList) {
    this.#problems = problems;
    const owners = new Map<string, HostRecord>();
    for (const host of known) {
      // The box of a retired host comes back as a new one.
      if (host.phase === "retired") continue;
      if (host.serial !== null) owners.set(`serial ${foldSerial(host.serial)}`, host);
      if (host.bmcMac !== null) owners.set(`mac ${host.bmcMac}`, host);
    }
    this.#known = owners;
  }

  /** False: it is no host of its own. */
  note(host: EstateHost, before: HostRecord | null, facts: HostFacts): boolean {
    const isFirst = this.#once(host, "name", facts.name, "name-twice");
    const isFirstId = before === null || this.#once(host, "id", before.id, "id-twice");
    if (!isFirst || !isFirstId) return false;
    if (before?.phase === "retired") return true;
    const { serial, bmcMac } = facts;
    const isOwnSerial =
      serial === null ||
      (this.#once(host, "serial", foldSerial(serial), "serial-twice") &&
        this.#free(host, before, `serial ${foldSerial(serial)}`, "serial-taken", "serial", serial));
    const isOwnMac =
      bmcMac === null ||
      (this.#once(host, "bmc_mac", bmcMac, "mac-twice") &&
        this.#free(host, before, `mac ${bmcMac}`, "mac-taken", "bmc_mac", bmcMac));
    return isOwnSerial && isOwnMac;
  }

  #once(
    host: EstateHost,
    column: string,
    value: string,
    code: "name-twice" | "id-twice" | "serial-twice" | "mac-twice",
  ): boolean {
    const key = `${column} ${value}`;
    const first = this.#inFile.get(key);
    if (first === undefined) this.#inFile.set(key, host.at);
    if (first === undefined) return true;
    const words = `the ${column} ${quoted(value)} stands in ${first} already`;
    this.#problems.add(code, host.at, column, words, "correct one of the two");
    return false;
  }

  #free(
    host: EstateHost,
    before: HostRecord | null,
    key: string,
    code: "serial-taken" | "mac-taken",
    column: string,
    value: string,
  ): boolean {
    const owner = this.#known.get(key);
    if (owner === undefined || owner.id === before?.id) return true;
    this.#problems.add(
      code,
      host.at,
      column,
      `the ${column} ${quoted(value)} is that of ${owner.name} (${owner.phase})`,
      `correct it; to give ${owner.name} another name, write its id ${owner.id} in the column id`,
    );
    return false;
  }
}

function standOf(host: HostRecord): Omit<StandingHost, "at"> {
  return { name: host.name, id: host.id, facts: host, isRear: false };
}

const hostFields: Parameters<typeof changedFields<HostFacts>>[2] = [
  ["name", (host) => host.name],
  ["serial", (host) => host.serial],
  ["class", (host) => host.hardwareClass],
  ["position", ({ position }) => (position === null ? null : formatPosition(position))],
  ["height_units", (host) => String(host.heightUnits)],
  ["bmc_mac", (host) => host.bmcMac],
  ["switch_port", (host) => host.switchPort],
  ["tags", (host) => host.tags.join(" ") || null],
  [
    "nameplate_watts",
    (host) => (host.nameplateWatts === null ? null : String(host.nameplateWatts)),
  ],
];
