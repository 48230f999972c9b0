import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { type AttributeFacts, readAttributes } from "./smart-attributes.ts";
import {
  decodeExit,
  type SmartFacts,
  type SmartMessage,
  type SmartSupport,
  saysStandby,
  unknownSmartFacts,
} from "./smart-facts.ts";
import {
  flagOf,
  type JsonObject,
  listOf,
  memberOf,
  numberOf,
  objectOf,
  readJsonAfterNoise,
  textOf,
} from "./smart-json.ts";
import { plausible, plausibleNumbers } from "./smart-plausible.ts";
import { readAtaTables } from "./smartctl-ata.ts";
import { readSelfTest } from "./smartctl-self-test.ts";
import { readWwn } from "./smartctl-wwn.ts";

/** Why a text of smartctl tells nothing of its drive. */
export interface SmartUnreadable {
  /** What smartctl says of itself, as far as the text goes: before 7.3 it prints broken JSON. */
  readonly version: string | null;
  readonly detail: string;
}

/**
 * One drive as `smartctl --json -x` tells it, in any version since 7.0 and for any transport. Every
 * field is taken on its own: a missing or foreign one is null, never zero. `exitCode` is what the
 * program ended with, for texts that do not say.
 */
export function parseSmartctl(
  text: string,
  exitCode: number | null = null,
): Result<SmartFacts, SmartUnreadable> {
  const json = readJsonAfterNoise(text);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    const version = findVersion(text);
    // Some answer in words alone where the drive sleeps.
    const asleep = /^Device is in .{1,60}$/m.exec(text.slice(0, 4_096))?.[0];
    if (asleep !== undefined && saysStandby(asleep)) {
      const messages = [{ severity: null, text: asleep }];
      const exit = decodeExit(exitCode);
      return ok({ ...unknownSmartFacts, tool: { version }, exit, messages, standby: true });
    }
    const detail = `no valid JSON from smartctl ${version ?? "of unknown version"}`;
    return fail({ version, detail });
  }
  return ok(readDrive(json as JsonObject, exitCode));
}

function readDrive(drive: JsonObject, exitCode: number | null): SmartFacts {
  const { within, implausible } = plausibleNumbers();
  const at = (...path: readonly string[]): unknown => memberOf(drive, ...path);
  const log = objectOf(drive["nvme_smart_health_information_log"]);
  const vendor = textOf(drive["scsi_vendor"]) ?? textOf(drive["vendor"]);
  const product = textOf(drive["scsi_product"]) ?? textOf(drive["product"]);
  const model =
    textOf(drive["model_name"]) ??
    textOf(drive["scsi_model_name"]) ??
    (product === null ? null : textOf(`${vendor ?? ""} ${product}`));
  const family = textOf(drive["model_family"]);
  const tables = readAtaTables(drive);
  const attributes = readAttributes(tables.attributes, { model, family }, implausible);
  const messages = readMessages(at("smartctl", "messages"));
  const exit = decodeExit(numberOf(at("smartctl", "exit_status")) ?? exitCode);
  const wear = readWear(drive, log, tables.percentageUsed, attributes, within);
  return {
    ...unknownSmartFacts,
    tool: { version: readVersion(at("smartctl", "version")) },
    device: {
      name: textOf(at("device", "name")),
      type: textOf(at("device", "type")),
      protocol: textOf(at("device", "protocol")),
    },
    family,
    vendor,
    model,
    serial: textOf(drive["serial_number"]),
    wwn: readWwn(drive),
    firmware:
      textOf(drive["firmware_version"]) ??
      textOf(drive["scsi_revision"]) ??
      textOf(drive["revision"]),
    capacityBytes:
      within("capacity", at("user_capacity", "bytes"), plausible.bytes) ??
      within("capacity", drive["nvme_total_capacity"], plausible.bytes),
    rotationRpm: within("rotation_rate", drive["rotation_rate"], plausible.rotation),
    smartSupport: readSupport(drive["smart_support"]),
    exit,
    messages,
    standby: isAsleep(drive, messages),
    // Bit 3 of the status is the same verdict, where the field is left out.
    passed: flagOf(at("smart_status", "passed")) ?? (exit.failing ? false : null),
    powerOnHours:
      within("power_on_time", at("power_on_time", "hours"), plausible.hours) ??
      within("power_on_hours", log["power_on_hours"], plausible.hours) ??
      within("attribute 9", attributes.hours, plausible.hours),
    temperatureCelsius: readTemperature(drive, log, attributes, within),
    ...wear,
    criticalWarning: within("critical_warning", log["critical_warning"], plausible.byte),
    mediaErrors: within("media_errors", log["media_errors"], plausible.count),
    reallocated: attributes.reallocated ?? tables.statistics.reallocated,
    reallocatedEvents: attributes.reallocatedEvents,
    pending:
      attributes.pending ??
      within("pending", at("ata_pending_defects_log", "count"), plausible.count) ??
      within("pending", at("scsi_pending_defects", "count"), plausible.count),
    offlineUncorrectable: attributes.offlineUncorrectable,
    reportedUncorrectable:
      attributes.reportedUncorrectable ?? tables.statistics.reportedUncorrectable,
    commandTimeout: attributes.commandTimeout,
    crc: attributes.crc ?? tables.statistics.crc,
    endToEnd: attributes.endToEnd,
    grownDefects: within("grown defects", drive["scsi_grown_defect_list"], plausible.count),
    uncorrectedErrors: readUncorrected(objectOf(drive["scsi_error_counter_log"]), within),
    errorLogCount:
      within("errors logged", log["num_err_log_entries"], plausible.count) ??
      within("errors logged", at("ata_smart_error_log", "extended", "count"), plausible.count) ??
      within("errors logged", at("ata_smart_error_log", "summary", "count"), plausible.count),
    unsafeShutdowns:
      within("unsafe_shutdowns", log["unsafe_shutdowns"], plausible.count) ??
      attributes.unsafeShutdowns,
    selfTest: readSelfTest(drive),
    attributesFailingNow: attributes.attributesFailingNow,
    implausible,
  };
}

type Within = ReturnType<typeof plausibleNumbers>["within"];

/** A SAS drive that has no sensor says 0 °C, and 0 °C as the limit beside it. */
function readTemperature(
  drive: JsonObject,
  log: JsonObject,
  attributes: AttributeFacts,
  within: Within,
): number | null {
  const current = memberOf(drive, "temperature", "current");
  const trip = memberOf(drive, "temperature", "drive_trip");
  const isScsi = memberOf(drive, "device", "protocol") === "SCSI" || trip !== undefined;
  const reports = objectOf(drive["scsi_environmental_reports"]);
  const candidates = [
    current === 0 && (isScsi ? trip === 0 || trip === undefined : attributes.temperature !== 0)
      ? undefined
      : current,
    memberOf(reports, "temperature_1", "current"),
    log["temperature"],
    attributes.temperature,
  ];
  for (const candidate of candidates) {
    const celsius = within("temperature", candidate, plausible.celsius);
    if (celsius !== null) return celsius;
  }
  return null;
}

function readWear(
  drive: JsonObject,
  log: JsonObject,
  statistic: number | null,
  attributes: AttributeFacts,
  within: Within,
): Pick<SmartFacts, "percentageUsed" | "wearSource" | "spare" | "spareThreshold"> {
  const sources: readonly (readonly [string, unknown])[] = [
    ["nvme", log["percentage_used"]],
    ["scsi", drive["scsi_percentage_used_endurance_indicator"]],
    ["device statistics", statistic],
    ["smartctl", memberOf(drive, "endurance_used", "current_percent")],
  ];
  const spare =
    within("available_spare", log["available_spare"], plausible.percent) ??
    within("spare", memberOf(drive, "spare_available", "current_percent"), plausible.percent);
  const threshold =
    within("spare threshold", log["available_spare_threshold"], plausible.percent) ??
    within("spare threshold", memberOf(drive, "spare_available", "threshold_percent"), {
      min: 0,
      max: 100,
    });
  const spares =
    spare === null
      ? { spare: attributes.spare, spareThreshold: attributes.spareThreshold }
      : { spare, spareThreshold: threshold };
  for (const [wearSource, value] of sources) {
    const percentageUsed = within("percentage_used", value, plausible.percentUsed);
    if (percentageUsed !== null) return { percentageUsed, wearSource, ...spares };
  }
  const { percentageUsed, wearSource } = attributes;
  return { percentageUsed, wearSource, ...spares };
}

/** Sum over read, write and verify; null where the drive keeps none of the three. */
function readUncorrected(counters: JsonObject, within: Within): number | null {
  let sum: number | null = null;
  for (const operation of ["read", "write", "verify"]) {
    const errors = memberOf(counters, operation, "total_uncorrected_errors");
    const count = within(`${operation} errors`, errors, plausible.count);
    if (count !== null) sum = (sum ?? 0) + count;
  }
  return sum !== null && Number.isSafeInteger(sum) ? sum : null;
}

function readSupport(value: unknown): SmartSupport | null {
  if (typeof value === "boolean") return { available: value, enabled: null };
  const support = objectOf(value);
  const available = flagOf(support["available"]);
  const enabled = flagOf(support["enabled"]);
  return available === null && enabled === null ? null : { available, enabled };
}

function readMessages(value: unknown): readonly SmartMessage[] {
  return listOf(value, messagesMax).flatMap((entry) => {
    const text = textOf(memberOf(entry, "string"));
    return text === null ? [] : [{ severity: textOf(memberOf(entry, "severity")), text }];
  });
}

function isAsleep(drive: JsonObject, messages: readonly SmartMessage[]): boolean {
  if (messages.some(({ text }) => saysStandby(text))) return true;
  // Since 7.4 the mode has a field of its own; a drive that answers in full is awake.
  const mode = textOf(memberOf(drive, "power_mode", "string"));
  return mode !== null && /^(?:STANDBY|SLEEP)/i.test(mode) && drive["smart_status"] === undefined;
}

function readVersion(value: unknown): string | null {
  const [major, minor] = listOf(value, 2);
  return numberOf(major) === null || numberOf(minor) === null ? null : `${major}.${minor}`;
}

/** In a text that is no JSON: the version where it stands as JSON or as the first line has it. */
export function findVersion(text: string): string | null {
  const head = text.slice(0, 16 * 1024);
  const json = /"version"\s{0,64}:\s{0,64}\[\s{0,64}(\d{1,3}),\s{0,64}(\d{1,3})/.exec(head);
  if (json !== null) return `${json[1]}.${json[2]}`;
  return /^smartctl (?:version )?(\d{1,3}\.\d{1,3})/m.exec(head)?.[1] ?? null;
}

/** smartctl prints a few; a text with thousands is not its own. */
const messagesMax = 16;
