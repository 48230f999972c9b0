import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** One analogue sensor; the raw byte is scaled by `factor` × 10^`exponent` into `unit`. */
export interface SimulatedSensor {
  readonly name: string;
  readonly type: "Temperature" | "Voltage" | "Fan" | "Other_Units_Based_Sensor";
  readonly unit: "degrees_C" | "Volts" | "RPM" | "Watts";
  readonly entity: "system_board" | "processor" | "power_supply" | "fan_cooling_device";
  readonly instance: number;
  readonly factor: number;
  readonly exponent: number;
  readonly raw: number;
}

const typeNumbers = { Temperature: 1, Voltage: 2, Fan: 4, Other_Units_Based_Sensor: 11 } as const;

export interface IpmiSimulator {
  /** QEMU arguments that put the controller's KCS interface into a guest. */
  readonly guestArgs: readonly string[];
  /** Sets the raw reading of a sensor; the simulator takes it over within two seconds. */
  setRaw(sensor: string, raw: number): void;
  stop(): Promise<void>;
}

/**
 * Debian's `ipmi_sim` (package openipmi) as the BMC of one guest: sensors, two supplies and a FRU,
 * reached in-band only, through a socket that QEMU turns into a KCS interface.
 */
export async function startIpmiSimulator(
  folder: string,
  name: string,
  sensors: readonly SimulatedSensor[],
): Promise<IpmiSimulator> {
  const port = await findFreePort();
  const state = join(folder, "state");
  mkdirSync(join(state, "ipmi_sim", name), { recursive: true });
  const fileOf = (sensor: string): string => join(folder, `sensor-${sensor.replaceAll(" ", "-")}`);
  for (const sensor of sensors) writeFileSync(fileOf(sensor.name), `${sensor.raw}\n`);
  const sdrs = join(folder, "bmc.sdrs");
  writeFileSync(sdrs, describeRecords(sensors));
  // ipmi_sim looks for compiled records nowhere but here.
  execFileSync("sdrcomp", ["-o", join(state, "ipmi_sim", name, "sdr.20.main"), sdrs]);
  const fru = join(folder, "bmc.fru");
  writeFileSync(fru, fruBytes(name));
  writeFileSync(
    join(folder, "bmc.conf"),
    `name "${name}"\nset_working_mc 0x20\n  serial 15 127.0.0.1 ${port} codec VM\n  startnow false\n` +
      `  user 1 true "" "" user 10 none md2 md5 straight\n`,
  );
  writeFileSync(join(folder, "bmc.emu"), emulate(sensors, fileOf, fru));
  const child = spawn(
    "ipmi_sim",
    ["-c", join(folder, "bmc.conf"), "-f", join(folder, "bmc.emu"), "-s", state, "-n"],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  // A simulator that outlived its test would go on telling what it was told last.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let output = "";
  const collect = (bytes: Buffer): void => {
    output += bytes.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  const failed = new Promise<never>((_, reject) =>
    child.on("exit", (code) => reject(new Error(`ipmi_sim ended with ${code}: ${output}`))),
  );
  failed.catch(() => {});
  await Promise.race([failed, untilListening(port)]);
  return {
    guestArgs: [
      "-chardev",
      `socket,id=ipmi0,host=127.0.0.1,port=${port},reconnect=1`,
      "-device",
      "ipmi-bmc-extern,id=bmc0,chardev=ipmi0",
      "-device",
      "isa-ipmi-kcs,bmc=bmc0,irq=5",
    ],
    setRaw: (sensor, raw) => writeFileSync(fileOf(sensor), `${raw}\n`),
    stop: async () => {
      process.off("exit", kill);
      child.kill("SIGTERM");
      await gone;
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Reads the kernel's table rather than connecting: ipmi_sim takes one peer only. */
async function untilListening(port: number): Promise<void> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 0A`;
  for (let tries = 0; tries < 200; tries += 1) {
    if (readFileSync("/proc/net/tcp", "utf8").includes(wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`ipmi_sim does not listen on ${port}`);
}

function emulate(
  sensors: readonly SimulatedSensor[],
  fileOf: (sensor: string) => string,
  fru: string,
): string {
  const lines = [
    "mc_setbmc 0x20",
    "mc_add 0x20 0 no-device-sdrs 0x23 2 61 0x9f 0x2a7c 0x0a01 persist_sdr",
    "sel_enable 0x20 1000 0x0a",
  ];
  const noEvents = `${"0".repeat(15)} `.repeat(4);
  sensors.forEach((sensor, index) => {
    const number = index + 1;
    lines.push(
      `sensor_add 0x20 0 ${number} ${typeNumbers[sensor.type]} 0x01 poll 2000 file "${fileOf(sensor.name)}"`,
      `sensor_set_value 0x20 0 ${number} ${sensor.raw} 0`,
      `sensor_set_event_support 0x20 0 ${number} enable scanning per-state ${noEvents}`,
    );
  });
  lines.push(`mc_add_fru_data 0x20 0 512 file 0 "${fru}"`, "mc_enable 0x20");
  return `${lines.join("\n")}\n`;
}

function describeRecords(sensors: readonly SimulatedSensor[]): string {
  const controller = [
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
  ];
  const records = sensors.map((sensor, index) =>
    [
      "sdr type 1",
      " sensor_owner_id 0x20",
      " sensor_owner_lun 0",
      " channel_number 0",
      ` sensor_number ${index + 1}`,
      ` entity_id ${sensor.entity}`,
      ` entity_instance ${sensor.instance}`,
      ` sensor_type ${sensor.type}`,
      " init_scanning true",
      " init_sensor_type true",
      " default_sensor_scan_on true",
      " sensor_threshold_access no",
      " event_reading_type_code 1",
      " analog_data_format unsigned",
      " rate_unit none",
      " modifier_unit none",
      " percentage false",
      ` base_unit ${sensor.unit}`,
      " modifier_unit_code unspecified",
      " linearization linear",
      ` m ${sensor.factor}`,
      " tolerance 0",
      " b 0",
      " accuracy 1",
      " accuracy_exp 0",
      " sensor_direction input",
      ` r_exp ${sensor.exponent}`,
      " b_exp 0",
      " sensor_maximum 255",
      " sensor_minimum 0",
      ` id_string "${sensor.name}"`,
      "endsdr",
    ].join("\n"),
  );
  return `${[...controller, ...records].join("\n")}\n`;
}

/** IPMI FRU information storage definition 1.0: common header, board and product areas. */
function fruBytes(name: string): Buffer {
  const board = area([0, 0x40, 0x33, 0xf1], ["WWS Lab", "KCS board", `BRD-${name}`, "PN-1", ""]);
  const product = area(
    [0],
    ["WWS Lab", "Virtual 1U", "V1U-01", "1.0", `SN-${name}`, `ASSET-${name}`, ""],
  );
  const header = [1, 0, 0, 1, 1 + board.length / 8, 0, 0];
  const bytes = Buffer.from([...header, checksum(header), ...board, ...product]);
  return Buffer.concat([bytes, Buffer.alloc(512 - bytes.length)]);
}

function area(head: readonly number[], texts: readonly string[]): readonly number[] {
  const body = [
    ...head,
    ...texts.flatMap((text) => [0xc0 | text.length, ...Buffer.from(text, "latin1")]),
    0xc1,
  ];
  const length = Math.ceil((body.length + 3) / 8) * 8;
  const bytes = [1, length / 8, ...body, ...new Array<number>(length - 3 - body.length).fill(0)];
  return [...bytes, checksum(bytes)];
}

function checksum(bytes: readonly number[]): number {
  return (256 - (bytes.reduce((sum, byte) => sum + byte, 0) & 0xff)) & 0xff;
}
