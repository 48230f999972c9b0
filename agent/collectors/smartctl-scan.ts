import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { listOf, memberOf, objectOf, readJsonAfterNoise, textOf } from "./smart-json.ts";
import { findVersion, type SmartUnreadable } from "./smartctl.ts";

/** One way to a drive. Several share a name and differ in type: megaraid,0 and megaraid,1. */
export interface ScannedDevice {
  readonly name: string;
  readonly type: string | null;
  readonly protocol: string | null;
  /** What smartctl says where it could not open it. */
  readonly openError: string | null;
}

/** Reads `smartctl --scan-open --json` (and `--scan`). */
export function parseSmartctlScan(text: string): Result<readonly ScannedDevice[], SmartUnreadable> {
  const json = readJsonAfterNoise(text);
  if (typeof json !== "object" || json === null) {
    const version = findVersion(text);
    return fail({ version, detail: `no list of devices from smartctl ${version ?? ""}`.trim() });
  }
  const seen = new Set<string>();
  const devices: ScannedDevice[] = [];
  for (const entry of listOf(objectOf(json)["devices"], devicesMax)) {
    const name = textOf(memberOf(entry, "name"));
    const type = textOf(memberOf(entry, "type"));
    // What goes back to smartctl as an argument must look like what smartctl prints.
    if (name === null || !/^\/dev\/[\w./-]{1,100}$/.test(name) || name.includes("..")) continue;
    if (type !== null && !isDeviceType(type)) continue;
    const key = `${name} ${type ?? ""}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const protocol = textOf(memberOf(entry, "protocol"));
    devices.push({ name, type, protocol, openError: textOf(memberOf(entry, "open_error")) });
  }
  return ok(devices);
}

/** sat, sat+megaraid,3, 3ware,0, areca,1/2, usbjmicron,x,0. */
export function isDeviceType(text: string): boolean {
  return /^[a-z0-9][\w+,/.]{0,60}$/i.test(text);
}

/** More than a rack of enclosures behind one host. */
const devicesMax = 1_024;
