import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { parseNvmeSmartLog } from "./nvme-smart-log.ts";
import { absentDrive, unreadableDrive } from "./smart-absences.ts";
import type { SmartFacts } from "./smart-facts.ts";
import type { DriveWay } from "./smart-ways.ts";
import { parseSmartctl } from "./smartctl.ts";
import { trimSysfs } from "./text.ts";

/** Longest that one drive may take; a healthy one answers in a tenth of a second. */
export const smartTimeoutMs = 20_000;

/** Asks one drive once. `id` names it in what may be missing. A sleeping drive is left asleep. */
export async function askDrive(
  source: HardwareSource,
  way: DriveWay,
  id: string | null,
): Promise<Result<SmartFacts, Absence>> {
  return way.tool === "nvme" ? askNvme(source, way, id) : askSmartctl(source, way, id);
}

/** What smartctl is told: everything, in JSON, and nothing that wakes. */
export function smartctlArguments({ device, type }: Pick<DriveWay, "device" | "type">) {
  const of = type === null ? [] : ["-d", type];
  return ["--json=c", "-x", "-n", "standby", ...of, device];
}

async function askSmartctl(source: HardwareSource, way: DriveWay, id: string | null) {
  const answer = await source.runTool({
    tool: "smartctl",
    args: smartctlArguments(way),
    timeoutMs: smartTimeoutMs,
  });
  if (!answer.ok) return fail(absentDrive(way, id, answer.problem));
  const { stdout, exitCode } = answer.value;
  const parsed = parseSmartctl(stdout, exitCode);
  return parsed.ok ? ok(parsed.value) : fail(unreadableDrive(way, id, parsed.problem));
}

/** The log has no word of whose it is: the kernel knows. */
async function askNvme(source: HardwareSource, way: DriveWay, id: string | null) {
  const answer = await source.runTool({
    tool: "nvme",
    args: ["smart-log", way.device, "-o", "json"],
    timeoutMs: smartTimeoutMs,
  });
  if (!answer.ok) return fail(absentDrive(way, id, answer.problem));
  const parsed = parseNvmeSmartLog(answer.value.stdout);
  if (!parsed.ok) return fail(unreadableDrive(way, id, parsed.problem));
  const folder = `/sys/class/nvme/${way.device.slice("/dev/".length)}`;
  const text = (file: string): string | null => {
    const read = source.readText(`${folder}/${file}`);
    return read.ok ? trimSysfs(read.value) || null : null;
  };
  return ok({
    ...parsed.value,
    device: { ...parsed.value.device, name: way.device },
    serial: text("serial"),
    model: text("model"),
    firmware: text("firmware_rev"),
  });
}
