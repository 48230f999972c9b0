import type { MemorySource } from "#test/support/memory-source.ts";
import { serialOf, worldWideName } from "./disk-texts.ts";
import type { PowerModel } from "./power-model.ts";
import type { DiskShape, ServerShape } from "./server-shape.ts";

/** Lets smartctl 7.3 answer for each disk: temperature follows the machine's, hours and writes go on. */
export function putSmartAnswers(
  source: MemorySource,
  shape: ServerShape,
  power: PowerModel,
  frame: number,
): void {
  const devices = shape.disks.map((disk) => ({ disk, name: deviceOf(disk) }));
  source.putTool(["smartctl", "--scan-open", "--json"], {
    stdout: `${JSON.stringify({
      ...header(["smartctl", "--scan-open", "--json"]),
      devices: devices.map(({ disk, name }) => deviceJson(disk, name)),
    })}\n`,
  });
  for (const [index, { disk, name }] of devices.entries()) {
    const args =
      disk.kind === "nvme"
        ? ["--json=c", "-x", "-n", "standby", name]
        : ["--json=c", "-x", "-n", "standby", "-d", "sat", name];
    const celsius = Math.round(27 + 9 * power.warmth(frame) + (index % 4));
    const common = {
      ...header(["smartctl", ...args]),
      device: deviceJson(disk, name),
      model_name: disk.model,
      serial_number: serialOf(shape, index),
      firmware_version: disk.firmware,
      user_capacity: { bytes: Math.round((disk.gigabytes * 1e9) / 4096) * 4096 },
      smart_support: { available: true, enabled: true },
      smart_status: { passed: true },
      temperature: { current: celsius },
      power_on_time: { hours: 9_840 + index },
      power_cycle_count: 14,
    };
    const health =
      disk.kind === "nvme" ? nvmeJson(index, frame, celsius) : ataJson(shape, index, celsius);
    source.putTool(["smartctl", ...args], {
      stdout: `${JSON.stringify({ ...common, ...health })}\n`,
    });
  }
}

function nvmeJson(index: number, frame: number, celsius: number) {
  return {
    nvme_smart_health_information_log: {
      critical_warning: 0,
      temperature: celsius,
      available_spare: 100,
      available_spare_threshold: 10,
      percentage_used: 3 + (index % 5),
      data_units_read: 812_400_000 + index * 1_000 + frame * 40,
      data_units_written: 403_100_000 + index * 1_000 + frame * 90,
      host_reads: 9_120_000_000,
      host_writes: 7_310_000_000,
      controller_busy_time: 18_210,
      power_cycles: 14,
      power_on_hours: 9_840 + index,
      unsafe_shutdowns: 5,
      media_errors: 0,
      num_err_log_entries: 0,
      warning_temp_time: 0,
      critical_comp_time: 0,
    },
  };
}

/** The third disk has lost a few sectors long ago and stayed with that. */
function ataJson(shape: ServerShape, index: number, celsius: number) {
  const name = worldWideName(shape, index);
  const reallocated = index === 4 ? 8 : 0;
  const row = (id: number, title: string, value: number, raw: number) => ({
    id,
    name: title,
    value,
    worst: value,
    thresh: id === 5 ? 10 : 0,
    when_failed: "",
    flags: { value: 50, string: "-O--CK ", prefailure: false, updated_online: true },
    raw: { value: raw, string: String(raw) },
  });
  return {
    wwn: {
      naa: Number.parseInt(name.slice(0, 1), 16),
      oui: Number.parseInt(name.slice(1, 7), 16),
      id: Number.parseInt(name.slice(7), 16),
    },
    rotation_rate: 7_200,
    ata_smart_attributes: {
      revision: 10,
      table: [
        row(5, "Reallocated_Sector_Ct", 100, reallocated),
        row(9, "Power_On_Hours", 89, 9_840 + index),
        row(187, "Reported_Uncorrect", 100, 0),
        row(188, "Command_Timeout", 100, 0),
        row(194, "Temperature_Celsius", celsius, celsius),
        row(197, "Current_Pending_Sector", 100, 0),
        row(198, "Offline_Uncorrectable", 100, 0),
        row(199, "UDMA_CRC_Error_Count", 200, 0),
      ],
    },
  };
}

function header(argv: readonly string[]) {
  return { json_format_version: [1, 0], smartctl: { version: [7, 3], argv, exit_status: 0 } };
}

function deviceJson(disk: DiskShape, name: string) {
  return disk.kind === "nvme"
    ? { name, info_name: name, type: "nvme", protocol: "NVMe" }
    : { name, info_name: `${name} [SAT]`, type: "sat", protocol: "ATA" };
}

function deviceOf({ kind, name }: DiskShape): string {
  return `/dev/${kind === "nvme" ? name.replace(/n\d+$/, "") : name}`;
}
