import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type SmartFacts, unknownSmartFacts } from "./smart-facts.ts";
import { memberOf, objectOf, readJsonAfterNoise } from "./smart-json.ts";
import { plausible, plausibleNumbers } from "./smart-plausible.ts";
import type { SmartUnreadable } from "./smartctl.ts";

/**
 * The health log of an NVMe drive as `nvme smart-log -o json` prints it, for hosts without
 * smartctl. Its temperature is in kelvin, where nvme's own text output has °C. The critical warning
 * is a number, or since nvme-cli 2.0 an object whose `value` it is; numbers may be written as text.
 */
export function parseNvmeSmartLog(text: string): Result<SmartFacts, SmartUnreadable> {
  const json = readJsonAfterNoise(text);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    return fail({ version: null, detail: "no valid JSON from nvme smart-log" });
  const { within, implausible } = plausibleNumbers();
  const log = objectOf(json);
  const of = (...names: readonly string[]): unknown => {
    const name = names.find((candidate) => log[candidate] !== undefined);
    const value = name === undefined ? undefined : log[name];
    // Only what a double holds; longer text stays text and is told as implausible.
    return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  };
  const kelvin = within("temperature", of("temperature"), { min: 1, max: 1_000 });
  const celsius = kelvin === null ? null : Math.round(kelvin - 273.15);
  const warning = of("critical_warning");
  const facts: SmartFacts = {
    ...unknownSmartFacts,
    device: { name: null, type: "nvme", protocol: "NVMe" },
    temperatureCelsius: within("temperature", celsius, plausible.celsius),
    criticalWarning: within(
      "critical_warning",
      typeof warning === "number" ? warning : memberOf(warning, "value"),
      plausible.byte,
    ),
    spare: within("avail_spare", of("avail_spare", "available_spare"), plausible.percent),
    spareThreshold: within(
      "spare_thresh",
      of("spare_thresh", "available_spare_threshold"),
      plausible.percent,
    ),
    percentageUsed: within(
      "percent_used",
      of("percent_used", "percentage_used"),
      plausible.percentUsed,
    ),
    wearSource: null,
    powerOnHours: within("power_on_hours", of("power_on_hours"), plausible.hours),
    unsafeShutdowns: within("unsafe_shutdowns", of("unsafe_shutdowns"), plausible.count),
    mediaErrors: within("media_errors", of("media_errors"), plausible.count),
    errorLogCount: within("num_err_log_entries", of("num_err_log_entries"), plausible.count),
    implausible,
  };
  return ok({ ...facts, wearSource: facts.percentageUsed === null ? null : "nvme" });
}
