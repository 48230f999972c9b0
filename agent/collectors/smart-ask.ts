import type { HardwareSource } from "#agent/hardware/hardware-source.ts";
import type { Absence } from "#proto/messages/state.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { parseNvmeSmartLog } from "./nvme-smart-log.ts";
import { absentDrive, unreadableDrive } from "./smart-absences.ts";
import type { SmartFacts } from "./smart-facts.ts";
import type { DriveWay } from "./smart-ways.ts";
import { parseSmartctl } from "./smartctl.ts";
import { parseSmartctlText } from "./smartctl-text.ts";
import { trimSysfs } from "./text.ts";

/** Longest that one drive may take; a healthy one answers in a tenth of a second. */
export const smartTimeoutMs = 20_000;

export interface DriveAnswer {
  readonly facts: SmartFacts;
  /** What a person should mend though there is an answer. */
  readonly note: Absence | null;
}

/** Asks one drive once. `id` names it in what may be missing. A sleeping drive is left asleep. */
export async function askDrive(
  source: HardwareSource,
  way: DriveWay,
  id: string | null,
): Promise<Result<DriveAnswer, Absence>> {
  return way.tool === "nvme" ? askNvme(source, way, id) : askSmartctl(source, way, id);
}

/** What smartctl is told: everything, in JSON, and nothing that wakes. */
export function smartctlArguments({ device, type }: Pick<DriveWay, "device" | "type">) {
  const of = type === null ? [] : ["-d", type];
  return ["--json=c", "-x", "-n", "standby", ...of, device];
}

async function askSmartctl(source: HardwareSource, way: DriveWay, id: string | null) {
  const args = smartctlArguments(way);
  const answer = await source.runTool({ tool: "smartctl", args, timeoutMs: smartTimeoutMs });
  if (!answer.ok) return fail(absentDrive(way, id, answer.problem));
  const { stdout, exitCode } = answer.value;
  const parsed = parseSmartctl(stdout, exitCode);
  if (parsed.ok) return ok({ facts: parsed.value, note: null });
  const note = unreadableDrive(way, id, parsed.problem);
  const facts = await askInWords(source, way);
  return facts === null ? fail(note) : ok({ facts, note });
}

/**
 * A smartctl before 7.0 has no JSON, and before 7.3 it breaks it for some SAS drives: what it tells
 * people is better than nothing. null: nothing of that is believed either.
 */
async function askInWords(source: HardwareSource, way: DriveWay): Promise<SmartFacts | null> {
  const args = smartctlArguments(way).slice(1);
  const answer = await source.runTool({ tool: "smartctl", args, timeoutMs: smartTimeoutMs });
  if (!answer.ok) return null;
  const [facts] = parseSmartctlText(answer.value.stdout, answer.value.exitCode);
  if (facts === undefined || (facts.serial === null && !facts.standby)) return null;
  return { ...facts, device: { ...facts.device, name: way.device, type: way.type } };
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
  const facts: SmartFacts = {
    ...parsed.value,
    device: { ...parsed.value.device, name: way.device },
    serial: text("serial"),
    model: text("model"),
    firmware: text("firmware_rev"),
  };
  return ok({ facts, note: null });
}
