import { createRedfishDriver } from "#fleet/bmc/redfish/driver/create-redfish-driver.ts";
import type { RedfishMemory } from "#fleet/bmc/redfish/driver/guarded-patch.ts";
import type { BmcDriver } from "#fleet/boot-loop/bmc-driver.ts";
import { createSeededRandom } from "../seeded-random.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { labUser, simulatedState } from "./bmc-state.ts";
import { type InProcessTransport, openInProcess } from "./redfish-in-process.ts";
import { createMachine, type MachineUnderTest } from "./redfish-machine.ts";
import {
  createRedfishService,
  type RedfishHandler,
  type RedfishService,
} from "./redfish-service.ts";
import { plainShape, type RedfishShape } from "./redfish-shape.ts";

/** A driver before a simulated service, in one process and on virtual time. */
export interface RedfishRig {
  readonly clock: VirtualClock;
  readonly driver: BmcDriver;
  readonly machine: MachineUnderTest;
  readonly service: RedfishService;
  readonly transport: InProcessTransport;
  readonly memory: RedfishMemory;
  readonly signal: AbortSignal;
  /** Another driver before the same service. */
  another(): BmcDriver;
}

export interface RedfishRigOptions {
  readonly shape?: Partial<RedfishShape>;
  readonly password?: string;
  readonly isOn?: boolean;
  readonly around?: (next: RedfishHandler) => RedfishHandler;
}

export const rigPassword = "Lab-pass-0123456789";

export function createRedfishRig(options: RedfishRigOptions = {}): RedfishRig {
  const clock = createVirtualClock();
  const machine = createMachine(clock, { isOn: options.isOn ?? true });
  const service = createRedfishService({
    state: simulatedState("rig", rigPassword, clock.nowUnixMs()),
    lies: {},
    random: createSeededRandom(7),
    clock,
    machine,
    shape: { ...plainShape, ...options.shape },
  });
  const handler = options.around?.(service.handle) ?? service.handle;
  const transport = openInProcess(handler, { clock });
  const memory: RedfishMemory = { guard: null };
  const login = { user: labUser, password: options.password ?? rigPassword };
  return {
    clock,
    machine,
    service,
    transport,
    memory,
    signal: new AbortController().signal,
    driver: createRedfishDriver({ transport, clock }, { ...login, memory }),
    another: () =>
      createRedfishDriver({ transport: openInProcess(handler, { clock }), clock }, login),
  };
}
