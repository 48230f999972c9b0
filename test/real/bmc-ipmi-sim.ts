import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { type BmcState, labUser } from "#test/support/simulated-bmc/bmc-state.ts";
import { fruStores } from "#test/support/simulated-bmc/record-bytes.ts";
import { startIpmiSim } from "./ipmi-sim.ts";

export interface LanSimulator {
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * `ipmi_sim` on the LAN side, with the sensors, limits and FRU of one simulated state: it must tell
 * the same facts as ours. It knows cipher suites 0 to 3 and 6, no DCMI, and answers no question for
 * its suites.
 */
export async function startLanSimulator(
  folder: string,
  state: BmcState,
  password: string,
): Promise<LanSimulator> {
  const address = "127.0.2.30";
  const port = await findFreeUdpPort(address);
  const stop = await startIpmiSim({
    folder,
    name: "lab",
    sensors: state.sensors,
    fru: fruStores(state, {})[0] ?? Buffer.alloc(0),
    doors: describeLan(address, port, password, state),
    untilReady: () => untilAnswering(address, port),
  });
  return { address, port, stop };
}

function describeLan(address: string, port: number, password: string, state: BmcState): string {
  return `  startlan 1
    addr ${address} ${port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid ${state.guid.toString("hex")}
  endlan
  user 2 true "${labUser}" "${password}" admin 10 none md2 md5 straight
`;
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
