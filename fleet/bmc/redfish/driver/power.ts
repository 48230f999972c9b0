import type {
  Accepted,
  DriverPowerOrder,
  DriverProblem,
  PowerSight,
} from "#fleet/boot-loop/bmc-driver.ts";
import type { Clock } from "#proto/vocabulary/clock.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { Resource } from "../resource.ts";
import { accepted } from "./accepted.ts";
import type { RedfishClient } from "./client.ts";
import { safePath } from "./links.ts";
import { isOfAll, lenient, type Places } from "./places.ts";
import { problem } from "./problems.ts";

/** What leads to a wish, the plain one first. None of a soft order is forced. */
const resetTypesOf: Readonly<Record<DriverPowerOrder, readonly string[]>> = {
  on: ["On", "ForceOn"],
  off: ["ForceOff"],
  "soft-off": ["GracefulShutdown", "PushPowerButton"],
  restart: ["ForceRestart", "PowerCycle"],
  "soft-restart": ["GracefulRestart"],
  cycle: ["PowerCycle"],
  "ac-cycle": ["FullPowerCycle"],
};
const typesMax = 64;

export async function readPowerState(
  client: RedfishClient,
  places: Places,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<PowerSight, DriverProblem>> {
  const system = await client.get(places.system, signal);
  if (!system.ok) return system;
  const said = lenient(system.value).text("PowerState");
  const chassis = places.chassis === null ? null : await client.get(places.chassis, signal);
  if (chassis !== null && !chassis.ok && isOfAll(chassis.problem)) return chassis;
  const ofChassis = chassis?.ok === true ? lenient(chassis.value).text("PowerState") : null;
  return ok({
    state: stateOf(said),
    chassis: ofChassis === null ? null : stateOf(ofChassis),
    observedMs: clock.nowUnixMs(),
    said: `System ${said ?? "says nothing"}, Chassis ${ofChassis ?? "says nothing"}`,
  });
}

/** On its way is neither: PoweringOn may stand there for hours. */
function stateOf(said: string | null): "on" | "off" | "unknown" {
  if (said === "On") return "on";
  return said === "Off" ? "off" : "unknown";
}

/**
 * The types that lead to the wish and are listed, one after the other while they are refused as
 * unknown; at the system, then at its chassis.
 */
export async function orderPower(
  client: RedfishClient,
  places: Places,
  order: DriverPowerOrder,
  signal: AbortSignal,
): Promise<Result<Accepted, DriverProblem>> {
  const system = await client.get(places.system, signal);
  if (!system.ok) return system;
  const resource = lenient(system.value);
  const isOn = resource.text("PowerState") === "On";
  const actions = [await resetActionOf(client, resource, "#ComputerSystem.Reset", signal)];
  const chassis = places.chassis === null ? null : await client.get(places.chassis, signal);
  // A chassis of several systems is not switched for one of them.
  if (chassis?.ok === true && holdsOne(lenient(chassis.value), places.system))
    actions.push(await resetActionOf(client, lenient(chassis.value), "#Chassis.Reset", signal));
  let last: DriverProblem | null = null;
  for (const action of actions) {
    for (const type of resetTypesOf[order]) {
      if (action?.types.includes(type) !== true) continue;
      // A button switches on what is off.
      if (type === "PushPowerButton" && !isOn) continue;
      const body = { ResetType: type };
      const sent = await client.change({ method: "POST", path: action.target, body }, signal);
      if (sent.ok) return ok(accepted(sent.value, `POST ${action.target} ${type}`));
      last = sent.problem;
      if (sent.problem.kind !== "unsupported") return sent;
    }
  }
  const listed = actions.flatMap((action) => action?.types ?? []).join(", ") || "nothing";
  return fail(last ?? problem("unsupported", `for ${order} it offers ${listed}`));
}

export interface ResetAction {
  readonly target: string;
  /** Empty: it lists none. */
  readonly types: readonly string[];
}

/** By the values beside the action, or by its ActionInfo. */
export async function resetActionOf(
  client: RedfishClient,
  resource: Resource,
  name: string,
  signal: AbortSignal,
): Promise<ResetAction | null> {
  const action = resource.child("Actions")?.child(name) ?? null;
  const target = safePath(action?.text("target"));
  if (action === null || target === null) return null;
  const inline = action.texts("ResetType@Redfish.AllowableValues", typesMax);
  const info = safePath(action.text("@Redfish.ActionInfo"));
  if (inline.length > 0 || info === null) return { target, types: inline };
  const read = await client.get(info, signal);
  if (!read.ok) return { target, types: [] };
  const parameter = lenient(read.value)
    .entries("Parameters", typesMax)
    .find((entry) => entry.text("Name") === "ResetType");
  return { target, types: parameter?.texts("AllowableValues", typesMax) ?? [] };
}

function holdsOne(chassis: Resource, system: string): boolean {
  const systems = chassis.child("Links")?.links("ComputerSystems", typesMax) ?? [];
  return systems.length === 1 && safePath(systems[0]) === system;
}
