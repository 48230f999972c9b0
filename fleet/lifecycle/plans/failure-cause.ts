import type { OperationRecord } from "../operation.ts";
import type { WhyCode } from "../why.ts";

/**
 * `transport`: the way to the host failed, not the host: tried again. `verification`: what was done
 * is not what was asked (a proof, data): the next one would fail too. `broken`: this host is.
 */
export type FailureCause = "transport" | "verification" | "broken";

const causes: Partial<Readonly<Record<WhyCode, FailureCause>>> = {
  link: "transport",
  agent: "transport",
  bmc: "transport",
  proof: "verification",
  data: "verification",
};

/** A host that nobody hears after its operation is no victim of the way there: it is broken. */
export function causeOf(operation: OperationRecord, isSilent: boolean): FailureCause {
  const code = operation.why[0]?.code;
  const cause = code === undefined ? "broken" : (causes[code] ?? "broken");
  return cause === "transport" && isSilent ? "broken" : cause;
}

/** How its tries end, of one hardware class. */
export interface TryCounts {
  readonly tries: number;
  readonly transportFailures: number;
}

export function countTries(operations: readonly OperationRecord[]): TryCounts {
  let tries = 0;
  let transportFailures = 0;
  for (const operation of operations) {
    if (operation.status !== "done" && operation.status !== "failed") continue;
    tries += 1;
    if (operation.status === "failed" && causeOf(operation, false) === "transport")
      transportFailures += 1;
  }
  return { tries, transportFailures };
}
