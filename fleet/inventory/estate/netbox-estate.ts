import type {
  EstateDocument,
  EstateHost,
  EstatePlace,
  EstateRack,
  EstateSite,
  ReadEstateOptions,
} from "./estate-document.ts";
import { type ProblemList, quoted } from "./estate-problem.ts";
import type { NetboxItem } from "./netbox-item.ts";
import { readPlacePart, readSiteCode, readTimeZone } from "./place-values.ts";
import {
  byText,
  type Read,
  readHeight,
  readHostName,
  readMac,
  readPlainText,
  readSerial,
  readTags,
  readUnit,
  readWatts,
} from "./values.ts";

/** What NetBox' devices, racks and sites are in our words. */
export function estateFromNetbox(
  items: readonly NetboxItem[],
  options: ReadEstateOptions,
  problems: ProblemList,
): EstateDocument {
  const reading = new NetboxReading(options, problems);
  const sites = items.flatMap((item) => (item.kind === "site" ? (reading.site(item) ?? []) : []));
  const racks = items.flatMap((item) => (item.kind === "rack" ? (reading.rack(item) ?? []) : []));
  const hosts = chooseDevices(items, options.roles, problems).flatMap(
    (item) => reading.host(item) ?? [],
  );
  reading.tellGuesses();
  return { sites, racks, hosts };
}

/** Devices are switches, shelves and patch panels too: somebody says which are hosts. */
function chooseDevices(
  items: readonly NetboxItem[],
  roles: readonly string[],
  problems: ProblemList,
): readonly NetboxItem[] {
  const devices = items.filter((item) => item.kind === "device");
  const counts = new Map<string, number>();
  for (const { role = "" } of devices) counts.set(role, (counts.get(role) ?? 0) + 1);
  const told = [...counts]
    .sort(([left], [right]) => byText(left, right))
    .slice(0, 12)
    .map(([role, count]) => `${role === "" ? "(none)" : quoted(role)} ${count}`)
    .join(", ");
  const wanted = new Set(roles.map((role) => role.toLowerCase()));
  if (wanted.size === 0) {
    if (counts.size <= 1) return devices;
    problems.add(
      "role-unchosen",
      null,
      "role",
      `the devices have ${counts.size} roles: ${told}`,
      "say which are hosts, as in --role server --role storage; the others are left out",
    );
    return [];
  }
  const chosen = devices.filter(({ role = "" }) => wanted.has(role.toLowerCase()));
  if (chosen.length < devices.length)
    problems.note(
      null,
      `${devices.length - chosen.length} of ${devices.length} devices have another role and are left out; roles are ${told}`,
    );
  return chosen;
}

class NetboxReading {
  readonly #options: ReadEstateOptions;
  readonly #problems: ProblemList;
  /** What a row or rack of ours is called there: two of them must not become one. */
  readonly #called = new Map<string, string>();
  readonly #withoutHeight = new Set<string>();
  #leftOut = 0;

  constructor(options: ReadEstateOptions, problems: ProblemList) {
    this.#options = options;
    this.#problems = problems;
  }

  site(item: NetboxItem): EstateSite | undefined {
    const code = this.#siteCode(item, item.slug, item.name);
    if (code === undefined) return undefined;
    const timeZone = this.#value(item, "time_zone", item.timeZone, (text) =>
      readTimeZone(text, code),
    );
    return { at: item.at, code, region: undefined, timeZone, windows: undefined };
  }

  rack(item: NetboxItem): EstateRack | undefined {
    const place = this.#place(item, item.name);
    if (place === undefined) return undefined;
    if (item.countsOtherwise)
      return this.#problems.add(
        "value-invalid",
        item.at,
        "starting_unit",
        `the rack ${quoted(item.name ?? "")} does not count its units from 1 at the bottom`,
        "number it so in NetBox; our units count from the bottom, beginning with 1",
      );
    const heightUnits = this.#value(item, "u_height", item.height, readHeight);
    return { at: item.at, region: undefined, ...place, heightUnits, feeds: undefined };
  }

  host(item: NetboxItem): EstateHost | undefined {
    if (item.status?.toLowerCase() === "decommissioning") {
      this.#leftOut += 1;
      return undefined;
    }
    const { name } = item;
    if (name === undefined)
      return this.#problems.add(
        "value-missing",
        item.at,
        "name",
        "the device has no name",
        "name it in NetBox; a host is found by its name",
      );
    const place = this.#hostPlace(item);
    if (place !== null && place !== undefined && item.height === undefined)
      this.#withoutHeight.add(item.deviceType ?? "(no type)");
    return {
      at: item.at,
      id: undefined,
      name: this.#value(item, "name", name, readHostName) ?? name.slice(0, 63),
      serial: this.#value(item, "serial", item.serial, readSerial),
      hardwareClass: this.#value(item, "device_type", item.deviceType, readPlainText),
      place,
      heightUnits: this.#value(item, "u_height", item.height, readHeight),
      bmcMac: this.#value(item, "bmc_mac", item.bmcMac, readMac),
      switchPort: this.#value(item, "switch_port", item.switchPort, readPlainText),
      tags: this.#value(item, "tags", item.tags, (text) =>
        readTags(
          text
            .split(",")
            .map((tag) => tag.trim().replace(/\s+/g, "-"))
            .join(","),
        ),
      ),
      phase: undefined,
      nameplateWatts: this.#value(item, "nameplate_watts", item.nameplateWatts, readWatts),
      isRear: item.face?.toLowerCase() === "rear",
    };
  }

  tellGuesses(): void {
    if (this.#withoutHeight.size > 0) {
      const types = [...this.#withoutHeight].sort(byText).slice(0, 8).map(quoted).join(", ");
      this.#problems.note(
        null,
        `the file has no heights for the types ${types}: a new host of theirs counts as one unit high. Add the column U Height, or the device types`,
      );
    }
    if (this.#leftOut > 0)
      this.#problems.note(null, `${this.#leftOut} devices are being decommissioned and left out`);
  }

  /** undefined: the file does not say where, or says it wrongly. */
  #hostPlace(item: NetboxItem): EstatePlace | undefined {
    if (item.rack === undefined || item.position === undefined) return undefined;
    const place = this.#place(item, item.rack);
    const unit = this.#value(item, "position", item.position, readUnit);
    if (place === undefined || unit === undefined) return undefined;
    return { region: undefined, ...place, unit };
  }

  #place(item: NetboxItem, rackName: string | undefined) {
    const site = this.#siteCode(item, item.siteSlug, item.site);
    const rack = this.#part(item, "rack", rackName, site ?? "");
    const row = this.#row(item, site ?? "");
    if (site === undefined || rack === undefined || row === undefined) return undefined;
    return { site, row, rack };
  }

  #row(item: NetboxItem, site: string): string | undefined {
    if (item.location !== undefined) return this.#part(item, "row", item.location, site);
    const { rowUsual } = this.#options;
    if (rowUsual !== undefined) return rowUsual;
    return this.#problems.add(
      "value-missing",
      item.at,
      "location",
      `${quoted(item.name ?? "")} has no location; our racks stand in rows`,
      "give the rack its row as location in NetBox, or say the row of all such racks: --row a",
    );
  }

  #part(
    item: NetboxItem,
    kind: "row" | "rack",
    name: string | undefined,
    site: string,
  ): string | undefined {
    const column = kind === "row" ? "location" : "rack";
    if (name === undefined)
      return this.#problems.add("value-missing", item.at, column, `no ${kind} is named`, "name it");
    const part = this.#value(item, column, name, (text) => readPlacePart(kind, text));
    if (part === undefined) return undefined;
    const called = `${site}/${kind === "rack" ? (item.location ?? "") : ""}/${part}`;
    const before = this.#called.get(called);
    if (before === undefined) this.#called.set(called, name);
    if (before === undefined || before === name) return part;
    return this.#problems.add(
      "rack-twice",
      item.at,
      column,
      `${quoted(name)} and ${quoted(before)} would both be ${part}`,
      "give one of them another name in NetBox",
    );
  }

  #siteCode(
    item: NetboxItem,
    slug: string | undefined,
    name: string | undefined,
  ): string | undefined {
    for (const text of [name, slug]) {
      const told = this.#options.siteCodes.get(text?.toLowerCase() ?? "");
      const code = told ?? (text === undefined ? undefined : codeOf(text));
      if (code !== undefined) return code;
    }
    return this.#problems.add(
      "value-invalid",
      item.at,
      "site",
      `${quoted(name ?? slug ?? "")} is no site`,
      `our sites are an airport code and a number: say which it is, as in --site-code "${(name ?? slug ?? "NAME").slice(0, 40)}=fra2"`,
    );
  }

  #value<Value>(
    item: NetboxItem,
    column: string,
    text: string | undefined,
    reader: (text: string) => Read<Value>,
  ): Value | undefined {
    if (text === undefined) return undefined;
    const read = reader(text);
    if (read.ok) return read.value;
    const { words, todo } = read.problem;
    return this.#problems.add("value-invalid", item.at, column, words, todo);
  }
}

function codeOf(text: string): string | undefined {
  const code = readSiteCode(text.trim());
  return code.ok ? code.value : undefined;
}
