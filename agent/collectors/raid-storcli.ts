import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import {
  countMembers,
  type DiskCondition,
  type RaidArray,
  type RaidController,
  type RaidDisk,
  type RaidFacts,
  raidLimits,
  unknownController,
  unknownDisk,
} from "./raid-facts.ts";
import {
  celsiusOf,
  conditionOf,
  countOf,
  pciAddressOf,
  sectorBytesOf,
  wordOf,
  yesNoOf,
} from "./raid-values.ts";
import {
  type JsonObject,
  listOf,
  memberOf,
  objectOf,
  readJsonAfterNoise,
  textOf,
} from "./smart-json.ts";
import { parseWwn } from "./smartctl-wwn.ts";

/**
 * Reads the JSON of storcli and perccli: `/call show all J`, `/call show J` and
 * `/call/eall/sall show all J`, which has more of each drive. Keys differ by firmware and maker
 * ("BBU", "Energy Pack"); numbers are numbers or text.
 */
export function parseStorcli(text: string): Result<RaidFacts, string> {
  const json = readJsonAfterNoise(text);
  if (typeof json !== "object" || json === null) return fail("no valid JSON");
  const controllers: RaidController[] = [];
  const problems: string[] = [];
  for (const [index, entry] of listOf(
    objectOf(json)["Controllers"],
    raidLimits.controllers,
  ).entries()) {
    const status = objectOf(memberOf(entry, "Command Status"));
    const data = objectOf(memberOf(entry, "Response Data"));
    if (textOf(status["Status"]) !== "Success")
      problems.push(textOf(status["Description"]) ?? "the tool says Failure");
    // A failed question may still be answered in part: some of its drives did not tell.
    if (Object.keys(data).length > 0)
      controllers.push(readController(idOf(status, data, index), data));
  }
  return ok({ tool: "storcli", controllers, problems });
}

function idOf(status: JsonObject, data: JsonObject, index: number): string {
  const number = countOf(status["Controller"]) ?? countOf(memberOf(data, "Basics", "Controller"));
  return String(number ?? index);
}

function readController(id: string, data: JsonObject): RaidController {
  const at = (...path: readonly string[]): unknown => memberOf(data, ...path);
  const disks = readDisks(data);
  const status = textOf(at("Status", "Controller Status"));
  return {
    ...unknownController,
    id,
    model: wordOf(at("Basics", "Model")) ?? wordOf(data["Product Name"]),
    serial: wordOf(at("Basics", "Serial Number")) ?? wordOf(data["Serial Number"]),
    firmware:
      knownVersion(at("Version", "Firmware Package Build")) ??
      knownVersion(at("Version", "Firmware Version")) ??
      knownVersion(data["FW Package Build"]) ??
      knownVersion(data["FW Version"]),
    pciAddress: pciAddressOf(at("Basics", "PCI Address")) ?? pciAddressOf(data["PCI Address"]),
    status,
    isOptimal: status === null ? null : /^(?:optimal|ok)$/i.test(status),
    battery: readBattery(data),
    temperatureCelsius:
      celsiusOf(at("HwCfg", "ROC temperature(Degree Celsius)")) ??
      celsiusOf(at("HwCfg", "ROC temperature(Degree Celcius)")) ??
      celsiusOf(at("HwCfg", "Ctrl temperature(Degree Celsius)")),
    correctableMemoryErrors: countOf(at("Status", "Memory Correctable Errors")),
    uncorrectableMemoryErrors: countOf(at("Status", "Memory Uncorrectable Errors")),
    arrays: readArrays(data, disks),
    disks,
  };
}

/** HBAs give a package build of zeros beside the true version. */
function knownVersion(value: unknown): string | null {
  const version = wordOf(value);
  return version === null || /^[0.]+$/.test(version) ? null : version;
}

function readBattery(data: JsonObject): RaidController["battery"] {
  for (const section of ["BBU_Info", "Cachevault_Info", "Energy Pack Info"]) {
    const [first] = listOf(data[section], 1);
    const state = textOf(memberOf(first, "State")) ?? textOf(memberOf(first, "Status"));
    if (state !== null) return /^(?:optimal|ok|good)/i.test(state) ? "ok" : "failed";
  }
  const fitted =
    textOf(memberOf(data, "HwCfg", "BBU")) ?? textOf(memberOf(data, "HwCfg", "Energy Pack"));
  if (fitted !== null && /^absent/i.test(fitted)) return "absent";
  const status =
    memberOf(data, "Status", "BBU Status") ?? memberOf(data, "Status", "Energy Pack Status");
  if (status === 0 || /^(?:optimal|ok|0)$/i.test(textOf(status) ?? "")) return "ok";
  if (typeof status === "number" && status > 0) return "failed";
  return /fail|degraded|replace/i.test(textOf(status) ?? "") ? "failed" : null;
}

/** Drives of the list, and of the details by drive; one per slot. */
function readDisks(data: JsonObject): readonly RaidDisk[] {
  const rows = [
    ...listOf(data["PD LIST"], raidLimits.disks),
    ...listOf(data["JBOD LIST"], raidLimits.disks),
  ];
  const disks = new Map<string, RaidDisk>();
  const add = (row: unknown, details: JsonObject): void => {
    const disk = readDisk(objectOf(row), details);
    if (disk.slot !== "" && disks.size < raidLimits.disks && !disks.has(disk.slot))
      disks.set(disk.slot, disk);
  };
  for (const [key, value] of Object.entries(data)) {
    const path = /^Drive (\/c\d+(?:\/e\d+)?\/s\d+)$/.exec(key)?.[1];
    if (path !== undefined)
      add(listOf(value, 1)[0], detailsOf(data[`${key} - Detailed Information`], path));
  }
  for (const row of rows) add(row, {});
  return [...disks.values()];
}

/** The sections of a drive's details, which are named after the drive, in one. */
function detailsOf(value: unknown, path: string): JsonObject {
  const details = objectOf(value);
  const section = (name: string): JsonObject => objectOf(details[`Drive ${path} ${name}`]);
  return { ...section("State"), ...section("Device attributes") };
}

function readDisk(row: JsonObject, details: JsonObject): RaidDisk {
  const state = textOf(row["State"]);
  const medium = textOf(row["Med"]);
  return {
    ...unknownDisk,
    slot: (textOf(row["EID:Slt"]) ?? "").replace(/\s/g, ""),
    deviceId: countOf(row["DID"]),
    state,
    condition: conditionOf(state),
    array: groupOf(row["DG"]),
    vendor: wordOf(details["Manufacturer Id"]),
    model: wordOf(row["Model"]) ?? wordOf(details["Model Number"]),
    serial: wordOf(details["SN"]),
    wwn: parseWwn(textOf(details["WWN"]) ?? ""),
    firmware: wordOf(details["Firmware Revision"]),
    capacityBytes: sectorBytesOf(details["Raw size"]),
    isRotational: medium === "HDD" ? true : medium === "SSD" ? false : null,
    mediaErrors: countOf(details["Media Error Count"]),
    otherErrors: countOf(details["Other Error Count"]),
    predictiveFailures: countOf(details["Predictive Failure Count"]),
    isSmartAlert: yesNoOf(details["S.M.A.R.T alert flagged by drive"]),
    temperatureCelsius: celsiusOf(details["Drive Temperature"]),
  };
}

/** Virtual drives; several may lie on one group of drives. */
function readArrays(data: JsonObject, disks: readonly RaidDisk[]): readonly RaidArray[] {
  const rows = [
    ...listOf(data["VD LIST"], raidLimits.arrays),
    ...Object.entries(data).flatMap(([key, value]) =>
      /^\/c\d+\/v\d+$/.test(key) ? listOf(value, 1) : [],
    ),
  ];
  const missing = missingByGroup(data);
  return rows.slice(0, raidLimits.arrays).flatMap((row): RaidArray[] => {
    const [group, number] = (textOf(memberOf(row, "DG/VD")) ?? "").split("/");
    if (number === undefined || group === undefined) return [];
    const state = textOf(memberOf(row, "State"));
    const conditions: (DiskCondition | null)[] = disks
      .filter(({ array }) => array !== null && array === group)
      .map(({ condition }) => condition);
    for (let left = missing.get(group) ?? 0; left > 0; left -= 1) conditions.push("missing");
    return [
      {
        id: number,
        name: wordOf(memberOf(row, "Name")),
        level: wordOf(memberOf(row, "TYPE")),
        state,
        isDegraded: degradedBy(state),
        members: countMembers(conditions),
        syncDone: null,
      },
    ];
  });
}

/** A member that is not there has no row of its own but in the topology. */
function missingByGroup(data: JsonObject): ReadonlyMap<string, number> {
  const missing = new Map<string, number>();
  for (const row of listOf(data["TOPOLOGY"], raidLimits.disks)) {
    const group = groupOf(memberOf(row, "DG"));
    if (group !== null && /^(?:msng|missing)$/i.test(textOf(memberOf(row, "State")) ?? ""))
      missing.set(group, (missing.get(group) ?? 0) + 1);
  }
  return missing;
}

function groupOf(value: unknown): string | null {
  const group = typeof value === "number" ? String(value) : wordOf(value);
  return group !== null && /^\d{1,4}$/.test(group) ? group : null;
}

function degradedBy(state: string | null): boolean | null {
  if (state === null) return null;
  if (/^optl$/i.test(state)) return false;
  return /^(?:dgrd|pdgd|ofln|rec|fail)/i.test(state) ? true : null;
}
