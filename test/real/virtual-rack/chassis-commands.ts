import type { DriverPowerOrder } from "#fleet/boot-loop/bmc-driver.ts";
import type { BootOverride, RedfishMachine } from "#test/support/simulated-bmc/redfish-machine.ts";

/** Device of boot flags (IPMI 2.0, table 28-14) → target in the words of Redfish. */
const targets: Readonly<Record<number, string>> = {
  0: "None",
  1: "Pxe",
  2: "Hdd",
  5: "Cd",
  6: "BiosSetup",
};
const controls: Readonly<Record<number, DriverPowerOrder | "interrupt">> = {
  0: "off",
  1: "on",
  2: "cycle",
  3: "restart",
  4: "interrupt",
  5: "soft-off",
};
const bootFlags = 5;

/**
 * Commands of IPMI that move a machine, answered by the machine itself: chassis status and control,
 * boot options. null: another command, which the simulated controller answers.
 */
export function createChassisCommands(
  machine: RedfishMachine,
): (netFunction: number, command: number, data: Buffer) => readonly number[] | null {
  return (netFunction, command, data) => {
    if (netFunction !== 0) return null;
    switch (command) {
      case 0x01:
        return [0, machine.isOn() ? 1 : 0, 0, 0];
      case 0x02: {
        const order = controls[(data[0] ?? 0xff) & 0x0f];
        if (order === undefined) return [0xcc];
        machine.order(order);
        return [0];
      }
      case 0x08:
        return setOption(machine, data);
      case 0x09:
        if (((data[0] ?? 0) & 0x7f) !== bootFlags) return [0, 1, data[0] ?? 0, 0, 0];
        return [0, 1, bootFlags, ...flagsOf(machine.boot())];
      default:
        return null;
    }
  };
}

function setOption(machine: RedfishMachine, data: Buffer): readonly number[] {
  // The others say who sets them and whether the sets are done: there is nothing to keep of those.
  if (((data[0] ?? 0) & 0x7f) !== bootFlags) return [0];
  const [first = 0, second = 0] = data.subarray(1);
  const target = targets[(second >> 2) & 0x0f];
  if (target === undefined) return [0xcc];
  const isValid = (first & 0x80) !== 0 && target !== "None";
  machine.setBoot({
    target: isValid ? target : "None",
    enabled: isValid ? ((first & 0x40) === 0 ? "Once" : "Continuous") : "Disabled",
    mode: (first & 0x20) === 0 ? "Legacy" : "UEFI",
  });
  return [0];
}

function flagsOf(boot: BootOverride): readonly number[] {
  if (boot.enabled === "Disabled") return [0, 0, 0, 0, 0];
  const device = Object.entries(targets).find(([, target]) => target === boot.target)?.[0] ?? "0";
  const first =
    0x80 | (boot.enabled === "Continuous" ? 0x40 : 0) | (boot.mode === "UEFI" ? 0x20 : 0);
  return [first, Number(device) << 2, 0, 0, 0];
}
