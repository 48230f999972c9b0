import {
  type LookingTool,
  lookingTools,
  type SystemInformationCall,
  systemInformationCalls,
} from "#agent/hardware/hardware-source.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { lookerLimits } from "./looker-limits.ts";

/** What the network part may ask the looker. */
export type Question =
  | {
      readonly kind: "run";
      readonly tool: LookingTool;
      readonly args: readonly string[];
      readonly timeoutMs: number;
    }
  | { readonly kind: "ask"; readonly call: SystemInformationCall }
  | { readonly kind: "read" | "list" | "link"; readonly path: string }
  /** Makes an energy counter readable for the looker's group: see open-energy.ts. */
  | { readonly kind: "open-energy"; readonly path: string };

/** A question as it came, checked field by field; what does not belong there is refused. */
export function parseQuestion(value: unknown): Result<Question, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fail("a question is an object");
  const fields = value as Readonly<Record<string, unknown>>;
  switch (fields["kind"]) {
    case "run":
      return parseRun(fields);
    case "ask": {
      const call = systemInformationCalls.find((name) => name === fields["call"]);
      return call === undefined
        ? fail("call is not one of the allowed")
        : only(fields, ["call"], { kind: "ask", call });
    }
    case "read":
    case "list":
    case "link":
    case "open-energy": {
      const { kind, path } = fields as { readonly kind: "read"; readonly path: unknown };
      return isPlainPath(path)
        ? only(fields, ["path"], { kind, path })
        : fail("path must be absolute, without . and .., and short");
    }
    default:
      return fail("no such kind of question");
  }
}

/** Absolute, each part a name: nothing that the kernel would resolve to somewhere else by itself. */
export function isPlainPath(path: unknown): path is string {
  return (
    typeof path === "string" &&
    path.length <= lookerLimits.pathCharactersMax &&
    /^(?:\/[^/\0]+)+$/.test(path) &&
    !/\/\.{1,2}(?:\/|$)/.test(path)
  );
}

function parseRun(fields: Readonly<Record<string, unknown>>): Result<Question, string> {
  const { args, timeoutMs } = fields;
  const tool = lookingTools.find((name) => name === fields["tool"]);
  if (tool === undefined) return fail("tool is not one of the allowed");
  if (!Array.isArray(args) || args.length > lookerLimits.argumentsMax || !args.every(isArgument))
    return fail("args must be a short list of short texts");
  if (
    typeof timeoutMs !== "number" ||
    !Number.isSafeInteger(timeoutMs) ||
    timeoutMs < 1 ||
    timeoutMs > lookerLimits.toolTimeoutMsMax
  )
    return fail(`timeoutMs is a whole number up to ${lookerLimits.toolTimeoutMsMax}`);
  return only(fields, ["tool", "args", "timeoutMs"], { kind: "run", tool, args, timeoutMs });
}

function isArgument(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length > 0 &&
    value.length <= lookerLimits.argumentCharactersMax &&
    /^[\x20-\x7e]+$/.test(value)
  );
}

function only(
  fields: Readonly<Record<string, unknown>>,
  known: readonly string[],
  question: Question,
): Result<Question, string> {
  const strange = Object.keys(fields).find((key) => key !== "kind" && !known.includes(key));
  return strange === undefined ? ok(question) : fail("a field that does not belong there");
}
