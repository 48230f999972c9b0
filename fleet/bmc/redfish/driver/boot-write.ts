import type { Accepted, DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import type { BootWay, BootWish } from "#fleet/boot-loop/boot-wish.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isObject, type Json, type Resource } from "../resource.ts";
import { accepted } from "./accepted.ts";
import { type BootResources, readBootOptions, readBootResources } from "./boot-read.ts";
import { targetsOf } from "./boot-words.ts";
import type { RedfishClient } from "./client.ts";
import { guardedPatch, type RedfishMemory } from "./guarded-patch.ts";
import type { Places } from "./places.ts";
import { problem } from "./problems.ts";

const targetsMax = 64;
const orderMax = 64;

/** Says a wish in one form. Nothing is sent where the service does not have what the form needs. */
export async function writeBoot(
  client: RedfishClient,
  { places, memory }: { readonly places: Places; readonly memory: RedfishMemory },
  { wish, way }: { readonly wish: BootWish; readonly way: BootWay },
  signal: AbortSignal,
): Promise<Result<Accepted, DriverProblem>> {
  const read = await readBootResources(client, places, signal);
  if (!read.ok) return read;
  const resources = read.value;
  const isAtSettings =
    way.startsWith("settings-") ||
    (way === "boot-order" && resources.settingsBoot?.json["BootOrder"] !== undefined);
  const boot = isAtSettings ? resources.settingsBoot : resources.boot;
  const path = isAtSettings ? resources.settings?.path : resources.system.path;
  if (boot === null || path === undefined) return none(`${way}: it has no Boot there`);
  const fields = await fieldsOf(client, { boot, resources, wish, way }, signal);
  if (!fields.ok) return fields;
  const sent = await guardedPatch(
    client,
    memory,
    { path, body: { Boot: fields.value }, isDone: (json) => says(json, fields.value) },
    signal,
  );
  if (!sent.ok) return sent;
  return ok(accepted(sent.value, `PATCH ${path} ${Object.keys(fields.value).join(", ")}`));
}

interface Ask {
  readonly boot: Resource;
  readonly resources: BootResources;
  readonly wish: BootWish;
  readonly way: BootWay;
}

async function fieldsOf(
  client: RedfishClient,
  ask: Ask,
  signal: AbortSignal,
): Promise<Result<Json, DriverProblem>> {
  const { boot, wish, way } = ask;
  switch (way) {
    case "system-full":
    case "settings-full":
      return override(ask, { hasEnabled: true, hasMode: true });
    case "system-without-mode":
    case "settings-without-mode":
      // Some refuse the target None: Disabled alone clears as well.
      if (wish.device === "none") return ok({ BootSourceOverrideEnabled: "Disabled" });
      return override(ask, { hasEnabled: true, hasMode: false });
    case "system-target-only":
      return override(ask, { hasEnabled: false, hasMode: false });
    case "uefi-target":
      return uefiTarget(client, ask, signal);
    case "boot-next":
      return bootNext(client, ask, signal);
    case "boot-order":
      return bootOrder(client, { boot, wish }, signal);
    case "flags":
    case "flags-raw":
      return none(`${way} is no way of Redfish`);
  }
}

/** The mode only where the reading shows it: some refuse it, some fall back without it. */
function override(
  { boot, wish }: Pick<Ask, "boot" | "wish">,
  { hasEnabled, hasMode }: { readonly hasEnabled: boolean; readonly hasMode: boolean },
): Result<Json, DriverProblem> {
  const target = targetOf(boot, wish);
  if (target === null) {
    const offers = boot.texts("BootSourceOverrideTarget@Redfish.AllowableValues", targetsMax);
    return none(`it does not start from ${wish.device}: it offers ${offers.join(", ")}`);
  }
  const showsMode = boot.json["BootSourceOverrideMode"] !== undefined;
  const showsUri = boot.json["HttpBootUri"] !== undefined;
  return ok({
    BootSourceOverrideTarget: target,
    ...(hasEnabled ? { BootSourceOverrideEnabled: enabledFor(wish) } : {}),
    ...(hasMode && showsMode ? { BootSourceOverrideMode: modeFor(wish) } : {}),
    ...(wish.device === "http" && wish.httpUri !== null && showsUri
      ? { HttpBootUri: wish.httpUri }
      : {}),
  });
}

function targetOf(boot: Resource, { device }: BootWish): string | null {
  const names = targetsOf[device];
  const offered = boot.texts("BootSourceOverrideTarget@Redfish.AllowableValues", targetsMax);
  if (offered.length > 0) return names.find((name) => offered.includes(name)) ?? null;
  // Without a list: the standard's name, where there is an override at all.
  return boot.json["BootSourceOverrideTarget"] === undefined ? null : (names[0] ?? null);
}

async function uefiTarget(
  client: RedfishClient,
  { boot, wish }: Ask,
  signal: AbortSignal,
): Promise<Result<Json, DriverProblem>> {
  const offered = boot.texts("BootSourceOverrideTarget@Redfish.AllowableValues", targetsMax);
  if (!offered.includes("UefiTarget") || wish.device === "none")
    return none("it does not start from a UEFI device path");
  let path = wish.uefiTarget;
  if (path === null) {
    const options = await readBootOptions(client, boot, signal);
    if (!options.ok) return options;
    path = options.value.find(({ device }) => device === wish.device)?.uefiPath ?? null;
  }
  if (path === null) return none(`it names no device path for ${wish.device}`);
  return ok({
    BootSourceOverrideTarget: "UefiTarget",
    BootSourceOverrideEnabled: enabledFor(wish),
    UefiTargetBootSourceOverride: path,
  });
}

async function bootNext(
  client: RedfishClient,
  { boot, wish }: Ask,
  signal: AbortSignal,
): Promise<Result<Json, DriverProblem>> {
  if (boot.json["BootNext"] === undefined || !wish.isOnce || wish.device === "none")
    return none("it has no BootNext for this wish");
  const options = await readBootOptions(client, boot, signal);
  if (!options.ok) return options;
  const entry = options.value.find(({ device }) => device === wish.device);
  if (entry === undefined) return none(`it names no boot option for ${wish.device}`);
  return ok({
    BootSourceOverrideTarget: "UefiBootNext",
    BootSourceOverrideEnabled: "Once",
    BootNext: entry.reference,
  });
}

/** The device's entries first, all others as they were. */
async function bootOrder(
  client: RedfishClient,
  { boot, wish }: Pick<Ask, "boot" | "wish">,
  signal: AbortSignal,
): Promise<Result<Json, DriverProblem>> {
  const order = boot.texts("BootOrder", orderMax);
  if (order.length === 0 || wish.device === "none") return none("it has no BootOrder");
  const options = await readBootOptions(client, boot, signal);
  if (!options.ok) return options;
  const wanted = new Set(
    options.value.filter(({ device }) => device === wish.device).map(({ reference }) => reference),
  );
  const first = order.filter((one) => wanted.has(one));
  if (first.length === 0) return none(`no entry of its BootOrder is ${wish.device}`);
  return ok({ BootOrder: [...first, ...order.filter((one) => !wanted.has(one))] });
}

function says(json: Json, fields: Json): boolean {
  const boot = isObject(json["Boot"]) ? json["Boot"] : {};
  return Object.entries(fields).every(
    ([name, value]) => JSON.stringify(boot[name]) === JSON.stringify(value),
  );
}

function enabledFor({ device, isOnce }: BootWish): string {
  if (device === "none") return "Disabled";
  return isOnce ? "Once" : "Continuous";
}

function modeFor({ mode }: BootWish): string {
  return mode === "uefi" ? "UEFI" : "Legacy";
}

function none(detail: string): Result<never, DriverProblem> {
  return fail(problem("unsupported", detail));
}
