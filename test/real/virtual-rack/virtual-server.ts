import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock, systemRandom } from "#agent/program/system-effects.ts";
import { type BmcState, labUser, simulatedState } from "#test/support/simulated-bmc/bmc-state.ts";
import { IpmiCommands } from "#test/support/simulated-bmc/ipmi-commands.ts";
import {
  type IpmiHook,
  type IpmiServer,
  startIpmiServer,
} from "#test/support/simulated-bmc/ipmi-server.ts";
import { createChassisCommands } from "./chassis-commands.ts";
import { listenForKcs } from "./kcs-socket.ts";
import { openSerialLog, type SerialLog } from "./serial-log.ts";
import { type ArmedWatchdog, createArmedWatchdog } from "./watchdog-commands.ts";
import type { VirtualDisk } from "./virtual-hardware.ts";
import { createVirtualMachine, type VirtualMachine } from "./virtual-machine.ts";

/** One server of a virtual rack: a machine that QEMU runs, and its own controller beside it. */
export interface VirtualServer {
  readonly name: string;
  readonly folder: string;
  readonly mac: string;
  /** Serials and UUID, the same in firmware tables and controller. */
  readonly state: BmcState;
  readonly disks: readonly (VirtualDisk & { readonly file: string })[];
  readonly machine: VirtualMachine;
  readonly serial: SerialLog;
  readonly bmc: {
    readonly address: string;
    readonly ipmi: IpmiServer;
    readonly watchdog: ArmedWatchdog;
    readonly user: string;
    readonly password: string;
  };
  /** Power off, controller off; what it leaves is its folder. */
  stop(): Promise<void>;
}

export interface VirtualServerOptions {
  /** 1–200: the last part of its controller's address and of its MAC. Tests side by side share none. */
  readonly index: number;
  /** Disks, serial log and firmware variables lie in a folder of its name in here. */
  readonly rackFolder: string;
  readonly firmware: "bios" | "uefi";
  readonly bootUrl: string | null;
  readonly password: string;
  readonly disks?: readonly VirtualDisk[];
  readonly memoryMiB?: number;
  /** The machine sees its controller from inside, too. */
  readonly hasInsideBmc?: boolean;
  /** 0: any that is free; 623 needs root. */
  readonly ipmiPort?: number;
}

/** An NVMe disk to start from and a SATA disk, told apart by serial and by WWN. */
export function usualDisks(name: string, index: number): readonly VirtualDisk[] {
  const number = index.toString(16).padStart(4, "0");
  return [
    { kind: "nvme", serial: `NV${name}`, wwn: `002538000000${number}`, sizeMiB: 512 },
    { kind: "sata", serial: `SA${name}`, wwn: `5000c500a1b2${number}`, sizeMiB: 64 },
  ];
}

/** Starts the controller; the machine is off until somebody switches it on. */
export async function startVirtualServer(options: VirtualServerOptions): Promise<VirtualServer> {
  const { index, password } = options;
  const name = `v${String(index).padStart(2, "0")}`;
  const folder = join(options.rackFolder, name);
  mkdirSync(folder, { recursive: true });
  const mac = `52:54:00:aa:02:${index.toString(16).padStart(2, "0")}`;
  const state = simulatedState(name, password, createSystemClock().nowUnixMs());
  const disks = options.disks ?? usualDisks(name, index);
  const inside = join(folder, "kcs.sock");
  const machine = createVirtualMachine(
    {
      firmware: options.firmware,
      memoryMiB: options.memoryMiB ?? 1_024,
      mac,
      disks,
      identity: { uuid: state.uuid, serial: state.serial, boardSerial: state.boardSerial },
      bootUrl: options.bootUrl,
      kcsSocket: options.hasInsideBmc === true ? inside : null,
    },
    folder,
  );
  const chassis = createChassisCommands(machine);
  const watchdog = createArmedWatchdog();
  const hook: IpmiHook = (netFunction, command, data) =>
    chassis(netFunction, command, data) ?? watchdog.answer(netFunction, command, data);
  const address = `127.0.2.${index}`;
  const ipmi = await startIpmiServer(
    { address, port: options.ipmiPort ?? 0 },
    { state, lies: {}, random: systemRandom, hook },
  );
  const commands = new IpmiCommands(state, {});
  const kcs =
    options.hasInsideBmc === true
      ? await listenForKcs(
          inside,
          (netFunction, command, data) =>
            hook(netFunction, command, data) ?? commands.answer(netFunction, command, data, true),
        )
      : null;
  return {
    name,
    folder,
    mac,
    state,
    disks: disks.map((disk, at) => ({ ...disk, file: join(folder, `disk${at}.img`) })),
    machine,
    serial: openSerialLog(join(folder, "serial.log"), machine.complaints),
    bmc: { address, ipmi, watchdog, user: labUser, password },
    stop: async () => {
      await machine.stop();
      await kcs?.close();
      await ipmi.close();
    },
  };
}
