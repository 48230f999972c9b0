import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fruArea, fruStore } from "#test/support/simulated-bmc/fru-bytes.ts";
import { startIpmiSim } from "../ipmi-sim.ts";

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
 * `ipmi_sim` as the BMC of one guest: sensors, two supplies and a FRU, reached in-band only, through
 * a socket that QEMU turns into a KCS interface.
 */
export async function startIpmiSimulator(
  folder: string,
  name: string,
  sensors: readonly SimulatedSensor[],
): Promise<IpmiSimulator> {
  const port = await findFreePort();
  const fileOf = (sensor: string): string => join(folder, `sensor-${sensor.replaceAll(" ", "-")}`);
  const setRaw = (sensor: string, raw: number): void => writeFileSync(fileOf(sensor), `${raw}\n`);
  for (const sensor of sensors) setRaw(sensor.name, sensor.raw);
  const stop = await startIpmiSim({
    folder,
    name,
    sensors: sensors.map((sensor, index) => ({
      ...sensor,
      number: index + 1,
      type: typeNumbers[sensor.type],
      entity: [sensor.entity, sensor.instance],
      m: sensor.factor,
      rawFile: fileOf(sensor.name),
    })),
    fru: fruStore({
      board: fruArea([0, 0x40, 0x33, 0xf1], ["WWS Lab", "KCS board", `BRD-${name}`, "PN-1", ""]),
      product: fruArea(
        [0],
        ["WWS Lab", "Virtual 1U", "V1U-01", "1.0", `SN-${name}`, `ASSET-${name}`, ""],
      ),
    }),
    doors: `  serial 15 127.0.0.1 ${port} codec VM\n  startnow false\n`,
    untilReady: () => untilListening(port),
  });
  return {
    guestArgs: [
      "-chardev",
      `socket,id=ipmi0,host=127.0.0.1,port=${port},reconnect=1`,
      "-device",
      "ipmi-bmc-extern,id=bmc0,chardev=ipmi0",
      "-device",
      "isa-ipmi-kcs,bmc=bmc0,irq=5",
    ],
    setRaw,
    stop,
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
