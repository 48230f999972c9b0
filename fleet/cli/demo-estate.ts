import { readFileSync } from "node:fs";

/** The invented estate of `npm run demo`: hardware-fixtures/sites/demo.json, checked. */
export interface DemoEstate {
  readonly sites: readonly DemoSite[];
}

export interface DemoSite {
  readonly region: string;
  readonly site: string;
  /** IANA name. */
  readonly timeZone: string;
  /** When it may be disturbed: `tue+thu 02:00-05:00`. */
  readonly windows: string;
  /** What each of the two feeds of a rack carries. */
  readonly feedWatts: number;
  readonly racks: readonly DemoRack[];
}

export interface DemoRack {
  readonly row: string;
  readonly rack: string;
  readonly heightUnits: number;
  readonly hosts: readonly DemoHosts[];
}

/** Hosts of one kind, one above the other. */
export interface DemoHosts {
  /** Folder below hardware-fixtures/hosts that each of them replays. */
  readonly fixture: string;
  readonly heightUnits: number;
  /** Lowest unit of the first, and from one to the next. */
  readonly firstUnit: number;
  readonly everyUnits: number;
  readonly count: number;
}

/** Throws an Error that names the file and what in it is wrong. */
export function readDemoEstate(file: string): DemoEstate {
  const broken = (what: string): Error => new Error(`${file}: ${what}`);
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  const checked = new Checked(value, "the estate", broken);
  if (checked.number("format") !== 1) throw broken("format is not 1");
  return {
    sites: checked.list("sites").map((site) => ({
      region: site.text("region"),
      site: site.text("site"),
      timeZone: site.text("timeZone"),
      windows: site.text("windows"),
      feedWatts: site.number("feedWatts"),
      racks: site.list("racks").map((rack) => ({
        row: rack.text("row"),
        rack: rack.text("rack"),
        heightUnits: rack.number("heightUnits"),
        hosts: rack.list("hosts").map((hosts) => ({
          fixture: hosts.text("fixture"),
          heightUnits: hosts.number("heightUnits"),
          firstUnit: hosts.number("firstUnit"),
          everyUnits: hosts.number("everyUnits"),
          count: hosts.number("count"),
        })),
      })),
    })),
  };
}

/** Sites and racks as a file that `inventory import` takes; its hosts come by themselves. */
export function demoEstateFile({ sites }: DemoEstate): string {
  return JSON.stringify({
    format: "wws-estate/1",
    sites: sites.map(({ region, site, timeZone, windows }) => ({
      region,
      site,
      timeZone,
      windows,
    })),
    racks: sites.flatMap(({ region, site, feedWatts, racks }) =>
      racks.map(({ row, rack, heightUnits }) => ({
        ...{ region, site, row, rack, heightUnits },
        feeds: ["A", "B"].map((name) => ({
          name,
          budgetWatts: feedWatts,
          upstream: `${site}-ups-${name.toLowerCase()}`,
        })),
      })),
    ),
  });
}

/** An object of the file whose fields are taken one by one. */
class Checked {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #where: string;
  readonly #broken: (what: string) => Error;

  constructor(value: unknown, where: string, broken: (what: string) => Error) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw broken(`${where} is no object`);
    this.#fields = value as Readonly<Record<string, unknown>>;
    this.#where = where;
    this.#broken = broken;
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value === "string" && value !== "") return value;
    throw this.#broken(`${name} of ${this.#where} is no text`);
  }

  /** Whole and at least 1. */
  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
    throw this.#broken(`${name} of ${this.#where} is no whole number from 1`);
  }

  list(name: string): readonly Checked[] {
    const value = this.#fields[name];
    if (!Array.isArray(value) || value.length === 0)
      throw this.#broken(`${name} of ${this.#where} is no list, or empty`);
    return value.map((entry, index) => new Checked(entry, `${name}[${index}]`, this.#broken));
  }
}
