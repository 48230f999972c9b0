import { childOf, parseXml, textAt, type XmlNode } from "./gpu-xml.ts";
import {
  type GpuAnswer,
  type GpuReading,
  gpuLimits,
  pciAddress,
  toldSerial,
  toldText,
  unknownGpu,
  within,
} from "./gpu-reading.ts";

/**
 * `nvidia-smi -q -x`. The schema follows the driver, not the card: power moved from `power_readings`
 * to `gpu_power_readings` and was split into mean and moment; throttle reasons became event reasons;
 * a value may be `N/A`, `[Not Supported]` or *Requested functionality has been deprecated*. Each is
 * looked for in its newest place first. null: the text is no such document. Lines before it, such as
 * warnings, are passed over.
 */
export function parseNvidiaSmi(text: string): GpuAnswer | null {
  const begin = text.indexOf("<nvidia_smi_log");
  const log = begin < 0 ? null : parseXml(text.slice(begin));
  if (log === null || log.name !== "nvidia_smi_log") return null;
  return {
    driver: toldText(textAt(log, "driver_version")),
    attached: whole(textAt(log, "attached_gpus")),
    gpus: log.children
      .filter(({ name }) => name === "gpu")
      .slice(0, gpusMax)
      .map(readGpu),
  };
}

function readGpu(gpu: XmlNode): GpuReading {
  const temperature = celsius(textAt(gpu, "temperature/gpu_temp"));
  const slowdown = celsius(textAt(gpu, "temperature/gpu_temp_slow_threshold"));
  const margin = celsius(textAt(gpu, "temperature/gpu_temp_tlimit"));
  const reasons = childOf(gpu, "clocks_event_reasons") ?? childOf(gpu, "clocks_throttle_reasons");
  const mig = childOf(gpu, "mig_devices")?.children.length ?? null;
  return {
    ...unknownGpu,
    vendor: "NVIDIA",
    model: toldText(textAt(gpu, "product_name")),
    serial: toldSerial(textAt(gpu, "serial")),
    uuid: toldText(textAt(gpu, "uuid")),
    address: pciAddress(gpu.attributes["id"]) ?? pciAddress(textAt(gpu, "pci/pci_bus_id")),
    partNumber:
      toldText(textAt(gpu, "board_part_number")) ?? toldText(textAt(gpu, "gpu_part_number")),
    firmware: toldText(textAt(gpu, "vbios_version")),
    powerWatts: firstOf(gpu, watts, [
      "gpu_power_readings/instant_power_draw",
      "gpu_power_readings/average_power_draw",
      "gpu_power_readings/power_draw",
      "power_readings/instant_power_draw",
      "power_readings/power_draw",
    ]),
    modulePowerWatts: firstOf(gpu, watts, [
      "module_power_readings/instant_power_draw",
      "module_power_readings/average_power_draw",
      "module_power_readings/power_draw",
    ]),
    powerLimitWatts: firstOf(gpu, watts, [
      "gpu_power_readings/current_power_limit",
      "power_readings/enforced_power_limit",
      "power_readings/power_limit",
    ]),
    temperatureCelsius: temperature,
    memoryTemperatureCelsius: celsius(textAt(gpu, "temperature/memory_temp")),
    slowdownCelsius: slowdown,
    marginCelsius:
      margin ?? (temperature === null || slowdown === null ? null : slowdown - temperature),
    fanRatio: ratio(textAt(gpu, "fan_speed")),
    utilization: ratio(textAt(gpu, "utilization/gpu_util")),
    memoryUsedBytes: mebibytes(textAt(gpu, "fb_memory_usage/used")),
    memoryTotalBytes: mebibytes(textAt(gpu, "fb_memory_usage/total")),
    errors: readErrors(gpu),
    retiredPages: readRetired(gpu),
    remappedRows: readRemapped(gpu),
    pcieReplays: whole(textAt(gpu, "pci/replay_counter")),
    linkGeneration: whole(textAt(gpu, "pci/pci_gpu_link_info/pcie_gen/current_link_gen")),
    linkWidth: whole(
      textAt(gpu, "pci/pci_gpu_link_info/link_widths/current_link_width")?.replace(/x$/, ""),
    ),
    throttle: activeReasons(reasons),
    throttleTold: reasons !== undefined && reasons.children.length > 0,
    needsReset: readReset(gpu),
    migDevices: toldText(textAt(gpu, "mig_mode/current_mig")) === "Enabled" ? mig : null,
    persistent: yesNo(textAt(gpu, "persistence_mode"), "Enabled", "Disabled"),
  };
}

/** Lifetime counts (`aggregate`), by memory and cache; older drivers have one total each. */
function readErrors(gpu: XmlNode): GpuReading["errors"] {
  const counts =
    childOf(childOf(gpu, "ecc_errors"), "aggregate") ??
    childOf(childOf(gpu, "ecc_errors"), "volatile");
  const sum = (names: readonly string[]): number | null => {
    const seen = names.map((name) => whole(textAt(counts, name))).filter((one) => one !== null);
    return seen.length === 0
      ? null
      : within(
          seen.reduce((total, one) => total + one, 0),
          0,
          gpuLimits.count,
        );
  };
  return {
    corrected: sum(["sram_correctable", "dram_correctable"]) ?? sum(["single_bit/total"]),
    uncorrected:
      sum([
        "sram_uncorrectable",
        "sram_uncorrectable_parity",
        "sram_uncorrectable_secded",
        "dram_uncorrectable",
      ]) ?? sum(["double_bit/total"]),
  };
}

function readRetired(gpu: XmlNode): GpuReading["retiredPages"] {
  const pages = childOf(gpu, "retired_pages");
  const single = whole(textAt(pages, "multiple_single_bit_retirement/retired_count"));
  const double = whole(textAt(pages, "double_bit_retirement/retired_count"));
  if (single === null && double === null) return null;
  return { single, double, pending: yesNo(textAt(pages, "pending_retirement"), "Yes", "No") };
}

function readRemapped(gpu: XmlNode): GpuReading["remappedRows"] {
  const rows = childOf(gpu, "remapped_rows");
  const corrected = whole(textAt(rows, "remapped_row_corr"));
  const uncorrected = whole(textAt(rows, "remapped_row_unc"));
  if (corrected === null && uncorrected === null) return null;
  return {
    corrected,
    uncorrected,
    pending: yesNo(textAt(rows, "remapped_row_pending"), "Yes", "No"),
    failed: yesNo(textAt(rows, "remapped_row_failure"), "Yes", "No"),
  };
}

function activeReasons(reasons: XmlNode | undefined): readonly string[] {
  return (reasons?.children ?? []).flatMap(({ name, text }) => {
    const reason = /_reason_(.{1,64})$/.exec(name)?.[1] ?? "";
    return text === "Active" && slowingReasons.has(reason) ? [reason] : [];
  });
}

/** Heat and power; idling, chosen clocks and display settings are no fault. */
const slowingReasons: ReadonlySet<string> = new Set([
  "sw_power_cap",
  "hw_slowdown",
  "hw_thermal_slowdown",
  "hw_power_brake_slowdown",
  "sw_thermal_slowdown",
]);

function readReset(gpu: XmlNode): boolean | null {
  const action = textAt(gpu, "gpu_recovery_action");
  if (action !== undefined && action !== "N/A") return action !== "None";
  return yesNo(textAt(gpu, "gpu_reset_status/reset_required"), "Yes", "No");
}

function firstOf(
  gpu: XmlNode,
  read: (text: string | undefined) => number | null,
  paths: readonly string[],
): number | null {
  for (const path of paths) {
    const value = read(textAt(gpu, path));
    if (value !== null) return value;
  }
  return null;
}

function quantity(text: string | undefined, unit: RegExp): number | null {
  const [, digits, found = ""] = /^(-?\d{1,15}(?:\.\d{1,6})?) ?(.{0,12})$/.exec(text ?? "") ?? [];
  return digits !== undefined && unit.test(found) ? Number(digits) : null;
}

function watts(text: string | undefined): number | null {
  return within(quantity(text, /^W$/), 0, gpuLimits.watts);
}

function celsius(text: string | undefined): number | null {
  return within(quantity(text, /^C$/), gpuLimits.celsiusMin, gpuLimits.celsiusMax);
}

function ratio(text: string | undefined): number | null {
  const percent = within(quantity(text, /^%$/), 0, 100);
  return percent === null ? null : percent / 100;
}

function mebibytes(text: string | undefined): number | null {
  const value = quantity(text, /^Mi?B$/);
  return value === null ? null : within(value * 1024 * 1024, 0, gpuLimits.bytes);
}

function whole(text: string | undefined): number | null {
  const value = quantity(text, /^$/);
  return value === null || !Number.isInteger(value) ? null : within(value, 0, gpuLimits.count);
}

function yesNo(text: string | undefined, yes: string, no: string): boolean | null {
  return text === yes ? true : text === no ? false : null;
}

/** More than any server holds. */
const gpusMax = 64;
