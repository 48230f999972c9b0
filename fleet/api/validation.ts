import { ApiError } from "./problems.ts";

/** What the schema checker says of one place; typebox and ajv agree on this much. */
export interface ShapeFault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Names the first wrong field and what is expected there. `part`: querystring, params, body. */
export function describeFaults(faults: readonly ShapeFault[], part: string): ApiError {
  const where = part === "querystring" ? "query" : part === "params" ? "address" : part;
  const unknown = faults.find((fault) => fault.keyword === "additionalProperties");
  const names = unknown?.params?.["additionalProperties"];
  if (unknown !== undefined && Array.isArray(names)) {
    const list = names.map((name) => `"${String(name).slice(0, 60)}"`).join(", ");
    return new ApiError("invalid-request", `${where}: ${list} is not known here`, {
      hint: "leave it out, or look for its right name in /api/v1/openapi.json",
    });
  }
  const first = faults[0];
  if (first === undefined) return new ApiError("invalid-request", `${where}: not understood`);
  const missing = first.params?.["requiredProperties"] ?? first.params?.["missingProperty"];
  if (first.keyword === "required") {
    const list = (Array.isArray(missing) ? missing : [missing]).map((name) => `"${name}"`);
    return new ApiError("invalid-request", `${where}: ${list.join(", ")} is missing`);
  }
  const field = first.instancePath.replace(/^\//, "").replaceAll("/", ".");
  const place = field === "" ? where : `${where} "${field}"`;
  return new ApiError("invalid-request", `${place}: ${expectation(faults, first)}`);
}

/** A choice of fixed words fails once for each word: say them together. */
function expectation(faults: readonly ShapeFault[], first: ShapeFault): string {
  const words = faults
    .filter((fault) => fault.keyword === "const" && fault.instancePath === first.instancePath)
    .map((fault) => String(fault.params?.["allowedValue"]));
  const choice = first.params?.["allowedValues"];
  if (Array.isArray(choice)) return `must be one of ${choice.join(", ")}`;
  if (words.length > 0) return `must be one of ${words.join(", ")}`;
  return first.message ?? "is not what is expected there";
}
