import type { ApiClient } from "#fleet/api/client.ts";
import type { Operation } from "#fleet/api/operation-schemas.ts";
import type { Plan } from "#fleet/api/plan-schemas.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { follow, type FollowOptions } from "./follow.ts";
import { createProgressTeller } from "./follow-operation.ts";
import { createPlanTeller } from "./tell-plan.ts";
import type { Terminal } from "./terminal.ts";

/** The API's own limit of one page. */
const pageMax = 500;

/**
 * Tells how a plan gets on until it has ended, or until all that is left waits for a person. 0: every
 * host reached the goal; 6: something is paused; 7: a part failed; 1: it failed, was stopped or
 * cancelled.
 */
export async function followPlan(
  terminal: Terminal,
  client: ApiClient,
  from: { readonly plan: Plan; readonly options: FollowOptions },
): Promise<{ readonly plan: Plan; readonly code: ExitCode }> {
  const teller = createProgressTeller(terminal);
  const hosts = createPlanTeller(terminal);
  let plan = from.plan;
  const code = await follow(terminal, from.options, {
    async look() {
      plan = await client.plan(plan.id);
      const operations = await operationsOf(client, plan);
      for (const operation of operations) teller.tell(operation);
      hosts.tell(plan);
      const code = endOf(plan, operations);
      // What was seen of the operations came after the plan: its words are to be of the same moment.
      if (code === exitCodes.stillRunning) plan = await client.plan(plan.id);
      return code;
    },
    howToResume: [
      "it goes on without you",
      `  see how far it is:  wws-fleet plan watch ${plan.id}`,
      `  start no more:      wws-fleet plan pause ${plan.id} --reason REASON`,
    ],
  });
  return { plan, code };
}

/** Oldest first: so they are told in the order in which they began. */
async function operationsOf(client: ApiClient, plan: Plan): Promise<readonly Operation[]> {
  const found: Operation[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.operations({ plan: plan.id, limit: pageMax, cursor });
    found.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const known = new Set(found.map(({ id }) => id));
  // A drain that was under way already is this plan's host's, and another plan's operation.
  const borrowed = plan.hosts.flatMap(({ operationId }) =>
    operationId === null || known.has(operationId) ? [] : [operationId],
  );
  for (const id of borrowed) found.push(await client.operation(id));
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function endOf(plan: Plan, operations: readonly Operation[]): ExitCode | null {
  const count = (...states: readonly string[]) =>
    plan.hosts.filter(({ state }) => states.includes(state)).length;
  switch (plan.status) {
    case "done": {
      const there = plan.hosts.filter((host) => wasThere(plan, host)).length;
      if (count("done") + there === plan.hosts.length) return exitCodes.ok;
      return count("done") === 0 ? exitCodes.failed : exitCodes.partFailed;
    }
    case "stopped":
    case "canceled":
    case "expired":
      return exitCodes.failed;
    case "paused":
      return exitCodes.stillRunning;
  }
  const paused = operations.filter(({ status }) => status === "paused").length;
  const goesOn = operations.some(({ status }) => status === "running") || count("waiting") > 0;
  return paused > 0 && !goesOn ? exitCodes.stillRunning : null;
}

/** Left out because it stood already where the plan would have brought it. */
function wasThere({ action }: Plan, { state, phase }: Plan["hosts"][number]): boolean {
  return state === "skipped" && action.kind === "drain" && phase === "drained";
}
