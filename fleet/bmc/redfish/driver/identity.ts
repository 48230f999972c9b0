import type { BmcIdentity, DriverProblem } from "#fleet/boot-loop/bmc-driver.ts";
import { ok, type Result } from "#proto/vocabulary/result.ts";
import type { Resource } from "../resource.ts";
import type { RedfishClient } from "./client.ts";
import { safePath } from "./links.ts";
import { isOfAll, lenient, listAt, type Places } from "./places.ts";
import { habitsOf, type RedfishQuirk } from "./quirks.ts";

const managerMacsMax = 4;
const hostMacsMax = 16;

/** What the service tells of its host and of itself; a resource that fails costs its own facts only. */
export async function readIdentity(
  client: RedfishClient,
  { system, manager }: Places,
  quirks: readonly RedfishQuirk[],
  signal: AbortSignal,
): Promise<Result<BmcIdentity, DriverProblem>> {
  const ofSystem = await client.get(system, signal);
  if (!ofSystem.ok) return ofSystem;
  const ofManager = manager === null ? null : await client.get(manager, signal);
  if (ofManager !== null && !ofManager.ok && isOfAll(ofManager.problem)) return ofManager;
  const host = lenient(ofSystem.value);
  const bmc = ofManager?.ok === true ? lenient(ofManager.value) : null;
  const bmcMacs = await macsOf(client, bmc, managerMacsMax, signal);
  if (!bmcMacs.ok) return bmcMacs;
  const hostMacs = await macsOf(client, host, hostMacsMax, signal);
  if (!hostMacs.ok) return hostMacs;
  const names = {
    maker: host.text("Manufacturer"),
    model: host.text("Model"),
    firmware: bmc?.text("FirmwareVersion") ?? null,
  };
  const { serialAt } = habitsOf(names, quirks);
  const serial = host.text("SerialNumber");
  return ok({
    ...names,
    serial: serialAt === "SKU" ? (host.text("SKU") ?? serial) : serial,
    boardSerial: serialAt === "SKU" ? serial : null,
    uuid: host.text("UUID")?.toLowerCase() ?? null,
    bmcMac: bmcMacs.value[0] ?? null,
    hostMacs: hostMacs.value,
  });
}

async function macsOf(
  client: RedfishClient,
  owner: Resource | null,
  countMax: number,
  signal: AbortSignal,
): Promise<Result<readonly string[], DriverProblem>> {
  const path = safePath(owner?.link("EthernetInterfaces"));
  if (path === null) return ok([]);
  const listed = await listAt(client, path, signal);
  if (!listed.ok) return isOfAll(listed.problem) ? listed : ok([]);
  const macs = new Set<string>();
  for (const member of listed.value.slice(0, countMax)) {
    const read = await client.get(member, signal);
    if (!read.ok && isOfAll(read.problem)) return read;
    if (!read.ok) continue;
    const nic = lenient(read.value);
    // A NIC that is switched off says anything.
    if (nic.isAway()) continue;
    const mac = macOf(nic.text("PermanentMACAddress")) ?? macOf(nic.text("MACAddress"));
    if (mac !== null) macs.add(mac);
  }
  return ok([...macs]);
}

/** Lower case with colons; null: none, all zeros or ones, or no MAC. */
function macOf(text: string | null): string | null {
  const hex = text?.replace(/[:.-]/g, "").toLowerCase() ?? "";
  if (!/^[0-9a-f]{12}$/.test(hex) || /^(?:0{12}|f{12})$/.test(hex)) return null;
  return hex.replace(/..(?=.)/g, "$&:");
}
