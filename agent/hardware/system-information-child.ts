import * as systemInformation from "systeminformation";
import { type SystemInformationCall, systemInformationCalls } from "./hardware-source.ts";

/**
 * A program of its own: `node system-information-child.ts CALL` prints the JSON answer of one
 * allow-listed call and ends. Started by system-information.ts, never imported.
 */
const askers: Record<SystemInformationCall, () => Promise<unknown>> = {
  system: () => systemInformation.system(),
  baseboard: () => systemInformation.baseboard(),
  bios: () => systemInformation.bios(),
  chassis: () => systemInformation.chassis(),
  cpu: () => systemInformation.cpu(),
  memLayout: () => systemInformation.memLayout(),
  osInfo: () => systemInformation.osInfo(),
  networkInterfaces: () => systemInformation.networkInterfaces(),
};

const call = systemInformationCalls.find((name) => name === process.argv[2]);
if (call === undefined) {
  process.stderr.write(`usage: system-information-child ${systemInformationCalls.join("|")}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(JSON.stringify(await askers[call]()));
}
