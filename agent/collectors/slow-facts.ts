import type {
  HardwareSource,
  SystemInformationCall,
  ToolProblem,
} from "#agent/hardware/hardware-source.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";

/** Answers of systeminformation by call; null where it gave none. */
export type SlowFacts = Readonly<
  Record<AskedCall, Readonly<Record<string, unknown>> | readonly unknown[] | null>
>;
export type AskedCall = Extract<
  SystemInformationCall,
  "system" | "baseboard" | "bios" | "chassis" | "memLayout" | "osInfo"
>;

const askedCalls: readonly AskedCall[] = [
  "system",
  "baseboard",
  "bios",
  "chassis",
  "memLayout",
  "osInfo",
];

export interface SlowAnswers {
  readonly facts: SlowFacts;
  readonly problems: readonly ToolProblem[];
}

/** Asks one after the other: each is a child process, and nothing here is in a hurry. */
export async function askSlowFacts(source: HardwareSource): Promise<SlowAnswers> {
  const facts: Record<AskedCall, Readonly<Record<string, unknown>> | readonly unknown[] | null> = {
    ...noFacts,
  };
  const problems: ToolProblem[] = [];
  for (const call of askedCalls) {
    const answer = await source.askSystemInformation(call);
    if (!answer.ok) problems.push(answer.problem);
    else if (Array.isArray(answer.value)) facts[call] = answer.value;
    else if (isRecord(answer.value)) facts[call] = answer.value;
  }
  return { facts, problems };
}

/** A text of an answer without what the library puts where it knows nothing; "" for none. */
export function slowText(facts: SlowFacts, call: AskedCall, key: string): string {
  const answer = facts[call];
  if (!isRecord(answer)) return "";
  return meaningful(answer[key]);
}

export function meaningful(value: unknown): string {
  if (typeof value !== "string") return "";
  const text = value.trim();
  return fillers.has(text.toLowerCase()) ? "" : text;
}

export const noFacts: SlowFacts = {
  system: null,
  baseboard: null,
  bios: null,
  chassis: null,
  memLayout: null,
  osInfo: null,
};

/** What the library says for nothing; the container's name is no product of anyone's. */
const fillers: ReadonlySet<string> = new Set(["", "-", "unknown", "docker container", "computer"]);

/** A size, a clock, a width of JSON; null for text, a fraction, 0 and what no double holds exactly. */
export function positiveWhole(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}
