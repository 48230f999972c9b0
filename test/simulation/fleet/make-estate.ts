import type { HostRecord, RackRecord, SiteRecord } from "#fleet/inventory/host-record.ts";
import { hostRecord, positionOf, testCell } from "#test/support/inventory-builders.ts";
import type { SeededRandom } from "#test/support/seeded-random.ts";

export interface SimulatedEstate {
  readonly sites: readonly SiteRecord[];
  readonly racks: readonly RackRecord[];
  readonly hosts: readonly HostRecord[];
}

const places = [
  ["fra2", "Europe/Berlin"],
  ["ams1", "Europe/Amsterdam"],
  ["lhr3", "Europe/London"],
  ["waw1", "Europe/Warsaw"],
  ["arn1", "Europe/Stockholm"],
  ["mad1", "Europe/Madrid"],
] as const;
const classes = ["web-32c", "db-64c", "store-24d", "gpu-8"] as const;
const hostsPerRack = 20;
const racksPerRow = 10;

/**
 * Sites of rows of racks of twenty hosts, most hosts of a rack of one class. Some rows hang on common
 * power lines, some racks on their own; some sites may be disturbed at night only. A tenth of the
 * hosts was adopted and is only watched; a few are for sale, the others serve.
 */
export function makeEstate(count: number, random: SeededRandom): SimulatedEstate {
  const siteCount = Math.max(1, Math.min(places.length, Math.ceil(count / 60)));
  const perSite = Math.ceil(count / siteCount);
  const perRack = Math.min(hostsPerRack, Math.max(4, Math.ceil(perSite / 4)));
  const sites: SiteRecord[] = [];
  const racks: RackRecord[] = [];
  const hosts: HostRecord[] = [];
  for (const [code, timeZone] of places.slice(0, siteCount)) {
    const isNightly = sites.length % 2 === 1;
    sites.push({
      code,
      region: "eu",
      timeZone,
      cell: testCell,
      windows: isNightly ? [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 60, toMinute: 300 }] : [],
    });
    for (let inSite = 0; inSite < perSite && hosts.length < count; inSite += perRack) {
      const at = inSite / perRack;
      const row = `row-${String.fromCharCode(97 + Math.floor(at / racksPerRow))}`;
      const rack = `rack-${String((at % racksPerRow) + 1).padStart(2, "0")}`;
      const hasCommonLine = Math.floor(at / racksPerRow) % 2 === 0;
      racks.push({
        id: `${code}/${row}/${rack}`,
        region: "eu",
        site: code,
        row,
        rack,
        heightUnits: 48,
        feeds: ["A", "B"].map((name) => ({
          name,
          budgetWatts: 12_000,
          // Three racks of a row share a line.
          upstream: hasCommonLine
            ? `ups-${name.toLowerCase()}${Math.floor((at % racksPerRow) / 3)}`
            : null,
        })),
      });
      for (
        let unit = 1;
        unit <= perRack && inSite + unit <= perSite && hosts.length < count;
        unit += 1
      ) {
        const number = hosts.length + 1;
        const own = classes[at % classes.length] ?? classes[0];
        const isWatched = random.chance(0.1);
        hosts.push(
          hostRecord(number, {
            position: positionOf(`eu/${code}/${row}/${rack}/u${unit}`),
            hardwareClass: random.chance(0.9) ? own : random.pick(classes),
            serial: `SN${number}`,
            bootId: bootIdOf(number, 1) as HostRecord["bootId"],
            switchPort: `sw-${code}-${row}-${rack}/Eth1/${unit}`,
            phase: random.chance(0.1) ? "available" : "active",
            adopted: isWatched,
            watchedOnly: isWatched,
          }),
        );
      }
    }
  }
  return { sites, racks, hosts };
}

export function bootIdOf(number: number, boot: number): string {
  return `b0070000-${String(boot % 10_000).padStart(4, "0")}-4000-8000-${String(number).padStart(12, "0")}`;
}
