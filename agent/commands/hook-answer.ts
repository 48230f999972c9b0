import type { Workload } from "#proto/messages/orders.ts";
import { isRecord } from "#proto/vocabulary/plain-record.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { wireLimits } from "#proto/vocabulary/wire-limits.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";

const states = ["running", "stopping", "migrating", "stopped", "stuck"] as const;

/**
 * What a hook printed for `list`: `{"workloads":[{"name":"guest-7","state":"running","detail":""}]}`.
 * Strict: an answer that is not of this form proves nothing, so it is a problem as a whole.
 */
export function parseHookList(text: string): Result<readonly Workload[], string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail("printed what is not JSON");
  }
  const listed = isRecord(value) ? value["workloads"] : undefined;
  if (!Array.isArray(listed)) return fail('printed no {"workloads": [...]}');
  if (listed.length > wireLimits.workloadsPerHostMax) {
    return fail(`listed more than ${wireLimits.workloadsPerHostMax} workloads`);
  }
  const names = new Set<string>();
  const workloads: Workload[] = [];
  for (const entry of listed as readonly unknown[]) {
    if (!isRecord(entry)) return fail("listed a workload that is no object");
    const { name, state, detail = "" } = entry;
    if (typeof name !== "string" || name.trim() === "") return fail("listed one without a name");
    if (names.has(name)) return fail(`listed ${cleanText(name).slice(0, 60)} twice`);
    const known = states.find((word) => word === state);
    if (known === undefined) {
      return fail(
        `gave ${cleanText(name).slice(0, 60)} a state that is none of ${states.join(", ")}`,
      );
    }
    names.add(name);
    workloads.push({ name, state: known, detail: typeof detail === "string" ? detail : "" });
  }
  return ok(workloads);
}
