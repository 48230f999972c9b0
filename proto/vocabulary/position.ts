import { fail, ok, type Result } from "./result.ts";

export const regions = ["na", "eu", "ea"] as const;
export type Region = (typeof regions)[number];

export const regionNames: Record<Region, string> = {
  na: "North America",
  eu: "Europe",
  ea: "East Asia",
};

/** Where a host sits: `ea/nrt1/row-b/rack-07/u12`. */
export interface Position {
  readonly region: Region;
  /** An airport code and a number: `nrt1`. */
  readonly site: string;
  readonly row: string;
  readonly rack: string;
  /** Lowest rack unit the host fills, counted from the bottom, from 1. */
  readonly unit: number;
}

export type PositionProblem = {
  readonly kind: "not-a-position";
  readonly text: string;
  readonly hint: string;
};

const siteForm = /^[a-z]{3}[0-9]{1,2}$/;
const rowForm = /^row-[a-z0-9]{1,8}$/;
const rackForm = /^rack-[a-z0-9]{1,8}$/;
const unitForm = /^u([0-9]{1,2})$/;

export const rackUnitsMax = 60;

/** `region/site/row/rack/unit` → a position, or which part is wrong and what it should look like. */
export function parsePosition(text: string): Result<Position, PositionProblem> {
  const refuse = (hint: string) =>
    fail({ kind: "not-a-position", text: text.slice(0, 80), hint } as const);
  const parts = text.split("/");
  const [region, site, row, rack, unit] = parts;
  if (parts.length !== 5 || !region || !site || !row || !rack || !unit)
    return refuse("write five parts: region/site/row/rack/unit, as in ea/nrt1/row-b/rack-07/u12");
  if (!isRegion(region)) return refuse(`"${region}" is no region; use ${regions.join(", ")}`);
  if (!siteForm.test(site))
    return refuse(`"${site}" is no site; use an airport code and a number, as in nrt1`);
  if (!rowForm.test(row)) return refuse(`"${row}" is no row; write row-b`);
  if (!rackForm.test(rack)) return refuse(`"${rack}" is no rack; write rack-07`);
  const digits = unitForm.exec(unit)?.[1];
  const number = Number(digits);
  if (digits === undefined || number < 1 || number > rackUnitsMax)
    return refuse(`"${unit}" is no rack unit; write u1 to u${rackUnitsMax}`);
  return ok({ region, site, row, rack, unit: number });
}

export function formatPosition(position: Position): string {
  const unit = String(position.unit).padStart(2, "0");
  return `${position.region}/${position.site}/${position.row}/${position.rack}/u${unit}`;
}

export function isRegion(text: string): text is Region {
  return (regions as readonly string[]).includes(text);
}
