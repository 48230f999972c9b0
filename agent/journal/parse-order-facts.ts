import type { OrderAction } from "#proto/messages/orders.ts";
import type { Brand } from "#proto/vocabulary/brand.ts";
import { type BootId, type HostId, type OperationId, parseUuid } from "#proto/vocabulary/ids.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { JournalError } from "./journal-error.ts";
import {
  type EvacuationFacts,
  type OrderEntry,
  type OrderFacts,
  ordersKept,
} from "./order-journal.ts";

const actions: readonly OrderAction["kind"][] = [
  "fence",
  "evacuate",
  "halt-evacuation",
  "prove-empty",
  "release",
  "reboot",
];
const evacuationStates = ["running", "halted", "ended", "failed"] as const;
const orderStates = ["received", "started", "done"] as const;

/** The text of an order journal → its facts. Throws JournalError, which names the file and what to do. */
export function parseOrderFacts(text: string, path: string): OrderFacts {
  const malformed = (what: string): never => {
    const message = `${path} is damaged (${what}): restore it, or move it away once you know what this host was ordered`;
    throw new JournalError("JOURNAL_MALFORMED", message);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return malformed("it is not JSON");
  }
  if (!isRecord(value)) return malformed("it is not a JSON object");
  const { format, generation, epoch, term, fence, evacuation, orders } = value;
  if (typeof format === "number" && format > 1) {
    const message = `${path} has format ${format}, this agent knows format 1: install the newer agent again`;
    throw new JournalError("JOURNAL_NEWER", message);
  }
  const hostId = uuid<HostId>(value["hostId"]);
  if (format !== 1 || hostId === undefined) return malformed("it names no format or no host");
  if (!isCount(generation) || !isCount(epoch) || !isCount(term)) return malformed("a number");
  const fenced = fence === null ? null : parseFence(fence);
  const evacuating = evacuation === null ? null : parseEvacuation(evacuation);
  if (fenced === undefined || evacuating === undefined) return malformed("the fence");
  if (!Array.isArray(orders) || orders.length > ordersKept) return malformed("the orders");
  const entries = orders.map(parseEntry);
  const whole = entries.filter((entry) => entry !== undefined);
  if (whole.length !== entries.length) return malformed("an order");
  return {
    format: 1,
    hostId,
    generation,
    epoch,
    term,
    fence: fenced,
    evacuation: evacuating,
    orders: whole,
  };
}

function parseFence(value: unknown): OrderFacts["fence"] | undefined {
  if (!isRecord(value)) return undefined;
  const operationId = uuid<OperationId>(value["operationId"]);
  const { epoch, sinceMs } = value;
  if (operationId === undefined || !isCount(epoch)) return undefined;
  if (sinceMs === undefined) return { operationId, epoch };
  return isTime(sinceMs) ? { operationId, epoch, sinceMs: unixMs(sinceMs) } : undefined;
}

function parseEvacuation(value: unknown): EvacuationFacts | undefined {
  if (!isRecord(value)) return undefined;
  const { epoch, deadlineMs, graceMs, force, state, workloads } = value;
  const operationId = uuid<OperationId>(value["operationId"]);
  const known = evacuationStates.find((word) => word === state);
  if (operationId === undefined || known === undefined || typeof force !== "boolean") return;
  if (!isCount(epoch) || !isCount(graceMs) || !isTime(deadlineMs)) return undefined;
  if (!Array.isArray(workloads) || workloads.length > wireLimits.workloadsPerHostMax) return;
  const names = workloads.filter((name) => typeof name === "string");
  if (names.length !== workloads.length) return undefined;
  const until: UnixMs = unixMs(deadlineMs);
  return { operationId, epoch, deadlineMs: until, graceMs, force, state: known, workloads: names };
}

function parseEntry(value: unknown): OrderEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { commandId, key, epoch, answer } = value;
  const bootId = uuid<BootId>(value["bootId"]);
  const action = actions.find((word) => word === value["action"]);
  const state = orderStates.find((word) => word === value["state"]);
  if (typeof commandId !== "string" || typeof key !== "string") return undefined;
  if (bootId === undefined || action === undefined || state === undefined || !isCount(epoch)) {
    return undefined;
  }
  const given = answer === null ? null : parseAnswer(answer);
  if (given === undefined || (state === "done") !== (given !== null)) return undefined;
  return { commandId, key, action, epoch, bootId, state, answer: given };
}

function parseAnswer(value: unknown): OrderEntry["answer"] | undefined {
  if (!isRecord(value)) return undefined;
  const { result, detail } = value;
  if ((result !== "done" && result !== "failed") || typeof detail !== "string") return undefined;
  return { result, detail };
}

function uuid<Id extends Brand<string, string>>(value: unknown): Id | undefined {
  const parsed = typeof value === "string" ? parseUuid<Id>(value) : null;
  return parsed?.ok === true ? parsed.value : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isTime(value: unknown): value is number {
  return (
    typeof value === "number" &&
    Number.isSafeInteger(value) &&
    Math.abs(value) <= wireLimits.unixMsMax
  );
}
