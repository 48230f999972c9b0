import { randomBytes } from "node:crypto";
import { startSimulatedBmc } from "./simulated-bmc.ts";

/**
 * A simulated BMC to try things on by hand: `node test/support/simulated-bmc/lab-bmc.ts ADDRESS
 * [IPMI-PORT] [REDFISH-PORT] [LIES-AS-JSON]`; user `fleet`, the password from WWS_BMC_PASSWORD.
 */
const [address = "127.0.2.1", ipmiPort = "6230", redfishPort = "6231", lies = "{}"] =
  process.argv.slice(2);
const password = process.env["WWS_BMC_PASSWORD"];
if (password === undefined) throw new Error("set WWS_BMC_PASSWORD: it will be the BMC's");
const bmc = await startSimulatedBmc({
  address,
  seed: address,
  password,
  clockMs: Date.now(),
  random: { next: Math.random, bytes: (count) => randomBytes(count) },
  lies: JSON.parse(lies) as Record<string, never>,
  ipmiPort: Number(ipmiPort),
  redfishPort: Number(redfishPort),
});
process.stdout.write(
  `IPMI ${address}:${bmc.ipmi.port}/udp, Redfish https://${address}:${bmc.redfish.port}\n`,
);
