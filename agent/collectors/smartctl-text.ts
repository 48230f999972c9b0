import { type AttributeFacts, attributesMax, readAttributes } from "./smart-attributes.ts";
import {
  decodeExit,
  type ImplausibleNumber,
  type SmartFacts,
  type SmartMessage,
  saysStandby,
  unknownSmartFacts,
} from "./smart-facts.ts";
import { textOf } from "./smart-json.ts";
import { plausible, plausibleNumbers } from "./smart-plausible.ts";
import {
  parseAttributeRow,
  parseGrouped,
  parseHealth,
  parseSelfTestRow,
  readUncorrectedRows,
} from "./smartctl-text-rows.ts";
import { parseWwn } from "./smartctl-wwn.ts";

/**
 * Drives as smartctl's text output tells them, of any version since 5: for recordings, and for
 * hosts whose smartctl is older than its JSON. Several outputs in one text are several drives. The
 * text is made for people, so only lines that it is known to print are believed.
 */
export function parseSmartctlText(
  text: string,
  exitCode: number | null = null,
): readonly SmartFacts[] {
  return splitDrives(text).map((drive) => readDrive(drive, exitCode));
}

interface DriveText {
  readonly name: string | null;
  readonly type: string | null;
  readonly version: string;
  readonly lines: readonly string[];
}

/** Each drive begins with smartctl's own first line; "####/dev/sda1 megaraid,9" before it names it. */
function splitDrives(text: string): readonly DriveText[] {
  const drives: (Omit<DriveText, "lines"> & { lines: string[] })[] = [];
  let heading: { name: string; type: string | null } | null = null;
  for (const line of text.split(/\r?\n/, linesMax)) {
    const begin = /^smartctl (?:version )?(\d{1,3}\.\d{1,3})\b/.exec(line);
    const named = /^#{2,8}(\/dev\/\S{1,100})(?:[ \t]+(\S{1,60}))?[ \t]*$/.exec(line);
    if (named?.[1] !== undefined) heading = { name: named[1], type: named[2] ?? null };
    if (begin?.[1] !== undefined && drives.length < drivesMax) {
      const { name, type } = heading ?? { name: null, type: null };
      drives.push({ name, type, version: begin[1], lines: [] });
      heading = null;
    } else if (heading === null) {
      const lines = drives.at(-1)?.lines;
      if (lines !== undefined && lines.length < linesPerDriveMax)
        lines.push(line.slice(0, lineCharactersMax));
    }
  }
  return drives;
}

function readDrive({ name, type, version, lines }: DriveText, exitCode: number | null): SmartFacts {
  const { within, implausible } = plausibleNumbers();
  const values = readValues(lines);
  const of = (...keys: readonly string[]): string | null => {
    for (const key of keys) {
      const value = values.get(key);
      if (value !== undefined) return value;
    }
    return null;
  };
  const count = (...keys: readonly string[]): number | null =>
    within(keys[0] ?? "", parseGrouped(of(...keys) ?? ""), plausible.count);
  const old = findOldDevice(lines);
  const vendor = of("vendor");
  const product = of("product");
  const model =
    of("device model", "model number") ??
    (product === null ? old.model : textOf(`${vendor ?? ""} ${product}`));
  const family = of("model family");
  const { attributes, messages, selfTest, uncorrected } = readTables(lines, {
    model,
    family,
    implausible,
  });
  const percentUsed = percentOf(of("percentage used", "percentage used endurance indicator"));
  const spare = within("spare", percentOf(of("available spare")), plausible.percent);
  return {
    ...unknownSmartFacts,
    tool: { version },
    device: { name, type, protocol: protocolOf(values) },
    family,
    vendor,
    model,
    serial: of("serial number"),
    wwn: parseWwn(of("lu wwn device id", "logical unit id", "namespace 1 ieee eui-64") ?? ""),
    firmware: of("firmware version", "revision") ?? old.firmware,
    capacityBytes: within(
      "capacity",
      parseGrouped(of("user capacity", "total nvm capacity", "namespace 1 size/capacity") ?? ""),
      plausible.bytes,
    ),
    rotationRpm: readRotation(of("rotation rate"), within),
    smartSupport: readSupport(lines),
    exit: decodeExit(exitCode),
    messages,
    standby: messages.some((message) => saysStandby(message.text)),
    passed: parseHealth(
      of("smart overall-health self-assessment test result", "smart health status") ?? "",
    ),
    powerOnHours:
      within("power on hours", parseGrouped(of("power on hours") ?? ""), plausible.hours) ??
      within("attribute 9", attributes.hours, plausible.hours) ??
      within(
        "power on time",
        parseGrouped(
          of("accumulated power on time, hours:minutes", "number of hours powered up") ?? "",
        ),
        plausible.hours,
      ),
    temperatureCelsius:
      within(
        "temperature",
        celsiusOf(of("current drive temperature", "temperature")),
        plausible.celsius,
      ) ?? within("temperature", attributes.temperature, plausible.celsius),
    spare: spare ?? attributes.spare,
    spareThreshold:
      within("spare threshold", percentOf(of("available spare threshold")), plausible.percent) ??
      attributes.spareThreshold,
    percentageUsed:
      within("percentage used", percentUsed, plausible.percentUsed) ?? attributes.percentageUsed,
    wearSource:
      percentUsed === null ? attributes.wearSource : values.has("vendor") ? "scsi" : "nvme",
    criticalWarning: within("critical warning", hexOf(of("critical warning")), plausible.byte),
    mediaErrors: count("media and data integrity errors"),
    errorLogCount: count("error information log entries", "ata error count"),
    unsafeShutdowns: count("unsafe shutdowns") ?? attributes.unsafeShutdowns,
    grownDefects: count("elements in grown defect list"),
    uncorrectedErrors: uncorrected,
    reallocated: attributes.reallocated,
    reallocatedEvents: attributes.reallocatedEvents,
    pending: attributes.pending,
    offlineUncorrectable: attributes.offlineUncorrectable,
    reportedUncorrectable: attributes.reportedUncorrectable,
    commandTimeout: attributes.commandTimeout,
    crc: attributes.crc,
    endToEnd: attributes.endToEnd,
    selfTest,
    attributesFailingNow: attributes.attributesFailingNow,
    implausible,
  };
}

/** "Key:   value", by lower-case key, the first of each. */
function readValues(lines: readonly string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of lines) {
    const colon = /^accumulated power on time, /i.test(line)
      ? line.indexOf("minutes") + "minutes".length
      : line.indexOf(":");
    if (colon <= 0 || colon > 60 || /^[\s#]/.test(line)) continue;
    const end = line[colon] === ":" || line[colon] === " " ? colon : -1;
    const key = line.slice(0, end).trim().toLowerCase();
    const value = textOf(line.slice(end + 1));
    if (end > 0 && value !== null && !values.has(key)) values.set(key, value);
  }
  return values;
}

interface Tables {
  readonly attributes: AttributeFacts;
  readonly messages: readonly SmartMessage[];
  readonly selfTest: SmartFacts["selfTest"];
  readonly uncorrected: number | null;
}

function readTables(
  lines: readonly string[],
  {
    model,
    family,
    implausible,
  }: {
    readonly model: string | null;
    readonly family: string | null;
    readonly implausible: ImplausibleNumber[];
  },
): Tables {
  const rows = lines.flatMap((line) => parseAttributeRow(line) ?? []).slice(0, attributesMax);
  const tests = lines.flatMap((line) => parseSelfTestRow(line) ?? []);
  return {
    attributes: readAttributes(rows, { model, family }, implausible),
    messages: lines
      .filter((line) => messageForm.test(line) && !/^SMART (?:overall|Health)/i.test(line))
      .slice(0, messagesMax)
      .flatMap((line) => {
        const text = textOf(line);
        return text === null ? [] : [{ severity: null, text }];
      }),
    selfTest: tests[0] ?? null,
    uncorrected: readUncorrectedRows(lines),
  };
}

/** Before 5.40: "Device: ServeRA  Drive 1          Version: V1.0". */
function findOldDevice(lines: readonly string[]): {
  readonly model: string | null;
  readonly firmware: string | null;
} {
  for (const line of lines) {
    if (!line.startsWith("Device: ")) continue;
    const at = line.indexOf("Version:");
    if (at < 0) continue;
    return { model: textOf(line.slice(8, at)), firmware: textOf(line.slice(at + 8)) };
  }
  return { model: null, firmware: null };
}

function readSupport(lines: readonly string[]): SmartFacts["smartSupport"] {
  const said = lines
    .filter((line) => /^SMART support is:/i.test(line))
    .map((line) => line.slice(17));
  if (said.length === 0) return null;
  const has = (form: RegExp): boolean => said.some((text) => form.test(text));
  const available = has(/unavailable/i) ? false : has(/available|enabled|disabled/i) ? true : null;
  const enabled = has(/\bdisabled/i) ? false : has(/\benabled/i) ? true : null;
  return available === null && enabled === null ? null : { available, enabled };
}

function protocolOf(values: ReadonlyMap<string, string>): string | null {
  if (values.has("ata version is")) return "ATA";
  if (values.has("nvme version") || values.has("critical warning")) return "NVMe";
  return values.has("transport protocol") || values.has("vendor") ? "SCSI" : null;
}

function readRotation(
  text: string | null,
  within: ReturnType<typeof plausibleNumbers>["within"],
): number | null {
  if (text === null) return null;
  if (/solid state/i.test(text)) return 0;
  return /rpm/i.test(text) ? within("rotation", parseGrouped(text), plausible.rotation) : null;
}

function percentOf(text: string | null): number | null {
  const digits = /^(\d{1,3})%/.exec(text ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}

/** "27 Celsius", "31 C"; a drive without a sensor says 0 C, or "<not available>". */
function celsiusOf(text: string | null): number | null {
  const digits = /^(-?\d{1,4}) ?C/.exec(text ?? "")?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

function hexOf(text: string | null): number | null {
  const digits = /^0x([0-9a-f]{1,4})\b/i.exec(text ?? "")?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 16);
}

const messageForm =
  /^>> |mandatory SMART command failed|^(?:Smartctl open device|Read .{0,60}failed)|Unable to detect|Unknown USB bridge|please try (?:adding )?|Permission denied|No such device|^Device is in \w/i;

const drivesMax = 256;
const linesMax = 100_000;
const linesPerDriveMax = 10_000;
const lineCharactersMax = 512;
const messagesMax = 16;
