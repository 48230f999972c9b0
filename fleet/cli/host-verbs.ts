import { type Command, Option } from "commander";
import { doCommand, type DoOptions, doToHosts } from "./do-plan.ts";
import { locateCommand, powerCommand } from "./power-commands.ts";
import { readSpan } from "./read-span.ts";
import type { Session } from "./session.ts";

/** `host drain|reboot|return|clear|power|locate SELECTOR`: what is done to hosts by a plan. */
export function hostVerbs(session: Session): readonly Command[] {
  return [
    drainCommand(session),
    doCommand("return", "put drained hosts back to work as they were").action(
      (selector: string, options: DoOptions) =>
        doToHosts(session, { selector, action: { kind: "return" } }, options),
    ),
    rebootCommand(session),
    doCommand("clear", "take hosts out of quarantine whose cause is gone, data kept").action(
      (selector: string, options: DoOptions) =>
        doToHosts(session, { selector, action: { kind: "clear" } }, options),
    ),
    powerCommand(session),
    locateCommand(session),
  ];
}

interface DrainOptions extends DoOptions {
  readonly kind: "planned" | "degraded" | "emergency";
  readonly deadline?: number;
  readonly grace?: number;
  readonly force?: boolean;
}

function drainCommand(session: Session): Command {
  return doCommand("drain", "move work off hosts and prove that they are empty")
    .addOption(
      new Option("--kind <kind>", "how urgent: its usual deadline, and what notice tenants get")
        .choices(["planned", "degraded", "emergency"])
        .default("planned"),
    )
    .option("--deadline <time>", "how long each host has, as in 2h; then it pauses", readSpan)
    .option("--grace <time>", "what a graceful stop may take, inside the deadline", readSpan)
    .option("--force", "at the deadline stop hard what has not stopped")
    .action((selector: string, options: DrainOptions) => {
      const { kind, deadline, grace, force } = options;
      const action = {
        kind: "drain",
        drain: kind,
        ...(deadline === undefined ? {} : { deadlineMs: deadline }),
        ...(grace === undefined ? {} : { graceMs: grace }),
        ...(force ? { force } : {}),
      } as const;
      return doToHosts(session, { selector, action }, options);
    });
}

function rebootCommand(session: Session): Command {
  return doCommand("reboot", "restart the system of hosts, one after the other")
    .option("--grace <time>", "what an orderly shutdown may take", readSpan)
    .action((selector: string, options: DoOptions & { readonly grace?: number }) => {
      const { grace } = options;
      const action = {
        kind: "reboot",
        ...(grace === undefined ? {} : { graceMs: grace }),
      } as const;
      return doToHosts(session, { selector, action }, options);
    });
}
