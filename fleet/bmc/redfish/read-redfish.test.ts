import { expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { odditiesMax } from "./notes.ts";
import { readRedfish } from "./read-redfish.ts";
import type { RedfishAnswer, RedfishFacts } from "./redfish-facts.ts";

const at = (path: string): { readonly "@odata.id": string } => ({ "@odata.id": path });

/** A small honest service; `differs` replaces or adds bodies by path. */
function read(differs: Readonly<Record<string, unknown>> = {}): RedfishFacts {
  const bodies: Readonly<Record<string, unknown>> = {
    "/redfish/v1": { Systems: at("/redfish/v1/Systems"), Chassis: at("/redfish/v1/Chassis") },
    "/redfish/v1/Systems": { Members: [at("/redfish/v1/Systems/1")] },
    "/redfish/v1/Systems/1": {
      PowerState: "On",
      SerialNumber: "SN-4411",
      Links: { Chassis: [at("/redfish/v1/Chassis/1")] },
    },
    "/redfish/v1/Chassis": { Members: [at("/redfish/v1/Chassis/1")] },
    "/redfish/v1/Chassis/1": {
      ChassisType: "RackMount",
      Power: at("/redfish/v1/Chassis/1/Power"),
      Thermal: at("/redfish/v1/Chassis/1/Thermal"),
    },
    ...differs,
  };
  const answers = Object.entries(bodies).map(([path, body]) => ({ path, status: 200, body }));
  return readRedfish(answers);
}

const power = (body: unknown): Readonly<Record<string, unknown>> => ({
  "/redfish/v1/Chassis/1/Power": body,
});
const thermal = (body: unknown): Readonly<Record<string, unknown>> => ({
  "/redfish/v1/Chassis/1/Thermal": body,
});

test("numbers as text are understood with a note, other types are not", () => {
  const { power: found, oddities } = read(power({ PowerControl: [{ PowerConsumedWatts: "241" }] }));
  expect(found.totalWatts).toBe(241);
  expect(oddities.map(({ kind }) => kind)).toEqual(["wrong-type"]);
  for (const value of ["N/A", "", {}, [], true]) {
    const other = read(power({ PowerControl: [{ PowerConsumedWatts: value }] }));
    expect(other.power.totalWatts).toBeNull();
    expect(other.oddities.length, JSON.stringify(value)).toBe(1);
  }
});

test("null arrays and a lone object where an array is meant do not break the rest", () => {
  expect(read(power({ PowerControl: null, PowerSupplies: null })).supplies).toEqual([]);
  expect(read(power({ PowerControl: { PowerConsumedWatts: 90 } })).power.totalWatts).toBe(90);
});

test("an absent bay is not failed, whatever its health says", () => {
  const { supplies, oddities } = read(
    power({
      PowerSupplies: [
        { Name: "PSU1", PowerInputWatts: 180, Status: { State: "Enabled", Health: "OK" } },
        { Name: "PSU2", PowerInputWatts: 0, Status: { State: "Absent", Health: "Critical" } },
      ],
    }),
  );
  expect(
    supplies.map(({ isPresent, health, inputWatts }) => [isPresent, health, inputWatts]),
  ).toEqual([
    [true, "OK", 180],
    [false, null, null],
  ]);
  expect(oddities.map(({ kind }) => kind)).toEqual(["absent-yet-judged"]);
});

test("without another figure the total is what all supplies draw; an absent one is no hole", () => {
  const { power: found } = read(
    power({
      PowerSupplies: [
        { Name: "PSU1", PowerInputWatts: 180, Status: { State: "Enabled" } },
        { Name: "PSU2", Status: { State: "Absent" } },
      ],
    }),
  );
  expect(found).toMatchObject({ totalWatts: 180, source: "supplies-input" });
});

test("four supplies that all repeat the chassis' sum are no sum of four", () => {
  const PowerSupplies = [1, 2, 3, 4].map((bay) => ({
    Name: `PSU${bay}`,
    PowerInputWatts: 779,
    LastPowerOutputWatts: 779,
    Status: { State: "Enabled" },
  }));
  expect(read(power({ PowerSupplies })).power.totalWatts).toBeNull();
  const both = read(power({ PowerControl: [{ PowerConsumedWatts: 779 }], PowerSupplies }));
  expect(both.power).toMatchObject({ totalWatts: 779, source: "power-control" });
});

test("a module's watts are neither the total nor added to it", () => {
  const { power: found } = read({
    "/redfish/v1/Chassis": {
      Members: [at("/redfish/v1/Chassis/GPU0"), at("/redfish/v1/Chassis/1")],
    },
    "/redfish/v1/Chassis/GPU0": {
      ChassisType: "Module",
      EnvironmentMetrics: at("/redfish/v1/Chassis/GPU0/EnvironmentMetrics"),
    },
    "/redfish/v1/Chassis/GPU0/EnvironmentMetrics": { PowerWatts: { Reading: 390 } },
    "/redfish/v1/Chassis/1": {
      ChassisType: "RackMount",
      EnvironmentMetrics: at("/redfish/v1/Chassis/1/EnvironmentMetrics"),
    },
    "/redfish/v1/Chassis/1/EnvironmentMetrics": { PowerWatts: { Reading: 2_140 } },
  });
  expect(found).toMatchObject({ totalWatts: 2_140, source: "environment-metrics" });
  expect(found.candidates.map(({ watts }) => watts)).toEqual([390, 2_140]);
});

test("CPU and memory rows behind the whole in PowerControl are parts of it", () => {
  const { power: found } = read(
    power({
      PowerControl: [
        { Name: "System Power Control", PowerConsumedWatts: 412 },
        { Name: "CPU Sub-system Power", PowerConsumedWatts: 120, PhysicalContext: "CPU" },
        { Name: "Memory Sub-system Power", PowerConsumedWatts: 33 },
      ],
    }),
  );
  expect(found.totalWatts).toBe(412);
  expect(found.candidates.filter(({ notBelieved }) => notBelieved === null)).toHaveLength(1);
});

test("a limit of 32767 watts is none, and a limit is never consumption", () => {
  const control = { PowerConsumedWatts: 200, PowerLimit: { LimitInWatts: 32_767 } };
  expect(read(power({ PowerControl: [control] })).power.limitWatts).toBeNull();
  const only = { PowerLimit: { LimitInWatts: 500 }, PowerCapacityWatts: 800 };
  expect(read(power({ PowerControl: [only] })).power.totalWatts).toBeNull();
});

test("900 watts into a supply made for 750 are implausible", () => {
  const { supplies, oddities } = read(
    power({
      PowerSupplies: [
        { PowerInputWatts: 900, PowerCapacityWatts: 750, Status: { State: "Enabled" } },
      ],
    }),
  );
  expect(supplies[0]?.inputWatts).toBeNull();
  expect(oddities.map(({ kind }) => kind)).toEqual(["implausible"]);
});

test("temperatures: absent is not zero, margins are not degrees, noise is not believed", () => {
  const { temperatures } = read(
    thermal({
      Temperatures: [
        { Name: "Inlet", ReadingCelsius: 0, Status: { State: "Enabled" } },
        { Name: "HD Max", ReadingCelsius: 0, Status: { State: "Absent" } },
        { Name: "P1 Therm Margin", ReadingCelsius: -71 },
        { Name: "CPU0_DTS", ReadingCelsius: 60 },
        { Name: "Chip", ReadingCelsius: 3_892_314 },
        { Name: "None" },
      ],
    }),
  );
  expect(temperatures.map(({ celsius, margin }) => [celsius, margin])).toEqual([
    [0, null],
    [null, null],
    [null, -71],
    [null, 60],
    [null, null],
    [null, null],
  ]);
});

test("the newer schema is read where the older is not there, and not beside it", () => {
  const both = {
    "/redfish/v1/Chassis/1": {
      Thermal: at("/redfish/v1/Chassis/1/Thermal"),
      Sensors: at("/redfish/v1/Chassis/1/Sensors"),
      ThermalSubsystem: at("/redfish/v1/Chassis/1/ThermalSubsystem"),
    },
    "/redfish/v1/Chassis/1/Sensors": { Members: [at("/redfish/v1/Chassis/1/Sensors/Inlet")] },
    "/redfish/v1/Chassis/1/Sensors/Inlet": {
      Name: "Inlet",
      ReadingType: "Temperature",
      Reading: 24,
      Thresholds: { UpperCritical: { Reading: 42 } },
    },
    "/redfish/v1/Chassis/1/ThermalSubsystem": { Fans: at("/redfish/v1/Chassis/1/Fans") },
    "/redfish/v1/Chassis/1/Fans": { Members: [at("/redfish/v1/Chassis/1/Fans/1")] },
    "/redfish/v1/Chassis/1/Fans/1": {
      Name: "Fan 1",
      SpeedPercent: { Reading: 35, SpeedRPM: 7_200 },
    },
  };
  const newer = read(both);
  expect(newer.temperatures).toMatchObject([{ name: "Inlet", celsius: 24, upperCritical: 42 }]);
  expect(newer.fans).toMatchObject([{ name: "Fan 1", rpm: 7_200, percent: 35 }]);
  const older = read({
    ...both,
    ...thermal({ Temperatures: [{ Name: "Inlet", ReadingCelsius: 25 }] }),
  });
  expect(older.temperatures).toMatchObject([{ celsius: 25 }]);
  expect(older.temperatures).toHaveLength(1);
});

test("reset types come from ActionInfo, else from beside the action, else there are none", () => {
  const action = (body: unknown): Readonly<Record<string, unknown>> => ({
    "/redfish/v1/Systems/1": {
      PowerState: "On",
      Actions: { "#ComputerSystem.Reset": body },
    },
    "/redfish/v1/Systems/1/Info": {
      Parameters: [{ Name: "ResetType", AllowableValues: ["On", "ForceOff", "Off"] }],
    },
  });
  const resetOf = (facts: RedfishFacts): unknown => facts.systems[0]?.reset;
  const info = { "@Redfish.ActionInfo": "/redfish/v1/Systems/1/Info" };
  expect(resetOf(read(action({ ...info, "ResetType@Redfish.AllowableValues": ["On"] })))).toEqual({
    types: ["On", "ForceOff", "Off"],
    source: "action-info",
    nonStandard: ["Off"],
  });
  expect(resetOf(read(action({ "ResetType@Redfish.AllowableValues": ["On"] })))).toMatchObject({
    source: "inline",
  });
  expect(resetOf(read(action({})))).toEqual({ types: [], source: "none", nonStandard: [] });
});

test("a member that only describes what could be composed is no system", () => {
  const { systems, oddities } = read({
    "/redfish/v1/Systems": {
      Members: [at("/redfish/v1/Systems/Capabilities"), at("/redfish/v1/Systems/1")],
    },
    "/redfish/v1/Systems/Capabilities": {
      Id: "Capabilities",
      "HostName@Redfish.OptionalOnCreate": true,
    },
  });
  expect(systems.map(({ path }) => path)).toEqual(["/redfish/v1/Systems/1"]);
  expect(oddities.map(({ kind }) => kind)).toEqual(["fake-member"]);
});

test("an error body is no resource, whatever its status, and the link to it is broken", () => {
  const error = { error: { code: "Base.1.0.GeneralError", message: "not found" } };
  const { power: found, oddities } = read(power(error));
  expect(found.totalWatts).toBeNull();
  expect(oddities.map(({ kind }) => kind)).toEqual(["error-body", "broken-link"]);
  const missing = readRedfish([{ path: "/redfish/v1", status: 404, body: { Systems: {} } }]);
  expect(missing.systems).toEqual([]);
});

test("whatever JSON a service makes of its resources, nothing is thrown and notes are bounded", () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const paths = fc.constantFrom(
    "/redfish/v1",
    "/redfish/v1/Systems",
    "/redfish/v1/Systems/1",
    "/redfish/v1/Chassis/1",
    "/redfish/v1/Chassis/1/Power",
    "/redfish/v1/Chassis/1/Thermal",
  );
  fc.assert(
    fc.property(paths, anything, (path, body) => {
      const { oddities } = read({ [path]: body });
      expect(oddities.length).toBeLessThanOrEqual(odditiesMax + 1);
    }),
  );
  const many: RedfishAnswer[] = Array.from({ length: 6_000 }, (_, index) => ({
    path: `/redfish/v1/X/${index}`,
    status: 200,
    body: null,
  }));
  expect(readRedfish(many).oddities.length).toBeLessThanOrEqual(odditiesMax + 1);
});
