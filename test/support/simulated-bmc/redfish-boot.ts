import type { RedfishInside, RedfishWorld } from "./redfish-inside.ts";
import { bootEntries, type BootOverride } from "./redfish-machine.ts";
import { type Body, empty, type Reply, refuse } from "./redfish-reply.ts";

/** A change of Boot: fields that are not sent keep what they say. */
export function patchBoot(
  world: RedfishWorld,
  inside: RedfishInside,
  { boot, isSettings }: { readonly boot: Body; readonly isSettings: boolean },
): Reply {
  const { shape, machine } = world;
  if (shape.settings === "only" && !isSettings)
    return refuse(
      400,
      "Base.1.13.OperationSupportedInFutureStateURI",
      "Boot is changed at the settings",
    );
  if (inside.jobs.length > 0) return refuse(409, "IDRAC.2.8.RAC0679", "a job is scheduled already");
  const names = Object.keys(boot).filter((name) => !fields.has(name));
  if (!shape.showsMode && "BootSourceOverrideMode" in boot) names.push("BootSourceOverrideMode");
  if (names.length > 0)
    return refuse(400, "Base.1.13.PropertyUnknown", `${names.join(", ")} is not known`);
  const change = changeOf(world, boot);
  if (typeof change === "string")
    return refuse(400, "Base.1.13.PropertyValueNotInList", `${change} has no such value`);
  machine.setBoot(change);
  return empty(204);
}

const fields: ReadonlySet<string> = new Set([
  "BootSourceOverrideTarget",
  "BootSourceOverrideEnabled",
  "BootSourceOverrideMode",
  "UefiTargetBootSourceOverride",
  "HttpBootUri",
  "BootNext",
  "BootOrder",
]);

/** A text is the name of the field that is wrong. */
function changeOf({ shape }: RedfishWorld, boot: Body): Partial<BootOverride> | string {
  const target = boot["BootSourceOverrideTarget"];
  const enabled = boot["BootSourceOverrideEnabled"];
  const mode = boot["BootSourceOverrideMode"];
  const uefiTarget = boot["UefiTargetBootSourceOverride"];
  const httpUri = boot["HttpBootUri"];
  const bootNext = boot["BootNext"];
  const order = boot["BootOrder"];
  const ids = bootEntries.map(([id]) => id);
  if (target !== undefined && !shape.bootTargets.includes(String(target)))
    return "BootSourceOverrideTarget";
  if (enabled !== undefined && !isEnabled(enabled)) return "BootSourceOverrideEnabled";
  if (mode !== undefined && mode !== "UEFI" && mode !== "Legacy") return "BootSourceOverrideMode";
  if (!isText(uefiTarget)) return "UefiTargetBootSourceOverride";
  if (!isText(httpUri)) return "HttpBootUri";
  if (!isText(bootNext) || (typeof bootNext === "string" && !ids.includes(bootNext)))
    return "BootNext";
  if (order !== undefined && !isOrder(order, ids)) return "BootOrder";
  return {
    ...(target === undefined ? {} : { target: String(target) }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(mode === undefined ? {} : { mode }),
    ...(uefiTarget === undefined ? {} : { uefiTarget }),
    ...(httpUri === undefined ? {} : { httpUri }),
    ...(bootNext === undefined ? {} : { bootNext }),
    ...(order === undefined ? {} : { order }),
  };
}

function isEnabled(value: unknown): value is BootOverride["enabled"] {
  return value === "Once" || value === "Continuous" || value === "Disabled";
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
}

/** The same entries, each once. */
function isOrder(value: unknown, ids: readonly string[]): value is readonly string[] {
  return (
    Array.isArray(value) && value.length === ids.length && ids.every((id) => value.includes(id))
  );
}
