import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BootOverride, RedfishMachine } from "#test/support/simulated-bmc/redfish-machine.ts";
import { bootOrder, isNetworkWanted } from "./machine-port.ts";
import { connectQmp, type QmpClient } from "./qmp-client.ts";
import { bootIndex, qemuArguments, type VirtualHardware } from "./virtual-hardware.ts";

/** A server that really runs. */
export interface VirtualMachine extends RedfishMachine {
  /** What it started from, oldest first: `network` or `disk`. */
  readonly starts: readonly string[];
  /** Resolves once no process of it is left. */
  off(): Promise<void>;
  /** What QEMU itself complained of. */
  complaints(): string;
  stop(): Promise<void>;
}

/** One restart of a guest gives two or three RESET events: what was wished once is used up after the last. */
const resetSettleMs = 1_000;
const cycleOffMs = 300;

export function createVirtualMachine(hardware: VirtualHardware, folder: string): VirtualMachine {
  let boot: BootOverride = {
    target: "None",
    enabled: "Disabled",
    mode: hardware.firmware === "uefi" ? "UEFI" : "Legacy",
    uefiTarget: null,
    httpUri: null,
    bootNext: null,
    order: bootOrder,
  };
  const starts: string[] = [];
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  let qmp: QmpClient | null = null;
  let netIndex: number = bootIndex.networkLast;
  let complaint = "";
  let settling: NodeJS.Timeout | null = null;
  let isRestartWanted = false;

  const applyBoot = (): void => {
    const wanted = isNetworkWanted(boot) ? bootIndex.networkFirst : bootIndex.networkLast;
    // The same value twice is an error of QEMU's ("already in use").
    if (qmp === null || wanted === netIndex) return;
    netIndex = wanted;
    qmp
      .tell("qom-set", {
        path: "/machine/peripheral/net0",
        property: "bootindex",
        value: wanted,
      })
      .catch((error: unknown) => {
        complaint += `${String(error)}\n`;
      });
  };
  const consumeSoon = (): void => {
    if (settling !== null) clearTimeout(settling);
    settling = setTimeout(() => {
      settling = null;
      starts.push(isNetworkWanted(boot) ? "network" : "disk");
      if (boot.enabled === "Once") boot = { ...boot, enabled: "Disabled", target: "None" };
      boot = { ...boot, bootNext: null };
      applyBoot();
    }, resetSettleMs);
  };
  const start = (): void => {
    if (child !== null) return;
    const isNetworkFirst = isNetworkWanted(boot);
    netIndex = isNetworkFirst ? bootIndex.networkFirst : bootIndex.networkLast;
    const socket = join(folder, "qmp.sock");
    rmSync(socket, { force: true });
    const args = qemuArguments(hardware, folder, isNetworkFirst);
    const started = spawn("qemu-system-x86_64", args, { stdio: ["ignore", "ignore", "pipe"] });
    child = started;
    const kill = (): void => void started.kill("SIGKILL");
    process.once("exit", kill);
    started.stderr?.on("data", (bytes: Buffer) => {
      complaint += bytes.toString();
    });
    gone = new Promise<void>((resolve) => {
      started.once("error", (error) => {
        complaint += `${error.message}\n`;
        resolve();
      });
      started.once("exit", () => resolve());
    }).then(() => {
      process.off("exit", kill);
      qmp?.close();
      qmp = null;
      child = null;
      if (settling !== null) clearTimeout(settling);
      settling = null;
      if (!isRestartWanted) return;
      isRestartWanted = false;
      start();
    });
    consumeSoon();
    connectQmp(
      socket,
      (event) => {
        if (event === "RESET") consumeSoon();
      },
      () => child === started,
    ).then(
      (client) => {
        if (child !== started) return client.close();
        qmp = client;
        applyBoot();
      },
      (error: unknown) => {
        complaint += `${String(error)}\n`;
      },
    );
  };
  const tell = (execute: string): void => {
    qmp?.tell(execute).catch((error: unknown) => {
      complaint += `${String(error)}\n`;
    });
  };
  const cut = (): void => {
    isRestartWanted = false;
    child?.kill("SIGKILL");
  };
  const cycle = (): void => {
    if (child === null) return;
    cut();
    void gone.then(() => setTimeout(start, cycleOffMs));
  };
  return {
    starts,
    isOn: () => child !== null,
    watts: () => (child === null ? 12 : 248),
    boot: () => boot,
    setBoot(change) {
      boot = { ...boot, ...change };
      applyBoot();
    },
    order(order) {
      switch (order) {
        case "on":
          return start();
        case "off":
          return cut();
        case "restart":
          return tell("system_reset");
        case "cycle":
        case "ac-cycle":
          return cycle();
        case "soft-off":
          return tell("system_powerdown");
        case "soft-restart":
          isRestartWanted = child !== null;
          return tell("system_powerdown");
        case "interrupt":
          return tell("inject-nmi");
      }
    },
    off: async () => {
      while (child !== null) await gone;
    },
    complaints: () => complaint,
    stop: async () => {
      cut();
      while (child !== null) await gone;
    },
  };
}
