/**
 * What the stub tools print: made up by us in the layouts that the real tools print, with as many
 * rows as a server of two sockets and twelve NVMe drives gives. No text of any machine.
 */
const sensors: readonly (readonly [name: string, entity: string, reading: string])[] = [
  ...range(2).map((cpu) => [`CPU${cpu} Temp`, `3.${cpu}`, `${52 + cpu} degrees C`] as const),
  ...range(16).map(
    (slot) => [`DIMM ${slot} Temp`, `32.${slot}`, `${38 + (slot % 5)} degrees C`] as const,
  ),
  ["Inlet Temp", "55.0", "23 degrees C"],
  ["Exhaust Temp", "55.1", "36 degrees C"],
  ...range(8).map((fan) => [`Fan${fan}`, `29.${fan}`, `${8_400 + fan * 40} RPM`] as const),
  ["P12V", "7.1", "12.06 Volts"],
  ["P5V", "7.2", "5.03 Volts"],
  ["P3V3", "7.3", "3.31 Volts"],
  ...range(2).map(
    (psu) => [`PS${psu} Input Power`, `10.${psu}`, `${172 + psu * 4} Watts`] as const,
  ),
  ...range(2).map((psu) => [`PS${psu} Temp`, `10.${psu}`, `${31 + psu} degrees C`] as const),
  ["System Power", "7.0", "348 Watts"],
];

/** `ipmitool sdr elist full`. */
export const ipmiSensorRows = rowsOf(sensors);

/** `ipmitool sdr elist compact`. */
export const ipmiStateRows = rowsOf([
  ...range(2).map((psu) => [`PS${psu} Status`, `10.${psu}`, "Presence detected"] as const),
  ["PS Redundancy", "7.0", "Fully Redundant"],
  ["Fan Redundancy", "7.0", "Fully Redundant"],
  ["Watchdog", "6.0", ""],
]);

/** `ipmitool dcmi power reading`. */
export const ipmiPowerText = [
  "",
  "    Instantaneous power reading:                   348 Watts",
  "    Minimum during sampling period:                211 Watts",
  "    Maximum during sampling period:                512 Watts",
  "    Average power reading over sample period:      339 Watts",
  "    IPMI timestamp:                           Mon Nov  2 08:00:00 2026",
  "    Sampling period:                          00000010 Seconds.",
  "    Power reading state is:                   activated",
  "",
  "",
].join("\n");

/** `smartctl --scan-open --json`. */
export function smartctlScan(disks: readonly number[]): string {
  return jsonText({
    ...smartctlHead(["--scan-open", "--json"]),
    devices: disks.map((disk) => deviceOf(disk)),
  });
}

/** `smartctl --json=c -x /dev/nvmeN`. */
export function smartctlHealth(disk: number): string {
  return jsonText({
    ...smartctlHead(["--json=c", "-x", `/dev/nvme${disk}`]),
    device: deviceOf(disk),
    model_name: "Example NVMe 3T8",
    serial_number: `EXAMPLE${String(disk).padStart(4, "0")}`,
    firmware_version: "1.0.3",
    nvme_total_capacity: 3_840_755_982_336,
    nvme_number_of_namespaces: 1,
    smart_support: { available: true, enabled: true },
    smart_status: { passed: true, nvme: { value: 0 } },
    nvme_smart_health_information_log: healthLog(disk),
    temperature: { current: 34 + disk },
    power_cycle_count: 21,
    power_on_time: { hours: 14_000 + disk },
  });
}

/** `nvme smart-log /dev/nvmeN -o json`: kelvin, and its own names. */
export function nvmeSmartLog(disk: number): string {
  const { temperature, available_spare, ...rest } = healthLog(disk);
  return jsonText({
    ...rest,
    temperature: temperature + 273,
    avail_spare: available_spare,
    spare_thresh: 10,
    percent_used: rest.percentage_used,
  });
}

/** `dmidecode`: board, firmware and two memory modules. */
export const dmidecodeText = [
  "# dmidecode 3.4",
  "Getting SMBIOS data from sysfs.",
  "SMBIOS 3.3.0 present.",
  "",
  ...record(0, "BIOS Information", [
    "Vendor: Example",
    "Version: 2.4.1",
    "Release Date: 03/14/2026",
  ]),
  ...record(1, "System Information", [
    "Manufacturer: Example",
    "Product Name: Two Sockets",
    "Serial Number: EX-0001",
  ]),
  ...range(2).flatMap((slot) =>
    record(17, "Memory Device", [
      "Size: 32 GB",
      `Locator: DIMM_${slot}`,
      "Type: DDR5",
      "Speed: 4800 MT/s",
      "Manufacturer: Example",
      `Serial Number: 0000000${slot}`,
    ]),
  ),
].join("\n");

function healthLog(disk: number) {
  return {
    critical_warning: 0,
    temperature: 34 + disk,
    available_spare: 100,
    available_spare_threshold: 10,
    percentage_used: 3,
    data_units_read: 81_234_567 + disk,
    data_units_written: 61_234_567 + disk,
    host_reads: 1_234_567_890,
    host_writes: 987_654_321,
    controller_busy_time: 1_234,
    power_cycles: 21,
    power_on_hours: 14_000 + disk,
    unsafe_shutdowns: 4,
    media_errors: 0,
    num_err_log_entries: 0,
    warning_temp_time: 0,
    critical_comp_time: 0,
  };
}

function smartctlHead(argv: readonly string[]) {
  return {
    json_format_version: [1, 0],
    smartctl: { version: [7, 3], argv: ["smartctl", ...argv], exit_status: 0 },
  };
}

function deviceOf(disk: number) {
  const name = `/dev/nvme${disk}`;
  return { name, info_name: name, type: "nvme", protocol: "NVMe" };
}

function rowsOf(rows: readonly (readonly [string, string, string])[]): string {
  return rows
    .map(([name, entity, reading], index) => {
      const number = (index + 1).toString(16).toUpperCase().padStart(2, "0");
      return `${name.padEnd(16)} | ${number}h | ok  | ${entity.padStart(5)} | ${reading}\n`;
    })
    .join("");
}

function record(type: number, title: string, lines: readonly string[]): readonly string[] {
  return [
    `Handle 0x00${type.toString(16).padStart(2, "0")}, DMI type ${type}, 64 bytes`,
    title,
    ...lines.map((line) => `\t${line}`),
    "",
  ];
}

function jsonText(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
