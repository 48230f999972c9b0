import { parseRecording, RecordingError, recordingFormat } from "#fleet/bmc/probe-recording.ts";
import { readRedfish } from "#fleet/bmc/redfish/read-redfish.ts";
import type { RedfishAnswer } from "#fleet/bmc/redfish/redfish-facts.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

/** A whole service in one text: `{path: body}`; what is no JSON is one answer without a body. */
function answersOf(text: string): readonly RedfishAnswer[] {
  let json: unknown = null;
  try {
    json = JSON.parse(text);
  } catch {
    return [{ path: "/redfish/v1/Systems/1", status: null, body: text }];
  }
  if (typeof json !== "object" || json === null)
    return [{ path: "/redfish/v1", status: 200, body: json }];
  // A recording holds one resource: it stands alone.
  if ("@odata.id" in json && typeof json["@odata.id"] === "string")
    return [{ path: json["@odata.id"], status: 200, body: json }, ...linksTo(json["@odata.id"])];
  return Object.entries(json).map(([path, body]) => ({ path, status: 200, body: body as unknown }));
}

/** So that a lone Power or Thermal is looked into. */
function linksTo(path: string): readonly RedfishAnswer[] {
  const chassis = "/redfish/v1/Chassis/fuzz";
  const at = (key: string): Record<string, unknown> => ({ [key]: { "@odata.id": path } });
  return [
    {
      path: "/redfish/v1/Chassis",
      status: 200,
      body: { "@odata.id": "/redfish/v1/Chassis", Members: [{ "@odata.id": chassis }] },
    },
    {
      path: chassis,
      status: 200,
      body: { "@odata.id": chassis, ...at("Power"), ...at("Thermal"), ...at("Sensors") },
    },
  ];
}

const service = {
  "/redfish/v1": {
    "@odata.id": "/redfish/v1",
    "@odata.type": "#ServiceRoot.v1_5_0.ServiceRoot",
    RedfishVersion: "1.6.0",
    Vendor: "WWS Lab",
    Systems: { "@odata.id": "/redfish/v1/Systems" },
    Chassis: { "@odata.id": "/redfish/v1/Chassis" },
    Managers: { "@odata.id": "/redfish/v1/Managers" },
  },
  "/redfish/v1/Systems": { Members: [{ "@odata.id": "/redfish/v1/Systems/1" }] },
  "/redfish/v1/Chassis": { Members: [{ "@odata.id": "/redfish/v1/Chassis/1" }] },
  "/redfish/v1/Managers": { Members: [{ "@odata.id": "/redfish/v1/Managers/1" }] },
  "/redfish/v1/Managers/1": { FirmwareVersion: "2.61", DateTime: "2026-11-02T08:00:00+01:00" },
  "/redfish/v1/Systems/1": {
    SerialNumber: "SN-4411",
    SKU: "To be filled by O.E.M.",
    PowerState: "On",
    ProcessorSummary: { Count: "2", Model: "Central Processor" },
    Memory: { "@odata.id": "/redfish/v1/Systems/1/Memory" },
    Links: { Chassis: [{ "@odata.id": "/redfish/v1/Chassis/1" }] },
    Actions: { "#ComputerSystem.Reset": { "ResetType@Redfish.AllowableValues": ["On", "Off"] } },
  },
  "/redfish/v1/Systems/1/Memory": {
    Members: [{ "@odata.id": "/redfish/v1/Systems/1/Memory/1" }],
  },
  "/redfish/v1/Systems/1/Memory/1": { DeviceLocator: "A1", CapacityMiB: 16384 },
  "/redfish/v1/Chassis/1": {
    ChassisType: "RackMount",
    Power: { "@odata.id": "/redfish/v1/Chassis/1/Power" },
    Thermal: { "@odata.id": "/redfish/v1/Chassis/1/Thermal" },
  },
  "/redfish/v1/Chassis/1/Power": {
    PowerControl: [{ PowerConsumedWatts: 241, PowerMetrics: { AverageConsumedWatts: "N/A" } }],
    PowerSupplies: [
      { Name: "PSU1", PowerInputWatts: 121, LineInputVoltage: 572, Status: { State: "Enabled" } },
      { Name: "PSU2", PowerInputWatts: 0, Status: { State: "Absent", Health: "Critical" } },
    ],
  },
  "/redfish/v1/Chassis/1/Thermal": {
    Temperatures: [
      { Name: "Inlet", ReadingCelsius: 24, UpperThresholdCritical: 42 },
      { Name: "P1 Therm Margin", ReadingCelsius: -71 },
      { Name: "HD Max", ReadingCelsius: 0, Status: { State: "Absent" } },
    ],
    Fans: [{ FanName: "Fan 1", Reading: 35, ReadingUnits: "Percent" }],
  },
};

const exchanges = {
  exchanges: [
    { netFn: 6, lun: 0, command: 1, data: "", code: 0, answer: "2001026102bf7c2a00010a" },
    { netFn: 10, lun: 0, command: 16, data: "00", code: 0, answer: "000100" },
    { netFn: 10, lun: 0, command: 17, data: "00000010", code: 0, answer: "080100000001070000" },
  ],
};

/** A recording that somebody attached to a bug report is a stranger's text. */
function parseIpmiFile(text: string): unknown {
  const head = JSON.stringify({ format: recordingFormat, probedAtMs: 0 });
  return parseRecording(
    new Map([
      ["probe.json", head],
      ["ipmi.json", text],
    ]),
  ).exchanges;
}

export const targets: readonly FuzzTarget[] = [
  {
    name: "parseRecording",
    samples: () => [JSON.stringify(exchanges)],
    recordings: null,
    parse: parseIpmiFile,
    throws: [RecordingError],
  },
  {
    name: "readRedfish",
    samples: () => [JSON.stringify(service), JSON.stringify(service["/redfish/v1/Systems/1"])],
    recordings: /^redfish\/.*\.json$/,
    parse: (text) => readRedfish(answersOf(text)),
  },
];
