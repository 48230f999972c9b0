import { healthy, link, named } from "./redfish-odata.ts";
import { placesOf, type RedfishInside, type RedfishWorld } from "./redfish-inside.ts";
import { bootEntries } from "./redfish-machine.ts";
import { collection } from "./redfish-odata.ts";

type Tree = Readonly<Record<string, unknown>>;

/** The computer system, its settings, boot options and memory. */
export function systemTree(world: RedfishWorld, inside: RedfishInside): Tree {
  const { state, machine, shape } = world;
  const { system, settings, chassis, manager, media } = placesOf(shape);
  const isSettings = shape.settings !== "none";
  return {
    [system]: {
      ...named(system, "ComputerSystem.v1_16_0.ComputerSystem", shape.systemId, "System"),
      SystemType: "Physical",
      Manufacturer: shape.maker,
      Model: shape.model,
      SerialNumber: state.serial,
      UUID: state.uuid,
      PowerState: machine.isOn() ? "On" : "Off",
      BiosVersion: "2.14.2",
      Status: healthy,
      ProcessorSummary: { Count: 2, Model: "Virtual Xeon 4210" },
      MemorySummary: { TotalSystemMemoryGiB: 64 },
      Memory: link(`${system}/Memory`),
      EthernetInterfaces: link(`${system}/EthernetInterfaces`),
      Boot: bootOf(world),
      ...(shape.hasBootProgress
        ? { BootProgress: { LastState: machine.isOn() ? "OSRunning" : "None" } }
        : {}),
      ...lightOf(world, inside),
      ...(shape.mediaAt === "system" ? { VirtualMedia: link(media) } : {}),
      ...(isSettings
        ? {
            "@Redfish.Settings": {
              "@odata.type": "#Settings.v1_3_4.Settings",
              SettingsObject: link(settings),
            },
          }
        : {}),
      Links: { Chassis: [link(chassis)], ManagedBy: [link(manager)] },
      Actions: {
        "#ComputerSystem.Reset": resetOf(
          `${system}/Actions/ComputerSystem.Reset`,
          `${system}/ResetActionInfo`,
          shape.resetListed,
          shape.resetTypes,
        ),
      },
    },
    ...(isSettings
      ? {
          [settings]: {
            ...named(settings, "ComputerSystem.v1_16_0.ComputerSystem", "Settings", "Settings"),
            Boot: bootOf(world),
          },
        }
      : {}),
    ...(shape.resetListed === "action-info"
      ? {
          [`${system}/ResetActionInfo`]: {
            ...named(`${system}/ResetActionInfo`, "ActionInfo.v1_1_2.ActionInfo", "Reset", "Reset"),
            Parameters: [{ Name: "ResetType", AllowableValues: shape.resetTypes }],
          },
        }
      : {}),
    ...collection(
      `${system}/BootOptions`,
      "BootOption",
      bootEntries.map(([id]) => `${system}/BootOptions/${id}`),
    ),
    ...Object.fromEntries(
      bootEntries.map(([id, name, device]) => {
        const path = `${system}/BootOptions/${id}`;
        const option = {
          ...named(path, "BootOption.v1_0_4.BootOption", id, name),
          BootOptionReference: id,
          BootOptionEnabled: true,
          DisplayName: name,
          UefiDevicePath: device,
        };
        return [path, option] as const;
      }),
    ),
    ...collection(`${system}/EthernetInterfaces`, "EthernetInterface", [
      `${system}/EthernetInterfaces/1`,
    ]),
    [`${system}/EthernetInterfaces/1`]: {
      ...named(
        `${system}/EthernetInterfaces/1`,
        "EthernetInterface.v1_8_0.EthernetInterface",
        "1",
        "NIC 1",
      ),
      MACAddress: macOf(state.serial, 1),
      Status: healthy,
    },
    ...collection(`${system}/Memory`, "Memory", [`${system}/Memory/1`]),
    [`${system}/Memory/1`]: {
      ...named(`${system}/Memory/1`, "Memory.v1_10_0.Memory", "1", "DIMM A1"),
      DeviceLocator: "DIMM A1",
      CapacityMiB: 65_536,
      SerialNumber: `DIMM${state.serial}`,
      Manufacturer: shape.maker,
      Status: healthy,
    },
  };
}

/** `52:54:00` and three bytes of the serial: `nic` 0 is the controller's. */
export function macOf(serial: string, nic: number): string {
  const hex = Buffer.from(serial.slice(-2)).toString("hex");
  return `52:54:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:0${nic}`.toUpperCase();
}

export function resetOf(
  target: string,
  info: string,
  listed: "inline" | "action-info" | "nowhere",
  types: readonly string[],
): unknown {
  if (listed === "action-info") return { target, "@Redfish.ActionInfo": info };
  return listed === "nowhere" ? { target } : { target, "ResetType@Redfish.AllowableValues": types };
}

function bootOf({ machine, shape }: RedfishWorld): unknown {
  const boot = machine.boot();
  const { system } = placesOf(shape);
  return {
    BootSourceOverrideEnabled: boot.enabled,
    BootSourceOverrideTarget: boot.target,
    ...(shape.showsMode ? { BootSourceOverrideMode: boot.mode } : {}),
    "BootSourceOverrideTarget@Redfish.AllowableValues": shape.bootTargets,
    "BootSourceOverrideEnabled@Redfish.AllowableValues": ["Disabled", "Once", "Continuous"],
    ...(shape.bootTargets.includes("UefiTarget")
      ? { UefiTargetBootSourceOverride: boot.uefiTarget }
      : {}),
    ...(shape.bootTargets.includes("UefiHttp") ? { HttpBootUri: boot.httpUri } : {}),
    ...(shape.hasBootNext ? { BootNext: boot.bootNext } : {}),
    ...(shape.hasBootOrder
      ? { BootOrder: boot.order, BootOptions: link(`${system}/BootOptions`) }
      : {}),
  };
}

function lightOf({ shape }: RedfishWorld, { isLit }: RedfishInside): Tree {
  if (shape.light === "IndicatorLED") return { IndicatorLED: isLit ? "Blinking" : "Off" };
  return shape.light === "none" ? {} : { LocationIndicatorActive: isLit };
}
