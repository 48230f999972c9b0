import type { LifeRefusal } from "#fleet/lifecycle/lifecycle.ts";
import type { Why, WhyCode } from "#fleet/lifecycle/why.ts";
import type { TenancyRefusal } from "#fleet/tenancy/tenancy-desk.ts";
import type { Result } from "#proto/vocabulary/result.ts";
import { ApiError, type ProblemCode } from "./problems.ts";

/** What a reason is as a problem: its status is what scripts go by. */
const problemOf: { readonly [Code in WhyCode]: ProblemCode } = {
  phase: "phase-refused",
  operation: "operation-running",
  hold: "held",
  lease: "leased",
  notice: "leased",
  capacity: "over-budget",
  budget: "over-budget",
  starts: "over-budget",
  approval: "approval-needed",
  "watched-only": "watched-only",
  plan: "plan-changed",
  moved: "plan-changed",
  stale: "plan-changed",
  term: "not-leading",
  window: "not-now",
  link: "not-now",
  "domain-event": "not-now",
  freeze: "not-now",
  grace: "not-now",
  "safe-mode": "not-now",
  deadline: "not-now",
  stalled: "not-now",
  agent: "not-now",
  proof: "not-now",
  bmc: "not-now",
  data: "not-now",
};

/** Every refusal that a route over the lifecycle may give. */
export const lifeProblems = [
  ...new Set<ProblemCode>([...Object.values(problemOf), "revision-moved"]),
] as const;

/** The value, or the refusal thrown as an ApiError. `unknown` says what is not there. */
export function requireDone<Value>(
  result: Result<Value, LifeRefusal>,
  unknown: ProblemCode,
): Value {
  if (result.ok) return result.value;
  const { problem } = result;
  switch (problem.kind) {
    case "unknown":
      throw new ApiError(unknown, problem.what);
    case "conflict":
      throw new ApiError("revision-moved", problem.words);
    case "refused":
      throw refusedBecause(problem.why);
  }
}

/** The first reason decides what kind of refusal it is; its exit is the hint. */
export function refusedBecause(why: readonly Why[]): ApiError {
  const [first] = why;
  if (first === undefined) return new ApiError("not-now", "it was refused without a reason");
  const exit = exitOf(first);
  return new ApiError(problemOf[first.code], first.words, {
    ...(exit === null ? {} : { hint: exit }),
    why,
  });
}

/** Who can end it, and how; null: nobody said. */
export function exitOf({ who, command }: Pick<Why, "who" | "command">): string | null {
  // "ann, or another operator, can": the comma that opened is closed.
  const whoCan = `${who}${who.includes(",") ? "," : ""} can`;
  if (command !== null) return who === "" ? command : `${whoCan}: ${command}`;
  if (who === "nobody") return "nobody can change that";
  return who === "" || who === "who asks" ? null : `${whoCan} end it`;
}

export function requireTenancy<Value>(result: Result<Value, TenancyRefusal>): Value {
  if (result.ok) return result.value;
  const { problem } = result;
  switch (problem.kind) {
    case "unknown":
      throw new ApiError(`${problem.what}-unknown`, `there is no ${problem.what} "${problem.id}"`);
    case "name-taken":
      throw new ApiError("name-taken", `another tenant is called "${problem.name}"`);
    case "not-schedulable":
      throw new ApiError("not-schedulable", problem.words.join("; "));
    case "lease-taken":
      throw new ApiError("leased", `the lease ${problem.by} has the host already`);
    case "moved":
      throw new ApiError("revision-moved", "the host's leases were changed at the same time");
  }
}
