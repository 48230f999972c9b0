import type { BmcLies, BmcState } from "./bmc-state.ts";

const root = "/redfish/v1";
const ok = { State: "Enabled", Health: "OK" };

/** Every resource of the simulated server by its path. */
export function redfishTree(state: BmcState, lies: BmcLies): Readonly<Record<string, unknown>> {
  const watts = lies.redfishWatts ?? state.watts;
  const system = `${root}/Systems/1`;
  const chassis = `${root}/Chassis/1`;
  const clock = new Date(state.clockMs + (lies.clockOffMs ?? 0)).toISOString();
  return {
    "/redfish": { v1: `${root}/` },
    [root]: {
      ...named(root, "ServiceRoot.v1_11_0.ServiceRoot", "RootService", "Root Service"),
      RedfishVersion: "1.15.0",
      UUID: state.uuid,
      Vendor: "WWS Lab",
      Product: "Lab controller",
      Systems: link(`${root}/Systems`),
      Chassis: link(`${root}/Chassis`),
      Managers: link(`${root}/Managers`),
      AccountService: link(`${root}/AccountService`),
      SessionService: link(`${root}/SessionService`),
      UpdateService: link(`${root}/UpdateService`),
    },
    ...collection(`${root}/Systems`, "ComputerSystem", [system]),
    ...collection(`${root}/Chassis`, "Chassis", [chassis]),
    ...collection(`${root}/Managers`, "Manager", [`${root}/Managers/1`]),
    [system]: {
      ...named(system, "ComputerSystem.v1_16_0.ComputerSystem", "1", "System"),
      SystemType: "Physical",
      Manufacturer: "WWS Lab",
      Model: "Fleet R640v",
      SerialNumber: state.serial,
      UUID: state.uuid,
      PowerState: state.isOn ? "On" : "Off",
      BiosVersion: "2.14.2",
      Status: ok,
      ProcessorSummary: { Count: 2, Model: "Virtual Xeon 4210" },
      MemorySummary: { TotalSystemMemoryGiB: 64 },
      Memory: link(`${system}/Memory`),
      Boot: {
        BootSourceOverrideEnabled: "Disabled",
        BootSourceOverrideTarget: "None",
        BootSourceOverrideMode: "UEFI",
        "BootSourceOverrideTarget@Redfish.AllowableValues": ["None", "Pxe", "Hdd", "BiosSetup"],
      },
      Links: { Chassis: [link(chassis)], ManagedBy: [link(`${root}/Managers/1`)] },
      Actions: {
        "#ComputerSystem.Reset": {
          target: `${system}/Actions/ComputerSystem.Reset`,
          "@Redfish.ActionInfo": `${system}/ResetActionInfo`,
        },
      },
    },
    [`${system}/ResetActionInfo`]: {
      ...named(`${system}/ResetActionInfo`, "ActionInfo.v1_1_2.ActionInfo", "Reset", "Reset"),
      Parameters: [
        {
          Name: "ResetType",
          AllowableValues: ["On", "ForceOff", "GracefulShutdown", "ForceRestart"],
        },
      ],
    },
    ...collection(`${system}/Memory`, "Memory", [`${system}/Memory/1`]),
    [`${system}/Memory/1`]: {
      ...named(`${system}/Memory/1`, "Memory.v1_10_0.Memory", "1", "DIMM A1"),
      DeviceLocator: "DIMM A1",
      CapacityMiB: 65_536,
      SerialNumber: `DIMM${state.serial}`,
      Manufacturer: "WWS Lab",
      Status: ok,
    },
    [chassis]: {
      ...named(chassis, "Chassis.v1_20_0.Chassis", "1", "Chassis"),
      ChassisType: "RackMount",
      SerialNumber: state.serial,
      PowerState: state.isOn ? "On" : "Off",
      Status: ok,
      Power: link(`${chassis}/Power`),
      Thermal: link(`${chassis}/Thermal`),
      Sensors: link(`${chassis}/Sensors`),
      Links: {
        ComputerSystems: [link(system)],
        ...(lies.linkCircle === true ? { Contains: [link(chassis)] } : {}),
      },
    },
    [`${chassis}/Power`]: {
      ...named(`${chassis}/Power`, "Power.v1_7_0.Power", "Power", "Power"),
      PowerControl: [
        {
          "@odata.id": `${chassis}/Power#/PowerControl/0`,
          MemberId: "0",
          PowerConsumedWatts: watts,
          PowerMetrics: {
            IntervalInMin: 1,
            MinConsumedWatts: 180,
            MaxConsumedWatts: 410,
            AverageConsumedWatts: 240,
          },
          Status: ok,
        },
      ],
      PowerSupplies: [1, 2].map((slot) => ({
        "@odata.id": `${chassis}/Power#/PowerSupplies/${slot - 1}`,
        MemberId: `${slot - 1}`,
        Name: `PSU${slot}`,
        SerialNumber: `PSU${slot}${state.serial}`,
        PowerInputWatts: state.watts / 2,
        PowerCapacityWatts: 750,
        LineInputVoltage: 230,
        Status: ok,
      })),
    },
    [`${chassis}/Thermal`]: {
      ...named(`${chassis}/Thermal`, "Thermal.v1_7_0.Thermal", "Thermal", "Thermal"),
      Temperatures: state.sensors
        .filter(({ type }) => type === 1)
        .map((sensor, index) => ({
          "@odata.id": `${chassis}/Thermal#/Temperatures/${index}`,
          MemberId: `${index}`,
          Name: sensor.name,
          SensorNumber: sensor.number,
          ReadingCelsius: sensor.raw * sensor.m,
          UpperThresholdCritical: sensor.upper?.[1] ?? null,
          Status: ok,
        })),
      Fans: [{ MemberId: "0", Name: "Fan 1", Reading: 7_200, ReadingUnits: "RPM", Status: ok }],
    },
    ...collection(`${chassis}/Sensors`, "Sensor", []),
    [`${root}/Managers/1`]: {
      ...named(`${root}/Managers/1`, "Manager.v1_14_0.Manager", "1", "BMC"),
      ManagerType: "BMC",
      FirmwareVersion: state.firmware,
      DateTime: clock,
      Status: ok,
      VirtualMedia: link(`${root}/Managers/1/VirtualMedia`),
      LogServices: link(`${root}/Managers/1/LogServices`),
    },
    ...collection(`${root}/Managers/1/VirtualMedia`, "VirtualMedia", []),
    ...collection(`${root}/Managers/1/LogServices`, "LogService", []),
    [`${root}/AccountService`]: { Secret: "nobody may read this" },
    [`${root}/SessionService`]: { Secret: "nobody may read this" },
    [`${root}/UpdateService`]: {
      ...named(`${root}/UpdateService`, "UpdateService.v1_8_0.UpdateService", "U", "Update"),
      FirmwareInventory: link(`${root}/UpdateService/FirmwareInventory`),
    },
    ...collection(`${root}/UpdateService/FirmwareInventory`, "SoftwareInventory", [
      `${root}/UpdateService/FirmwareInventory/BMC`,
    ]),
    [`${root}/UpdateService/FirmwareInventory/BMC`]: { Id: "BMC", Name: "BMC", Version: "2.61" },
  };
}

function named(path: string, type: string, id: string, name: string): Record<string, unknown> {
  return { "@odata.id": path, "@odata.type": `#${type}`, Id: id, Name: name };
}

function collection(
  path: string,
  type: string,
  members: readonly string[],
): Readonly<Record<string, unknown>> {
  return {
    [path]: {
      "@odata.id": path,
      "@odata.type": `#${type}Collection.${type}Collection`,
      Name: `${type} collection`,
      "Members@odata.count": members.length,
      Members: members.map(link),
    },
  };
}

function link(path: string): Readonly<Record<string, string>> {
  return { "@odata.id": path };
}
