import { Scrubber } from "#proto/scrub/scrubber.ts";
import type { Random } from "#proto/vocabulary/random.ts";
import type { ProtocolOutcome } from "./probe-report.ts";
import type { RedfishAnswer } from "./redfish/redfish-facts.ts";
import { isObject } from "./redfish/resource.ts";
import { findLeaks } from "./scrub/find-leaks.ts";
import { learnIpmi, scrubIpmi } from "./scrub/scrub-ipmi.ts";
import { learnRedfish, scrubRedfish } from "./scrub/scrub-redfish.ts";
import type { IpmiExchange } from "./transcript.ts";

export const recordingFormat = "wws-bmc-probe/1";
export const recordingFiles = ["probe.json", "ipmi.json", "redfish.json"] as const;

export interface ProbeRecording {
  readonly probedAtMs: number;
  readonly suiteUsed: number | null;
  /** null: not asked, or nothing came. */
  readonly exchanges: readonly IpmiExchange[] | null;
  readonly answers: readonly RedfishAnswer[] | null;
  readonly ipmiOutcome: ProtocolOutcome;
  readonly redfishOutcome: ProtocolOutcome;
}

/** A file is no recording of ours. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** A private fact is still in the recording: it must not leave the machine. */
export class LeakError extends Error {
  override readonly name = "LeakError";
}

/**
 * The files of a recording. Serials, tags, addresses and names are replaced, each always by the same
 * other; password, user and the controller's address are not in it at all. Throws LeakError where a
 * scan of the finished texts finds any of them.
 */
export function writeRecording(
  recording: ProbeRecording,
  { secrets, random }: { readonly secrets: readonly string[]; readonly random: Random },
): ReadonlyMap<string, string> {
  const scrubber = new Scrubber(random);
  const [password = "", user = "", address = ""] = secrets;
  if (/^[0-9.]+$/.test(address)) scrubber.learn("ipv4", address);
  else if (address.includes(":")) scrubber.learn("ipv6", address);
  else if (address !== "localhost") scrubber.learn("hostname", address);
  const { exchanges, answers } = recording;
  if (exchanges !== null) learnIpmi(exchanges, scrubber);
  if (answers !== null) learnRedfish(answers, scrubber);
  const files = new Map<string, string>();
  files.set(
    "probe.json",
    json({
      format: recordingFormat,
      probedAtMs: recording.probedAtMs,
      suiteUsed: recording.suiteUsed,
      ipmi: outcomeWithoutNames(recording.ipmiOutcome),
      redfish: outcomeWithoutNames(recording.redfishOutcome),
    }),
  );
  if (exchanges !== null)
    files.set("ipmi.json", lines("exchanges", scrubIpmi(exchanges, scrubber)));
  if (answers !== null)
    files.set("redfish.json", lines("answers", scrubRedfish(answers, scrubber)));
  const leaks = findLeaks(files, scrubber, { password, user });
  if (leaks.length > 0)
    throw new LeakError(`the recording was not written: ${leaks.slice(0, 3).join("; ")}`);
  return files;
}

/** Throws RecordingError, which names the file and what is wrong with it. */
export function parseRecording(files: ReadonlyMap<string, string>): ProbeRecording {
  const head = parseFile(files, "probe.json");
  if (head === null) throw new RecordingError("there is no probe.json");
  if (head["format"] !== recordingFormat)
    throw new RecordingError(`probe.json: the format is not ${recordingFormat}`);
  const probedAtMs = head["probedAtMs"];
  if (typeof probedAtMs !== "number" || !Number.isFinite(probedAtMs))
    throw new RecordingError("probe.json: probedAtMs is no number");
  const suiteUsed = head["suiteUsed"];
  const ipmi = parseFile(files, "ipmi.json");
  const redfish = parseFile(files, "redfish.json");
  return {
    probedAtMs,
    suiteUsed: isByte(suiteUsed) ? suiteUsed : null,
    exchanges: ipmi === null ? null : listOf(ipmi, "exchanges", "ipmi.json").map(toExchange),
    answers: redfish === null ? null : listOf(redfish, "answers", "redfish.json").map(toAnswer),
    ipmiOutcome: toOutcome(head["ipmi"]),
    redfishOutcome: toOutcome(head["redfish"]),
  };
}

function parseFile(
  files: ReadonlyMap<string, string>,
  name: string,
): Readonly<Record<string, unknown>> | null {
  const text = files.get(name);
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RecordingError(`${name} is not JSON`, { cause: error });
  }
  if (!isObject(value)) throw new RecordingError(`${name} is no JSON object`);
  return value;
}

function listOf(
  value: Readonly<Record<string, unknown>>,
  key: string,
  name: string,
): readonly unknown[] {
  const list = value[key];
  if (!Array.isArray(list)) throw new RecordingError(`${name}: ${key} is no list`);
  return list;
}

function toExchange(value: unknown, index: number): IpmiExchange {
  if (isObject(value)) {
    const { netFn, lun, command, data, code, answer } = value;
    if (
      isByte(netFn) &&
      isByte(lun) &&
      isByte(command) &&
      isByte(code) &&
      isHex(data) &&
      isHex(answer)
    )
      return { netFn, lun, command, data, code, answer };
  }
  throw new RecordingError(`ipmi.json: exchange ${index + 1} is not of its form`);
}

function toAnswer(value: unknown, index: number): RedfishAnswer {
  if (isObject(value) && typeof value["path"] === "string") {
    const status = value["status"];
    return {
      path: value["path"],
      status: isStatus(status) ? status : null,
      body: value["body"],
    };
  }
  throw new RecordingError(`redfish.json: answer ${index + 1} is not of its form`);
}

function toOutcome(value: unknown): ProtocolOutcome {
  if (!isObject(value)) return { outcome: "not-asked" };
  const { outcome, detail } = value;
  const text = typeof detail === "string" ? detail : "";
  switch (outcome) {
    case "ok":
    case "unreachable":
    case "unauthorised":
    case "refused":
    case "failed":
      return { outcome, detail: text };
    default:
      return { outcome: "not-asked" };
  }
}

/** What went wrong is told in words that may hold the address: only the kind is kept. */
function outcomeWithoutNames(outcome: ProtocolOutcome): ProtocolOutcome {
  if (outcome.outcome === "not-asked") return outcome;
  if (outcome.outcome === "ok")
    return { outcome: "ok", detail: outcome.detail.replace(/;.*$/s, "") };
  return { outcome: outcome.outcome, detail: "as recorded" };
}

function isHex(value: unknown): value is string {
  return typeof value === "string" && /^(?:[0-9a-f]{2})*$/.test(value);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** One entry a line: short, and still to be read and compared. */
function lines(key: string, entries: readonly unknown[]): string {
  const body = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
  return `{\n  "${key}": [\n${body}\n  ]\n}\n`;
}

/** What IPMI says in one byte. */
function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xff;
}

/** Of HTTP: three digits. */
function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 100 && value <= 999;
}
