import { Command } from "commander";
import type { Plan, PlanSummary } from "#fleet/api/plan-schemas.ts";
import { applyPlan, type DoOptions, planForms, printPlan, watchPlan } from "./do-plan.ts";
import { type Column, drawTable, printList } from "./output.ts";
import { actionWords, plural } from "./plan-words.ts";
import { readCount } from "./read-count.ts";
import { readSpan } from "./read-span.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { whyLine, whyText } from "./why-words.ts";
import { ago, isoTime, notSeen, safeText } from "./words.ts";

type PlanHost = Plan["hosts"][number];

/** What shall be done to many hosts: `plan list|show|apply|watch|pause|resume|cancel`. */
export function planCommand(session: Session): Command {
  const plan = new Command("plan")
    .description("what shall be done to many hosts, shown before it is done")
    .addCommand(listCommand(session))
    .addCommand(showCommand(session))
    .addCommand(applyCommand(session))
    .addCommand(watchCommand(session));
  for (const [verb, description] of [
    ["pause", "begin no more hosts; what is under way goes on"],
    ["resume", "let it go on where it was"],
    ["cancel", "begin no more hosts for good, and cancel what runs where it can be taken back"],
  ] as const) {
    plan.addCommand(
      new Command(verb)
        .description(description)
        .argument("<id>", "from `plan list`")
        .addOption(reasonOption())
        .addOption(outputOption(planForms))
        .action(async (id: string, options: FormOptions & { readonly reason: string }) => {
          const changed = await (await session.client()).changePlan(id, verb, options.reason);
          session.terminal.stderr.write(`the plan is ${safeText(changed.status)}\n`);
          if (options.output !== "table") printPlan(session, options.output, changed);
        }),
    );
  }
  return plan;
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list plans, newest first")
    .option("-n, --limit <count>", "at most so many", readCount, 50)
    .addOption(outputOption())
    .action(async (options: FormOptions & { readonly limit: number }) => {
      const { items } = await (await session.client()).plans({ limit: options.limit });
      printList(session.terminal, options.output, {
        rows: items,
        columns: planColumns,
        nameOf: (plan) => plan.id,
        none: "no plans",
      });
    });
}

const planColumns: readonly Column<PlanSummary>[] = [
  { title: "PLAN", key: "id", show: (plan) => plan.id, raw: (plan) => plan.id },
  { title: "STATUS", key: "status", show: (plan) => plan.status, raw: (plan) => plan.status },
  {
    title: "WHAT",
    key: "action",
    show: (plan) => `${actionWords(plan.action)} ${plan.onlyHost ?? countWords(plan.hostCount)}`,
    raw: (plan) => plan.action.kind,
  },
  {
    title: "DONE",
    key: "done_hosts",
    isFigure: true,
    show: (plan) => `${doneHosts(plan)} of ${plan.hostCount}`,
    raw: doneHosts,
  },
  { title: "REASON", key: "reason", show: (plan) => plan.reason, raw: (plan) => plan.reason },
  { title: "BY", key: "created_by", show: makerWords, raw: (plan) => plan.createdBy },
  {
    title: "MADE",
    key: "created_time",
    show: (plan, nowMs) => ago(plan.createdMs, nowMs),
    raw: (plan) => isoTime(plan.createdMs),
  },
];

/** Nobody takes what the manager planned by itself for a person's wish. */
function makerWords({
  createdBy,
  createdByKind,
}: Pick<Plan, "createdBy" | "createdByKind">): string {
  return createdByKind === undefined ? createdBy : `${createdBy}, by itself`;
}

function doneHosts({ hostCounts }: PlanSummary): number {
  return hostCounts["done"] ?? 0;
}

function countWords(hosts: number): string {
  return `${hosts} ${plural("host", hosts)}`;
}

function showCommand(session: Session): Command {
  return new Command("show")
    .description("what a plan does, and how far each of its hosts is")
    .argument("<id>", "from `plan list`")
    .addOption(outputOption(planForms))
    .action(async (id: string, options: FormOptions) => {
      const { terminal } = session;
      const plan = await (await session.client()).plan(id);
      printPlan(session, options.output, plan);
      if (options.output !== "table") return;
      terminal.stdout.write(`status ${plan.status}\n${safeLines(whyText(plan.why, "  "))}`);
      terminal.stdout.write(`\n${drawTable(terminal, plan.hosts, hostColumns)}`);
    });
}

const hostColumns: readonly Column<PlanHost>[] = [
  { title: "HOST", key: "host", show: (host) => host.name, raw: (host) => host.name },
  {
    title: "WAVE",
    key: "wave",
    isFigure: true,
    show: (host) => (host.wave === 0 ? "canary" : String(host.wave)),
    raw: (host) => host.wave,
  },
  { title: "RACK", key: "rack", show: (host) => host.rack ?? notSeen, raw: (host) => host.rack },
  { title: "STATE", key: "state", show: (host) => host.state, raw: (host) => host.state },
  {
    title: "WHY",
    key: "why",
    show: (host) => host.why.map(whyLine).join("; ") || notSeen,
    raw: (host) => host.why[0]?.words ?? null,
  },
  {
    title: "OPERATION",
    key: "operation_id",
    show: (host) => host.operationId ?? notSeen,
    raw: (host) => host.operationId,
  },
];

function safeLines(text: string): string {
  return text
    .split("\n")
    .map((line) => safeText(line))
    .join("\n");
}

function applyCommand(session: Session): Command {
  return new Command("apply")
    .description("do what a plan shows; where two people must agree, you are the second")
    .argument("<id>", "from `plan list`")
    .option("--wait", "follow it to its end; 0 when every host reached the goal")
    .option("--timeout <time>", "with --wait: follow it so long at most, as in 30m", readSpan)
    .addOption(outputOption(planForms))
    .action(async (id: string, options: Pick<DoOptions, "output" | "wait" | "timeout">) => {
      const client = await session.client();
      await applyPlan(session, client, await client.plan(id), options);
    });
}

function watchCommand(session: Session): Command {
  return new Command("watch")
    .description("follow a plan to its end; 0 when every host reached the goal")
    .argument("<id>", "from `plan list`")
    .option("--timeout <time>", "so long at most, as in 30m", readSpan)
    .addOption(outputOption(planForms))
    .action(async (id: string, options: Pick<DoOptions, "output" | "timeout">) => {
      const client = await session.client();
      await watchPlan(session, client, await client.plan(id), options);
    });
}
