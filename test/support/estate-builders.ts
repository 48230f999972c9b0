import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import type { CurrentEstate } from "#fleet/inventory/estate/compare-estate.ts";
import type { ReadEstateOptions } from "#fleet/inventory/estate/estate-document.ts";
import { hostIdOf, hostRecord, positionOf, testCell } from "./inventory-builders.ts";
import { fc } from "./properties.ts";

export const plainReading: ReadEstateOptions = {
  file: "plan.csv",
  format: undefined,
  roles: [],
  siteCodes: new Map(),
  rowUsual: undefined,
};

export function currentEstate(differs: Partial<CurrentEstate> = {}): CurrentEstate {
  return { cell: testCell, sites: [], racks: [], hosts: [], wattsOf: () => null, ...differs };
}

export function siteRecord(code: string, differs: Partial<SiteRecord> = {}): SiteRecord {
  return {
    code,
    region: "eu",
    timeZone: "Europe/Berlin",
    cell: testCell,
    windows: [],
    ...differs,
  };
}

/** `fra2/row-b/rack-07`. */
export function rackRecord(id: string, differs: Partial<RackRecord> = {}): RackRecord {
  const [site = "", row = "", rack = ""] = id.split("/");
  return { id, region: "eu", site, row, rack, heightUnits: 42, feeds: [], ...differs };
}

const awkwardText = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 24 })
  .map((text) => text.trim())
  .filter((text) => text !== "" && text !== "-" && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u.test(text));
const formulaText = fc
  .tuple(fc.constantFrom("=", "+", "-", "@", "'=", "''-", '"', ","), fc.string({ maxLength: 8 }))
  .map(([sign, rest]) => `${sign}${rest.replaceAll(/[^\w"',;]/g, "")}x`);
const anyText = fc.oneof(awkwardText, formulaText);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });

const feeds = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom("A", "B", "feed-1"),
      budgetWatts: maybe(fc.integer({ min: 500_000, max: 1_000_000 })),
      upstream: maybe(fc.constantFrom("ups-a2", "ups-b2")),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  )
  .map((list) => list.sort((left, right) => (left.name < right.name ? -1 : 1)));

const windows = fc.array(
  fc.record({
    days: fc
      .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
      .map((days) => days.sort((left, right) => left - right)),
    fromMinute: fc.integer({ min: 0, max: 700 }),
    toMinute: fc.integer({ min: 701, max: 1_440 }),
  }),
  { maxLength: 3 },
);

/** Sites, racks and hosts that fit together, with names, serials and texts as awkward as may be. */
export const arbitraryEstate: fc.Arbitrary<Pick<CurrentEstate, "sites" | "racks" | "hosts">> = fc
  .tuple(
    fc.tuple(windows, maybe(fc.constantFrom("Europe/Berlin", "Asia/Tokyo", "UTC"))),
    fc.array(feeds, { minLength: 1, maxLength: 3 }),
    fc.uniqueArray(
      fc.record({
        slot: fc.integer({ min: 0, max: 59 }),
        serial: maybe(anyText),
        hardwareClass: maybe(anyText),
        bmc: fc.boolean(),
        switchPort: maybe(anyText),
        tags: fc.uniqueArray(fc.constantFrom("canary", "gpu", "storage:ssd"), { maxLength: 3 }),
        phase: fc.constantFrom("planned", "active", "drained", "retired"),
        nameplateWatts: maybe(fc.integer({ min: 1, max: 2_000 })),
        isPlaced: fc.boolean(),
      }),
      { selector: ({ slot }) => slot, maxLength: 30 },
    ),
  )
  .map(([[siteWindows, timeZone], racks, hosts]) => {
    const serials = new Set<string>();
    return {
      sites: [siteRecord("fra2", { windows: siteWindows, timeZone })],
      racks: racks.map((list, index) =>
        rackRecord(`fra2/row-b/rack-0${index}`, { feeds: list, heightUnits: 45 }),
      ),
      hosts: hosts.map((host): HostRecord => {
        const number = host.slot + 1;
        const plain = host.serial?.toUpperCase().trim() ?? "";
        const serial = plain === "" || serials.has(plain) || isUnusable(plain) ? null : host.serial;
        serials.add(plain);
        const rack = Math.floor(host.slot / 20);
        return hostRecord(number, {
          id: hostIdOf(number),
          phase: host.phase as HostRecord["phase"],
          serial,
          hardwareClass: host.hardwareClass,
          heightUnits: 2,
          bmcMac: host.bmc ? `00:25:90:00:00:${number.toString(16).padStart(2, "0")}` : null,
          switchPort: host.switchPort,
          tags: host.tags.sort(),
          nameplateWatts: host.nameplateWatts,
          position:
            host.isPlaced && rack < racks.length
              ? positionOf(`eu/fra2/row-b/rack-0${rack}/u${(host.slot % 20) * 2 + 1}`)
              : null,
        });
      }),
    };
  });

/** Placeholders never get into an inventory. */
function isUnusable(text: string): boolean {
  return !/[A-Z1-9].*[A-Z1-9]/.test(text) || /^(.)\1*$/.test(text.replaceAll(/[^0-9A-Z]/g, ""));
}
