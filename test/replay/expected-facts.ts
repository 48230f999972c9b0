import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FixtureError } from "#agent/hardware/fixture-format.ts";

/**
 * expected/*.json: facts that a person read in the recorded texts, each with the line it came from.
 * Written by hand, never by a program: what our own code says of a fixture proves nothing.
 */
export interface ExpectedFacts {
  readonly readBy: string;
  /** Path into the identity, as `processor.cores` or `components.disk.vda.sizeBytes`. */
  readonly identity: readonly ExpectedIdentity[];
  readonly powerSource: string | null;
  readonly hardwareClass: string | null;
  /** Points by frame number; counters as increments since the frame before. */
  readonly points: readonly ExpectedPoint[];
  readonly absent: readonly ExpectedAbsence[];
}

export interface ExpectedIdentity {
  readonly what: string;
  readonly is: unknown;
  readonly from: string;
}

export interface ExpectedPoint {
  readonly metric: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly frame: number;
  /** null: nothing must be seen there. */
  readonly is: number | null;
  /** How far off it may be: rates of two texts are rounded. */
  readonly within?: number;
  readonly from: string;
}

export interface ExpectedAbsence {
  readonly what: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly from: string;
}

/** All facts of a fixture; a fixture without any is refused. */
export function readExpectedFacts(folder: string): readonly ExpectedFacts[] {
  const expected = join(folder, "expected");
  const names = readdirSync(expected).filter((name) => name.endsWith(".json"));
  if (names.length === 0) throw new FixtureError("FIXTURE_BROKEN", `${expected} holds no facts`);
  return names
    .sort()
    .map((name) =>
      checkFacts(JSON.parse(readFileSync(join(expected, name), "utf8")), join(expected, name)),
    );
}

function checkFacts(value: unknown, path: string): ExpectedFacts {
  if (typeof value !== "object" || value === null)
    throw new FixtureError("FIXTURE_BROKEN", `${path} is no object`);
  const facts = value as Partial<ExpectedFacts>;
  for (const field of ["identity", "points", "absent"] as const)
    for (const fact of facts[field] ?? [])
      if (typeof fact.from !== "string" || fact.from === "")
        throw new FixtureError(
          "FIXTURE_BROKEN",
          `${path}: a fact of ${field} does not say where it was read`,
        );
  const { readBy, identity, powerSource, hardwareClass, points, absent } = facts;
  if (
    typeof readBy !== "string" ||
    identity === undefined ||
    points === undefined ||
    absent === undefined ||
    powerSource === undefined ||
    hardwareClass === undefined
  )
    throw new FixtureError(
      "FIXTURE_BROKEN",
      `${path} needs readBy, identity, powerSource, hardwareClass, points and absent`,
    );
  return { readBy, identity, powerSource, hardwareClass, points, absent };
}
