import { parseAmdSmi, parseRocmSmi } from "#agent/collectors/gpu-amd.ts";
import { parseNvidiaSmi } from "#agent/collectors/gpu-nvidia.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

const nvidia = `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
  <driver_version>550.1</driver_version>
  <attached_gpus>2</attached_gpus>
  <gpu id="00000000:3B:00.0">
    <product_name>ACME &amp; Co 40</product_name>
    <persistence_mode>Enabled</persistence_mode>
    <mig_mode><current_mig>Disabled</current_mig></mig_mode>
    <mig_devices>None</mig_devices>
    <serial>0000000000000</serial>
    <uuid>GPU-00000000-0000-4000-8000-000000000001</uuid>
    <pci><replay_counter>3</replay_counter></pci>
    <fan_speed>30 %</fan_speed>
    <clocks_event_reasons>
      <clocks_event_reason_gpu_idle>Not Active</clocks_event_reason_gpu_idle>
      <clocks_event_reason_hw_thermal_slowdown>Active</clocks_event_reason_hw_thermal_slowdown>
    </clocks_event_reasons>
    <fb_memory_usage><total>1000 MiB</total><used>10 MiB</used></fb_memory_usage>
    <utilization><gpu_util>97 %</gpu_util></utilization>
    <ecc_errors><aggregate><dram_correctable>4</dram_correctable><dram_uncorrectable>1</dram_uncorrectable></aggregate></ecc_errors>
    <remapped_rows><remapped_row_corr>0</remapped_row_corr><remapped_row_unc>1</remapped_row_unc><remapped_row_failure>Yes</remapped_row_failure></remapped_rows>
    <temperature><gpu_temp>83 C</gpu_temp><gpu_temp_slow_threshold>90 C</gpu_temp_slow_threshold></temperature>
    <gpu_power_readings><average_power_draw>301.20 W</average_power_draw><instant_power_draw>[Not Supported]</instant_power_draw></gpu_power_readings>
  </gpu>
</nvidia_smi_log>
`;

const rocm = `

WARNING: AMD GPU device(s) is/are in a low-power state
{"card0": {"Unique ID": "0x1", "Temperature (Sensor junction) (C)": "55.0", "Average Graphics Package Power (W)": "36.0", "GPU use (%)": "7", "VRAM Total Memory (B)": "1000", "PCI Bus": "0000:83:00.0", "Serial Number": "N/A"}, "system": {"Driver version": "6.3.6"}}
`;

const amd = `[{"gpu": 0, "usage": {"gfx_activity": {"value": 12, "unit": "%"}}, "power": {"socket_power": {"value": 210, "unit": "W"}, "throttle_status": "UNTHROTTLED"}, "temperature": {"hotspot": {"value": 61, "unit": "C"}, "mem": "N/A"}, "pcie": {"replay_count": 0}, "ecc": {"total_correctable_count": 2, "total_uncorrectable_count": 0}, "mem_usage": {"total_vram": {"value": 196592, "unit": "MB"}, "used_vram": {"value": 283, "unit": "MB"}}}]
`;

export const targets: readonly FuzzTarget[] = [
  {
    name: "parseNvidiaSmi",
    samples: () => [nvidia],
    recordings: /^gpu\/.*\.xml$/,
    parse: parseNvidiaSmi,
  },
  {
    name: "parseRocmSmi",
    samples: () => [rocm],
    recordings: /^gpu\/.*\/rocm-smi[^/]*\.json$/,
    parse: parseRocmSmi,
  },
  { name: "parseAmdSmi", samples: () => [amd], recordings: null, parse: parseAmdSmi },
];
