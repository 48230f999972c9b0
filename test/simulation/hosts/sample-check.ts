import type { Telemetry } from "#fleet/telemetry/telemetry.ts";
import type { HostId } from "#proto/vocabulary/ids.ts";
import type { Witness, WitnessedSeries } from "#test/support/farm/witness.ts";
import { checkSamples, type Findings } from "#test/simulation/invariants.ts";
import { thinned } from "./thinned.ts";

const hourMs = 3_600_000;

/**
 * Compares what a manager's telemetry reads with what the wire's witness saw, hour by hour.
 */
export async function compareSamples(
  telemetry: Telemetry,
  host: { readonly id: HostId; readonly name: string },
  witness: Witness,
): Promise<Findings> {
  const problems: string[] = [];
  let acknowledgedPoints = 0;
  let readablePoints = 0;
  for (const [fromMs, series] of byHour(witness.series())) {
    const found = await checkSamples(
      telemetry,
      { ...host, series },
      { fromMs, toMs: fromMs + hourMs, stepMs: thinned.stepMs },
    );
    acknowledgedPoints += found.acknowledgedPoints;
    readablePoints += found.readablePoints;
    problems.push(...found.problems);
  }
  return { problems: problems.slice(0, 5), acknowledgedPoints, readablePoints };
}

/** The same series, each hour's points by themselves: a query answers so many steps at most. */
function byHour(all: readonly WitnessedSeries[]): ReadonlyMap<number, readonly WitnessedSeries[]> {
  const hours = new Map<number, Map<WitnessedSeries, WitnessedSeries>>();
  const partOf = (track: WitnessedSeries, at: number): WitnessedSeries => {
    const fromMs = Math.floor(at / hourMs) * hourMs;
    const ofHour = hours.get(fromMs) ?? new Map<WitnessedSeries, WitnessedSeries>();
    hours.set(fromMs, ofHour);
    const part = ofHour.get(track) ?? { ...track, sent: new Map(), acknowledged: new Set() };
    ofHour.set(track, part);
    return part;
  };
  for (const track of all) {
    for (const [at, values] of track.sent) partOf(track, at).sent.set(secondOf(at), values);
    for (const at of track.acknowledged) partOf(track, at).acknowledged.add(secondOf(at));
  }
  return new Map([...hours].map(([fromMs, parts]) => [fromMs, [...parts.values()]]));
}

/** What is answered is answered by the second. */
function secondOf(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
