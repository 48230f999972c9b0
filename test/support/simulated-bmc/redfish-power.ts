import { placesOf, type RedfishWorld } from "./redfish-inside.ts";
import { collection, healthy, link, named } from "./redfish-odata.ts";
import { resetOf } from "./redfish-system.ts";

type Tree = Readonly<Record<string, unknown>>;

/** The chassis with its watts, temperatures and fans, in the old schema or in one of the new ones. */
export function powerTree(world: RedfishWorld): Tree {
  const { state, lies, machine, shape } = world;
  const { system, chassis } = placesOf(shape);
  const watts = lies.redfishWatts ?? machine.watts();
  return {
    [chassis]: {
      ...named(chassis, "Chassis.v1_20_0.Chassis", "1", "Chassis"),
      ChassisType: "RackMount",
      SerialNumber: state.serial,
      PowerState: machine.isOn() ? "On" : "Off",
      Status: healthy,
      ...powerLinks(world, chassis),
      Thermal: link(`${chassis}/Thermal`),
      Sensors: link(`${chassis}/Sensors`),
      Links: {
        ComputerSystems: [link(system)],
        ...(lies.linkCircle === true ? { Contains: [link(chassis)] } : {}),
      },
      ...(shape.chassisResetTypes === null
        ? {}
        : {
            Actions: {
              "#Chassis.Reset": resetOf(
                `${chassis}/Actions/Chassis.Reset`,
                "",
                "inline",
                shape.chassisResetTypes,
              ),
            },
          }),
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
          Status: healthy,
        })),
      Fans: [
        { MemberId: "0", Name: "Fan 1", Reading: 7_200, ReadingUnits: "RPM", Status: healthy },
      ],
    },
    ...collection(`${chassis}/Sensors`, "Sensor", []),
    ...(shape.powerSchema === "power" ? oldPower(world, chassis, watts) : {}),
    ...(shape.powerSchema === "environment" ? environment(chassis, watts) : {}),
    ...(shape.powerSchema === "subsystem" ? subsystem(chassis, watts) : {}),
  };
}

function powerLinks({ shape }: RedfishWorld, chassis: string): Tree {
  if (shape.powerSchema === "power") return { Power: link(`${chassis}/Power`) };
  return shape.powerSchema === "environment"
    ? { EnvironmentMetrics: link(`${chassis}/EnvironmentMetrics`) }
    : { PowerSubsystem: link(`${chassis}/PowerSubsystem`) };
}

function oldPower({ state }: RedfishWorld, chassis: string, watts: number): Tree {
  return {
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
          Status: healthy,
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
        Status: healthy,
      })),
    },
  };
}

function environment(chassis: string, watts: number): Tree {
  const path = `${chassis}/EnvironmentMetrics`;
  return {
    [path]: {
      ...named(path, "EnvironmentMetrics.v1_3_0.EnvironmentMetrics", "EnvironmentMetrics", "Here"),
      PowerWatts: { Reading: watts },
    },
  };
}

function subsystem(chassis: string, watts: number): Tree {
  const path = `${chassis}/PowerSubsystem`;
  const supplies = `${path}/PowerSupplies`;
  return {
    [path]: {
      ...named(path, "PowerSubsystem.v1_1_0.PowerSubsystem", "PowerSubsystem", "Power"),
      PowerSupplies: link(supplies),
      Status: healthy,
    },
    ...collection(supplies, "PowerSupply", [`${supplies}/1`, `${supplies}/2`]),
    ...Object.fromEntries(
      [1, 2].flatMap((slot) => {
        const one = `${supplies}/${slot}`;
        return [
          [
            one,
            {
              ...named(one, "PowerSupply.v1_5_0.PowerSupply", String(slot), `PSU${slot}`),
              Metrics: link(`${one}/Metrics`),
              Status: healthy,
            },
          ],
          [
            `${one}/Metrics`,
            {
              ...named(`${one}/Metrics`, "PowerSupplyMetrics.v1_1_0.PowerSupplyMetrics", "M", "M"),
              InputPowerWatts: { Reading: watts / 2 },
            },
          ],
        ] as const;
      }),
    ),
  };
}
