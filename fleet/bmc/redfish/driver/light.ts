import type { DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { RedfishClient } from "./client.ts";
import { guardedPatch, type RedfishMemory } from "./guarded-patch.ts";
import { isOfAll, lenient, type Places } from "./places.ts";
import { problem } from "./problems.ts";

interface Light {
  readonly path: string;
  readonly property: "LocationIndicatorActive" | "IndicatorLED";
  readonly isLit: boolean | null;
}

/** null: it has a light and does not say. */
export async function readLight(
  client: RedfishClient,
  places: Places,
  signal: AbortSignal,
): Promise<Result<boolean | null, DriverProblem>> {
  const found = await findLight(client, places, signal);
  return found.ok ? ok(found.value.isLit) : found;
}

export async function writeLight(
  client: RedfishClient,
  { places, memory }: { readonly places: Places; readonly memory: RedfishMemory },
  isToBeLit: boolean,
  signal: AbortSignal,
): Promise<Result<void, DriverProblem>> {
  const found = await findLight(client, places, signal);
  if (!found.ok) return found;
  const { path, property } = found.value;
  const wanted = property === "IndicatorLED" ? (isToBeLit ? "Blinking" : "Off") : isToBeLit;
  const isDone = (json: Readonly<Record<string, unknown>>): boolean => json[property] === wanted;
  const patch = { path, body: { [property]: wanted }, isDone };
  const sent = await guardedPatch(client, memory, patch, signal);
  return sent.ok ? ok(undefined) : sent;
}

/** The newer property first: the older one shows more than the locating light with some. */
async function findLight(
  client: RedfishClient,
  { system, chassis }: Places,
  signal: AbortSignal,
): Promise<Result<Light, DriverProblem>> {
  const older: Light[] = [];
  for (const path of chassis === null ? [system] : [system, chassis]) {
    const read = await client.get(path, signal);
    if (!read.ok && (path === system || isOfAll(read.problem))) return read;
    if (!read.ok) continue;
    const resource = lenient(read.value);
    const active = resource.boolean("LocationIndicatorActive");
    if (active !== null) return ok({ path, property: "LocationIndicatorActive", isLit: active });
    const led = resource.text("IndicatorLED");
    if (led === null) continue;
    const isLit = led === "Off" ? false : led === "Blinking" || led === "Lit" ? true : null;
    older.push({ path, property: "IndicatorLED", isLit });
  }
  const light = older[0];
  return light === undefined ? fail(problem("unsupported", "it has no light")) : ok(light);
}
