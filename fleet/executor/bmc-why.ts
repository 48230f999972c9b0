import type { HostRecord } from "#fleet/inventory/host-record.ts";
import { exits } from "#fleet/lifecycle/exits.ts";
import { noBmcWhy } from "#fleet/lifecycle/power.ts";
import type { Why } from "#fleet/lifecycle/why.ts";
import type { BmcProblem } from "./bmc-port.ts";
import type { StepRun } from "./step-run.ts";

/** Why nobody can say whether a host is on. */
export function powerUnreadWhy(host: HostRecord, problem: BmcProblem): Why {
  return problemWhy(host, problem, null);
}

/** What a BMC that does not do what it was asked is waited for with. */
export function bmcProblemWhy({ facts, operation }: StepRun, problem: BmcProblem): Why {
  return problemWhy(facts.host, problem, operation.deadlineMs);
}

function problemWhy(host: HostRecord, problem: BmcProblem, deadlineMs: number | null): Why {
  if (problem.kind === "not-configured") return noBmcWhy(host);
  const words = {
    unanswered: "has not answered",
    refused: "refused",
    resting: "rests",
    withdrawn: "was not asked",
  } as const;
  return {
    code: "bmc",
    words: `the BMC of ${host.name} ${words[problem.kind]}: ${problem.detail.slice(0, 300)}`,
    who: "its BMC, or whoever stands at the machine",
    command: exits.explain(host),
    untilMs: problem.untilMs ?? deadlineMs,
  };
}

export function bmcWhy({ facts, operation }: StepRun, words: string, command?: string): Why {
  const { host } = facts;
  return {
    code: "bmc",
    words: `${host.name} ${words}`,
    who: "whoever stands at the machine",
    command: command ?? exits.explain(host),
    untilMs: operation.deadlineMs,
  };
}
