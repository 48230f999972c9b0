import { execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  type BmcState,
  labUser,
  type SimulatedSensor,
} from "#test/support/simulated-bmc/bmc-state.ts";
import { fruStores } from "#test/support/simulated-bmc/record-bytes.ts";

export interface LanSimulator {
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Debian's `ipmi_sim` (package openipmi) on the LAN side, with the sensors, limits and FRU of one
 * simulated state: a stranger's controller that must tell the same facts as ours. It knows cipher
 * suites 0 to 3 and 6, no DCMI, and answers no question for its suites.
 */
export async function startLanSimulator(
  folder: string,
  state: BmcState,
  password: string,
): Promise<LanSimulator> {
  const address = "127.0.2.30";
  const port = await findFreeUdpPort(address);
  const stateFolder = join(folder, "state");
  mkdirSync(join(stateFolder, "ipmi_sim", "lab"), { recursive: true });
  writeFileSync(join(folder, "lab.sdrs"), state.sensors.map(describeSensor).join("\n"));
  // It looks for compiled records nowhere but here.
  execFileSync("sdrcomp", [
    "-o",
    join(stateFolder, "ipmi_sim", "lab", "sdr.20.main"),
    join(folder, "lab.sdrs"),
  ]);
  const fru = Buffer.concat([fruStores(state, {})[0] ?? Buffer.alloc(0), Buffer.alloc(256)]);
  writeFileSync(join(folder, "lab.fru"), fru.subarray(0, 512));
  writeFileSync(join(folder, "lab.conf"), describeLan(address, port, password, state));
  writeFileSync(join(folder, "lab.emu"), describeController(state, join(folder, "lab.fru")));
  const child = spawn(
    "ipmi_sim",
    ["-c", join(folder, "lab.conf"), "-f", join(folder, "lab.emu"), "-s", stateFolder, "-n"],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  // A simulator that outlived its test would hold its port.
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  let output = "";
  const collect = (bytes: Buffer): void => {
    output += bytes.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  await untilAnswering(address, port).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`ipmi_sim: ${output || String(error)}`);
  });
  return {
    address,
    port,
    stop: async () => {
      process.off("exit", kill);
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function describeLan(address: string, port: number, password: string, state: BmcState): string {
  return `name "lab"
set_working_mc 0x20
  startlan 1
    addr ${address} ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${state.guid.toString("hex")}
  endlan
  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "${labUser}" "${password}" admin 10 none md2 md5 straight
`;
}

function describeController(state: BmcState, fru: string): string {
  const lines = [
    "mc_setbmc 0x20",
    "mc_add 0x20 0 no-device-sdrs 0x23 2 61 0x9f 0x2a7c 0x0a01 persist_sdr",
    "sel_enable 0x20 1000 0x0a",
  ];
  for (const { number, type, raw, upper, lower } of state.sensors) {
    lines.push(`sensor_add 0x20 0 ${number} ${type} 0x01`);
    lines.push(`sensor_set_value 0x20 0 ${number} ${raw} 0`);
    const limits = [...(upper ?? [0, 0, 0]), ...(lower ?? [0, 0, 0])].join(" ");
    const enabled = `${upper === undefined ? "000" : "111"}${lower === undefined ? "000" : "111"}`;
    if (upper !== undefined || lower !== undefined)
      lines.push(`sensor_set_threshold 0x20 0 ${number} settable ${enabled} ${limits}`);
    const none = `${"0".repeat(15)} `.repeat(4);
    lines.push(`sensor_set_event_support 0x20 0 ${number} enable scanning per-state ${none}`);
  }
  lines.push(`mc_add_fru_data 0x20 0 512 file 0 "${fru}"`, "mc_enable 0x20");
  return `${lines.join("\n")}\n`;
}

function describeSensor(sensor: SimulatedSensor): string {
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

async function findFreeUdpPort(address: string): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, address, resolve);
  });
  const { port } = socket.address() as AddressInfo;
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Get Channel Authentication Capabilities, which is answered before any session. */
async function untilAnswering(address: string, port: number): Promise<void> {
  const question = Buffer.from("0600ff07000000000000000000092018c88100388e04b5", "hex");
  const socket = createSocket("udp4");
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      const answered = new Promise<boolean>((resolve) => {
        socket.once("message", () => resolve(true));
        setTimeout(() => resolve(false), 100);
      });
      socket.send(question, port, address);
      if (await answered) return;
    }
    throw new Error(`nothing answers at ${address}:${port}`);
  } finally {
    socket.close();
  }
}
