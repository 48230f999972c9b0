import type { Random } from "#proto/vocabulary/random.ts";
import { type BmcLies, type BmcState, labUser, simulatedState } from "./bmc-state.ts";
import { type IpmiServer, startIpmiServer } from "./ipmi-server.ts";
import { type RedfishServer, startRedfishServer } from "./redfish-server.ts";

export interface SimulatedBmc {
  readonly address: string;
  readonly ipmi: IpmiServer;
  readonly redfish: RedfishServer;
  readonly state: BmcState;
  readonly user: string;
  close(): Promise<void>;
}

export interface SimulatedBmcOptions {
  /** Any of 127.0.0.0/8. */
  readonly address: string;
  readonly seed: string;
  readonly password: string;
  readonly clockMs: number;
  readonly random: Random;
  readonly lies?: BmcLies;
  /** 0: any that is free. */
  readonly ipmiPort?: number;
  readonly redfishPort?: number;
}

/** A controller of our own: IPMI and Redfish over one state. Hundreds fit into one process. */
export async function startSimulatedBmc(options: SimulatedBmcOptions): Promise<SimulatedBmc> {
  const { address, random, lies = {} } = options;
  if (!/^127\./.test(address)) throw new Error(`${address} is not loopback`);
  const state = simulatedState(options.seed, options.password, options.clockMs);
  const world = { state, lies, random };
  const ipmi = await startIpmiServer({ address, port: options.ipmiPort ?? 0 }, world);
  const redfish = await startRedfishServer({ address, port: options.redfishPort ?? 0 }, world);
  return {
    address,
    ipmi,
    redfish,
    state,
    user: labUser,
    close: async () => {
      await Promise.all([ipmi.close(), redfish.close()]);
    },
  };
}
