import type { DriverProblem, PowerDraw } from "#fleet/boot-loop/bmc-driver.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Milliwatts } from "#proto/vocabulary/units.ts";
import { readRedfish } from "../read-redfish.ts";
import type { RedfishAnswer } from "../redfish-facts.ts";
import type { RedfishClient } from "./client.ts";
import { safePath } from "./links.ts";
import { isOfAll, lenient, listAt, type Places, rootPath } from "./places.ts";
import { problem } from "./problems.ts";

const suppliesMax = 8;

/** Reads what may say the watts, in the old schema and in the new ones, and judges it as the crawl does. */
export async function readWatts(
  client: RedfishClient,
  { system, chassis }: Places,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<PowerDraw, DriverProblem>> {
  if (chassis === null) return fail(problem("unsupported", "it has no chassis"));
  const answers: RedfishAnswer[] = [];
  let end: DriverProblem | null = null;
  const take = async (path: string | null): Promise<ReturnType<typeof lenient> | null> => {
    if (path === null || end !== null) return null;
    const read = await client.get(path, signal);
    if (read.ok) answers.push({ path, status: 200, body: read.value.json });
    else if (isOfAll(read.problem)) end = read.problem;
    return read.ok ? lenient(read.value) : null;
  };
  await take(rootPath);
  await take(system);
  const first = await take(chassis);
  if (first === null) return fail(end ?? problem("not-ready", `${chassis} cannot be read`));
  await take(safePath(first.link("Power")));
  await take(safePath(first.link("EnvironmentMetrics")));
  const subsystem = await take(safePath(first.link("PowerSubsystem")));
  const supplies = safePath(subsystem?.link("PowerSupplies"));
  if (supplies !== null && end === null) {
    await take(supplies);
    const listed = await listAt(client, supplies, signal);
    for (const path of listed.ok ? listed.value.slice(0, suppliesMax) : [])
      await take(safePath((await take(path))?.link("Metrics")));
  }
  if (end !== null) return fail(end);
  const { power } = readRedfish(answers);
  return ok({
    milliwatts:
      power.totalWatts === null ? null : (Math.round(power.totalWatts * 1_000) as Milliwatts),
    source: power.source ?? power.reason ?? "nothing",
    observedMs: clock.nowUnixMs(),
  });
}
