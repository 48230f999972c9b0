import type { DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import type { BootSight } from "#fleet/boot-loop/boot-wish.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import type { Resource } from "../resource.ts";
import { deviceOf, deviceOfEntry, enabledOf, modeOf } from "./boot-words.ts";
import type { RedfishClient, RedfishResource } from "./client.ts";
import { safePath } from "./links.ts";
import { isOfAll, lenient, listAt, type Places } from "./places.ts";

const orderMax = 64;
const optionsMax = 32;

/** Boot at the system, and where it stands at a settings object that is yet to come true. */
export interface BootResources {
  readonly system: RedfishResource;
  readonly boot: Resource | null;
  readonly settings: RedfishResource | null;
  readonly settingsBoot: Resource | null;
}

export async function readBootResources(
  client: RedfishClient,
  { system: path }: Places,
  signal: AbortSignal,
): Promise<Result<BootResources, DriverProblem>> {
  const system = await client.get(path, signal);
  if (!system.ok) return system;
  const resource = lenient(system.value);
  const link = safePath(resource.child("@Redfish.Settings")?.link("SettingsObject"));
  const read = link === null ? null : await client.get(link, signal);
  if (read !== null && !read.ok && isOfAll(read.problem)) return read;
  const settings = read?.ok === true ? read.value : null;
  return ok({
    system: system.value,
    boot: resource.child("Boot"),
    settings,
    settingsBoot: settings === null ? null : lenient(settings).child("Boot"),
  });
}

export async function readBoot(
  client: RedfishClient,
  places: Places,
  signal: AbortSignal,
): Promise<Result<BootSight, DriverProblem>> {
  const read = await readBootResources(client, places, signal);
  if (!read.ok) return read;
  const { boot, settingsBoot } = read.value;
  const now = sightOf(boot);
  const next = settingsBoot === null ? null : sightOf(settingsBoot);
  const isPending =
    next !== null &&
    (now.device === "unknown" || next.enabled === "once" || next.enabled === "continuous");
  const sight = isPending ? next : now;
  // Only BootOrder itself counts: members of BootOptions have no order.
  const order = boot?.texts("BootOrder", orderMax) ?? [];
  const said = [now.said, ...(next === null ? [] : [`at its settings ${next.said}`])].join("; ");
  return ok({ ...sight, order: order.length === 0 ? null : order, said });
}

function sightOf(boot: Resource | null): Omit<BootSight, "order"> {
  const target = boot?.text("BootSourceOverrideTarget") ?? null;
  const enabled = boot?.text("BootSourceOverrideEnabled") ?? null;
  const mode = boot?.text("BootSourceOverrideMode") ?? null;
  const path = boot?.text("UefiTargetBootSourceOverride") ?? null;
  const device = target === "UefiTarget" && path !== null ? deviceOfEntry(path) : deviceOf(target);
  const words = [target, enabled, mode, target === "UefiTarget" ? path : null];
  return {
    device,
    enabled: enabledOf(enabled),
    mode: modeOf(mode),
    said: words.map((word) => word ?? "-").join(" "),
  };
}

export interface BootOption {
  /** As BootOrder and BootNext name it. */
  readonly reference: string;
  readonly device: BootSight["device"];
  readonly uefiPath: string | null;
}

/** What can be started from, as the service lists it; in no order. */
export async function readBootOptions(
  client: RedfishClient,
  boot: Resource,
  signal: AbortSignal,
): Promise<Result<readonly BootOption[], DriverProblem>> {
  const path = safePath(boot.link("BootOptions"));
  if (path === null) return ok([]);
  const listed = await listAt(client, path, signal);
  if (!listed.ok) return listed;
  const options: BootOption[] = [];
  for (const member of listed.value.slice(0, optionsMax)) {
    const read = await client.get(member, signal);
    if (!read.ok && isOfAll(read.problem)) return read;
    if (!read.ok) continue;
    const option = lenient(read.value);
    const reference = option.text("BootOptionReference") ?? option.text("Id");
    if (reference === null || option.boolean("BootOptionEnabled") === false) continue;
    const uefiPath = option.text("UefiDevicePath");
    const name = option.text("DisplayName") ?? option.text("Name") ?? "";
    const alias = option.text("Alias");
    const byName = alias === null ? deviceOfEntry(name) : deviceOf(alias);
    const device =
      byName === "other" || byName === "unknown" ? deviceOfEntry(uefiPath ?? "") : byName;
    options.push({ reference, device, uefiPath });
  }
  return ok(options);
}
