import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One analogue sensor, as `sdrcomp` and `ipmi_sim` are told of it: raw × m × 10^exponent. */
export interface SensorOfIpmiSim {
  readonly number: number;
  readonly name: string;
  readonly type: number;
  /** IPMI's number of the unit, or sdrcomp's word for it. */
  readonly unit: number | string;
  readonly entity: readonly [id: number | string, instance: number];
  readonly m: number;
  readonly exponent: number;
  readonly raw: number;
  /** Raw upper limits: unr uc unc; lower: lnr lc lnc. */
  readonly upper?: readonly [number, number, number];
  readonly lower?: readonly [number, number, number];
  /** Where the raw reading stands, read anew every two seconds; without it, it never changes. */
  readonly rawFile?: string;
}

export interface IpmiSimParts {
  /** Everything is written here. */
  readonly folder: string;
  readonly name: string;
  readonly sensors: readonly SensorOfIpmiSim[];
  /** What FRU 0 holds, at most 512 bytes. */
  readonly fru: Buffer;
  /** Its doors and users: what stands behind `set_working_mc` in its configuration. */
  readonly doors: string;
  /** Ends when it answers. */
  readonly untilReady: () => Promise<void>;
}

/** Debian's `ipmi_sim` (package openipmi), a stranger's controller. Answers how to stop it. */
export async function startIpmiSim(parts: IpmiSimParts): Promise<() => Promise<void>> {
  const { folder, name, sensors, fru } = parts;
  const state = join(folder, "state");
  mkdirSync(join(state, "ipmi_sim", name), { recursive: true });
  const [records, fruFile] = [join(folder, "bmc.sdrs"), join(folder, "bmc.fru")];
  writeFileSync(records, [controllerRecord, ...sensors.map(describeSensor)].join("\n"));
  // It looks for compiled records nowhere but here.
  execFileSync("sdrcomp", ["-o", join(state, "ipmi_sim", name, "sdr.20.main"), records]);
  writeFileSync(fruFile, Buffer.concat([fru, Buffer.alloc(fruBytes)]).subarray(0, fruBytes));
  writeFileSync(
    join(folder, "bmc.conf"),
    `name "${name}"\nset_working_mc 0x20\n${parts.doors}  user 1 true "" "" user 10 none md2 md5 straight\n`,
  );
  writeFileSync(join(folder, "bmc.emu"), emulate(sensors, fruFile));
  const child = spawn(
    "ipmi_sim",
    ["-c", join(folder, "bmc.conf"), "-f", join(folder, "bmc.emu"), "-s", state, "-n"],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  // A simulator that outlived its test would hold its port, and go on telling what it was told last.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let output = "";
  const collect = (bytes: Buffer): void => {
    output += bytes.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const failed = gone.then(() => Promise.reject(new Error("it ended")));
  failed.catch(() => {});
  await Promise.race([failed, parts.untilReady()]).catch((error: unknown) => {
    kill();
    throw new Error(`ipmi_sim: ${output || String(error)}`);
  });
  return async () => {
    process.off("exit", kill);
    child.kill("SIGTERM");
    await gone;
  };
}

function emulate(sensors: readonly SensorOfIpmiSim[], fru: string): string {
  const lines = [
    "mc_setbmc 0x20",
    "mc_add 0x20 0 no-device-sdrs 0x23 2 61 0x9f 0x2a7c 0x0a01 persist_sdr",
    "sel_enable 0x20 1000 0x0a",
  ];
  const noEvents = `${"0".repeat(15)} `.repeat(4);
  for (const { number, type, raw, upper, lower, rawFile } of sensors) {
    const poll = rawFile === undefined ? "" : ` poll 2000 file "${rawFile}"`;
    lines.push(`sensor_add 0x20 0 ${number} ${type} 0x01${poll}`);
    lines.push(`sensor_set_value 0x20 0 ${number} ${raw} 0`);
    const limits = [...(upper ?? [0, 0, 0]), ...(lower ?? [0, 0, 0])].join(" ");
    const enabled = `${upper === undefined ? "000" : "111"}${lower === undefined ? "000" : "111"}`;
    if (upper !== undefined || lower !== undefined)
      lines.push(`sensor_set_threshold 0x20 0 ${number} settable ${enabled} ${limits}`);
    lines.push(`sensor_set_event_support 0x20 0 ${number} enable scanning per-state ${noEvents}`);
  }
  lines.push(`mc_add_fru_data 0x20 0 ${fruBytes} file 0 "${fru}"`, "mc_enable 0x20");
  return `${lines.join("\n")}\n`;
}

function describeSensor(sensor: SensorOfIpmiSim): string {
  const { number, name, type, unit, entity, m, exponent, upper, lower } = sensor;
  const readable = (names: readonly string[]): readonly string[] =>
    names.flatMap((one) => [` return_${one} true`, ` ${one}_thrsh_readable true`]);
  const access = upper === undefined && lower === undefined ? "no" : "settable";
  return [
    "sdr type 1",
    " sensor_owner_id 0x20",
    " sensor_owner_lun 0",
    " channel_number 0",
    ` sensor_number ${number}`,
    ` entity_id ${entity[0]}`,
    ` entity_instance ${entity[1]}`,
    ` sensor_type ${type}`,
    " init_scanning true",
    " init_sensor_type true",
    " default_sensor_scan_on true",
    ` sensor_threshold_access ${access}`,
    " event_reading_type_code 1",
    ...(upper === undefined ? [] : readable(["unr", "uc", "unc"])),
    ...(lower === undefined ? [] : readable(["lnr", "lc", "lnc"])),
    " analog_data_format unsigned",
    " rate_unit none",
    " modifier_unit none",
    " percentage false",
    ` base_unit ${unit}`,
    " modifier_unit_code unspecified",
    " linearization linear",
    ` m ${m}`,
    " tolerance 0",
    " b 0",
    " accuracy 1",
    " accuracy_exp 0",
    " sensor_direction input",
    ` r_exp ${exponent}`,
    " b_exp 0",
    " sensor_maximum 255",
    " sensor_minimum 0",
    ` id_string "${name}"`,
    "endsdr",
    "",
  ].join("\n");
}

const controllerRecord = [
  "sdr type 18",
  " device_slave_address 0x20",
  " device_channel_number 0",
  " chassis true",
  " fru_inventory true",
  " sel true",
  " sdr true",
  " sensor true",
  " entity_id system_board",
  " entity_instance 1",
  ' id_string "BMC"',
  "endsdr",
  "",
].join("\n");

const fruBytes = 512;
