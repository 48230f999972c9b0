import { Command } from "commander";
import type { ApiClient } from "#fleet/api/client.ts";
import type { Plan, WantedAction } from "#fleet/api/plan-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { followPlan } from "./follow-plan.ts";
import { goalReached } from "./goal-reached.ts";
import { drawFacts, type OutputForm, printOne } from "./output.ts";
import { actionWords, hostsWords, planLines, planTitle, plural } from "./plan-words.ts";
import { readCount } from "./read-count.ts";
import { readSpan } from "./read-span.ts";
import { reasonOption } from "./reason-option.ts";
import { outputOption, type Session } from "./session.ts";
import { safeText } from "./words.ts";

export const planForms = ["table", "json", "name"] as const satisfies readonly OutputForm[];

/** What every verb takes that does something to hosts. */
export interface DoOptions {
  readonly output: OutputForm;
  readonly reason: string;
  readonly count?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly detach?: boolean;
  readonly timeout?: number;
}

/** A verb that makes a plan, shows it, asks once and applies it. */
export function doCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<selector>", "names or ids, or region=eu,site=fra2,rack=…,feed=…,class=…,tag=…")
    .addOption(reasonOption())
    .option("--count <count>", "how many hosts are meant; must be said for all of them", readCount)
    .option("--dry-run", "stop at the plan")
    .option("--yes", "do not ask")
    .option("--wait", "follow it to its end; 0 when every host reached the goal")
    .option("--detach", "come back as soon as it has begun (the usual)")
    .option("--timeout <time>", "with --wait: follow it so long at most, as in 30m", readSpan)
    .addOption(outputOption(planForms));
}

export async function doToHosts(
  session: Session,
  wanted: { readonly selector: string; readonly action: WantedAction },
  options: DoOptions,
): Promise<void> {
  const { terminal } = session;
  refuseContradiction(wanted.selector, options);
  const client = await session.client();
  const { reason, count } = options;
  let plan: Plan;
  try {
    plan = await client.createPlan(
      { ...wanted, reason, ...(count === undefined ? {} : { count }) },
      terminal.newKey(),
    );
  } catch (refusal) {
    const reached = await goalReached(client, wanted, refusal);
    if (reached === null) throw refusal;
    terminal.stderr.write(`${safeText(reached)}\n`);
    return;
  }
  if (options.dryRun) return printPlan(session, options.output, plan);
  terminal.stderr.write(`${safeText(planTitle(plan))}\n${drawFacts(planLines(plan))}`);
  await askOnce(session, plan, options.yes ?? false);
  await applyPlan(session, client, plan, options);
}

/** Applies a plan that was shown, and follows it where that is wanted. */
export async function applyPlan(
  session: Session,
  client: ApiClient,
  plan: Plan,
  options: Pick<DoOptions, "output" | "wait" | "timeout">,
): Promise<void> {
  const { terminal } = session;
  const applied = await client.applyPlan(plan.id, plan.hash, terminal.newKey());
  if (options.wait) return watchPlan(session, client, applied, options);
  terminal.stderr.write(
    `it has begun and goes on by itself; follow it:\n  wws-fleet plan watch ${plan.id}\n`,
  );
  if (options.output !== "table") printPlan(session, options.output, applied);
}

export async function watchPlan(
  session: Session,
  client: ApiClient,
  from: Plan,
  options: Pick<DoOptions, "output" | "timeout">,
): Promise<void> {
  const { plan, code } = await followPlan(session.terminal, client, {
    plan: from,
    options: options.timeout === undefined ? {} : { timeout: options.timeout },
  });
  session.endWith(code);
  if (options.output === "table") session.terminal.stdout.write(`${safeText(outcome(plan))}\n`);
  else printPlan(session, options.output, plan);
}

export function printPlan(session: Session, form: OutputForm, plan: Plan): void {
  if (form === "table") session.terminal.stdout.write(`${safeText(planTitle(plan))}\n`);
  printOne(session.terminal, form, { value: plan, name: plan.id, lines: planLines(plan) });
}

/** `Drain 24 hosts: 22 done, 1 set aside, 1 left out`. */
function outcome(plan: Plan): string {
  const words = {
    done: "done",
    paused: "paused, it waits for a person",
    running: "under way",
    waiting: "not begun",
    failed: "failed",
    "set-aside": "set aside",
    skipped: "left out",
  } as const;
  const counts = Object.entries(words).flatMap(([state, word]) => {
    const count = plan.hosts.filter((host) => stateOf(host) === state).length;
    return count === 0 ? [] : [plan.hosts.length === 1 ? word : `${count} ${word}`];
  });
  return `${actionWords(plan.action)} ${hostsWords(plan)}: ${counts.join(", ")}`;
}

/** A host whose operation runs and says why it does not go on is paused. */
function stateOf({ state, why }: Plan["hosts"][number]): string {
  return state === "running" && why.length > 0 ? "paused" : state;
}

function refuseContradiction(selector: string, { wait, detach, timeout }: DoOptions): void {
  if (selector.trim() === "") {
    throw new CommandError(
      exitCodes.usage,
      "the selector is empty",
      "name the hosts, or what they have in common",
    );
  }
  if (wait && detach) {
    throw new CommandError(exitCodes.usage, "--wait and --detach exclude each other");
  }
  if (timeout !== undefined && !wait) {
    throw new CommandError(exitCodes.usage, "--timeout is for --wait");
  }
}

/** One host is a yes; of several their number is typed: a thing one does not do in passing. */
async function askOnce({ terminal }: Session, plan: Plan, yes: boolean): Promise<void> {
  if (yes || terminal.ask === null) return;
  const taking = plan.hosts.filter(({ state }) => state !== "skipped").length;
  const isOne = taking === 1;
  const question = isOne
    ? "Do it? [y/N] "
    : `Type ${taking} to do it to ${taking} ${plural("host", taking)}: `;
  const typed = (await terminal.ask(question)).trim().toLowerCase();
  if (isOne ? typed === "y" || typed === "yes" : typed === String(taking)) return;
  throw new CommandError(
    exitCodes.failed,
    "nothing was done",
    `the plan stays until it expires: wws-fleet plan apply ${plan.id}`,
  );
}
