import type { EvacuationAsk, OrderName } from "#agent/commands/host-control.ts";
import { type HostId, type OperationId, parseUuid } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { handsLimits } from "./hands-limits.ts";

/** What the agent without rights may ask root's acting helper: a closed list. */
export type HandsQuestion =
  /** What the hooks know of. Units anybody can see. */
  { readonly kind: "look" } | HandsOrder;

/** Named with whose orders these are, and the operation's fencing number. */
export type HandsOrder = OrderName &
  Whose &
  (
    | { readonly kind: "fence" | "hold-fence" | "halt" }
    | ({ readonly kind: "evacuate" } & Omit<EvacuationAsk, keyof OrderName>)
    | { readonly kind: "release"; readonly restart: readonly string[] }
    | { readonly kind: "reboot"; readonly graceMs: number }
  );

/** The identity of the host in its fleet; epochs count within it. */
export interface Whose {
  readonly hostId: HostId;
  readonly generation: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** A question as it came, checked field by field; what does not belong there is refused. */
export function parseHandsQuestion(value: unknown): Result<HandsQuestion, string> {
  if (!isRecord(value)) return fail("a question is an object");
  const { kind } = value;
  switch (kind) {
    case "look":
      return only(value, [], { kind });
    case "fence":
    case "hold-fence":
    case "halt":
      return named(value, [], () => ok({ kind }));
    case "evacuate":
      return named(value, ["deadlineMs", "graceMs", "isHard", "workloads"], () => {
        const { deadlineMs, graceMs, isHard, workloads } = value;
        if (!isCount(deadlineMs)) return fail("deadlineMs is a time");
        if (!isGrace(graceMs)) return fail(graceForm);
        if (typeof isHard !== "boolean") return fail("isHard is true or false");
        if (!isNames(workloads)) return fail(`workloads ${namesForm}`);
        return ok({ kind, deadlineMs: unixMs(deadlineMs), graceMs, isHard, workloads });
      });
    case "release":
      return named(value, ["restart"], () => {
        const { restart } = value;
        return isNames(restart) ? ok({ kind, restart }) : fail(`restart ${namesForm}`);
      });
    case "reboot":
      return named(value, ["graceMs"], () => {
        const { graceMs } = value;
        return isGrace(graceMs) ? ok({ kind, graceMs }) : fail(graceForm);
      });
    default:
      return fail("no such kind of question");
  }
}

const graceForm = `graceMs is a whole number up to ${handsLimits.graceMsMax}`;
const namesForm = `is a list of up to ${wireLimits.workloadsPerHostMax} names`;

function named<Own extends object>(
  fields: Fields,
  own: readonly string[],
  read: () => Result<Own, string>,
): Result<Own & OrderName & Whose, string> {
  const { operationId, epoch, hostId, generation } = fields;
  const operation = parseUuid<OperationId>(String(operationId));
  const host = parseUuid<HostId>(String(hostId));
  if (!operation.ok) return fail("operationId is a UUID");
  if (!host.ok) return fail("hostId is a UUID");
  if (!isCount(epoch)) return fail("epoch is a whole number");
  if (!isCount(generation)) return fail("generation is a whole number");
  const rest = read();
  if (!rest.ok) return rest;
  const name = { operationId: operation.value, epoch, hostId: host.value, generation };
  return only(fields, ["operationId", "epoch", "hostId", "generation", ...own], {
    ...rest.value,
    ...name,
  });
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isGrace(value: unknown): value is number {
  return isCount(value) && value <= handsLimits.graceMsMax;
}

function isNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.length <= wireLimits.workloadsPerHostMax && value.every(isName)
  );
}

function isName(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value !== "" &&
    value.length <= handsLimits.workloadNameCharactersMax
  );
}

function only<Question>(
  fields: Fields,
  known: readonly string[],
  question: Question,
): Result<Question, string> {
  const strange = Object.keys(fields).find((key) => key !== "kind" && !known.includes(key));
  return strange === undefined ? ok(question) : fail("a field that does not belong there");
}
