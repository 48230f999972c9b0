import { Command } from "commander";
import type { ApiClient } from "#fleet/api/client.ts";
import type { Operation } from "#fleet/api/operation-schemas.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { follow } from "./follow.ts";
import { createProgressTeller } from "./follow-operation.ts";
import { operationLines, statusWords } from "./operation-words.ts";
import { type Column, printList, printOne } from "./output.ts";
import { readCount } from "./read-count.ts";
import { readSpan } from "./read-span.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { whyLine } from "./why-words.ts";
import { ago, isoTime, notSeen } from "./words.ts";

/** What is being done to hosts: `op list|show|watch|pause|resume|cancel|confirm-off`. */
export function operationCommand(session: Session): Command {
  const operation = new Command("op")
    .description("what is being done to hosts, one at a time each")
    .addCommand(listCommand(session))
    .addCommand(showCommand(session))
    .addCommand(watchCommand(session));
  for (const [verb, description] of [
    ["pause", "let it wait where it is"],
    ["resume", "let it go on; after its deadline it gets the same time again"],
    ["cancel", "end it; what moved stays moved, a cordon stays until it is released"],
  ] as const) {
    operation.addCommand(
      new Command(verb)
        .description(description)
        .argument("<id>", "from `op list`")
        .addOption(reasonOption())
        .addOption(outputOption(["table", "json", "name"]))
        .action(async (id: string, options: FormOptions & { readonly reason: string }) => {
          const client = await session.client();
          print(session, options, await client.changeOperation(id, verb, options.reason));
        }),
    );
  }
  return operation.addCommand(confirmOffCommand(session));
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list operations, newest first")
    .option("--host <host>", "of this host only")
    .option("--plan <id>", "of this plan only")
    .option("--open", "only those that have not ended")
    .option("-n, --limit <count>", "at most so many", readCount, 50)
    .addOption(outputOption())
    .action(async (options: ListOptions) => {
      const { host, plan, limit } = options;
      const { items } = await (await session.client()).operations({ host, plan, limit });
      printList(session.terminal, options.output, {
        rows: options.open ? items.filter(({ endedMs }) => endedMs === null) : items,
        columns: operationColumns,
        nameOf: (operation) => operation.id,
        none: "no operations",
      });
    });
}

interface ListOptions extends FormOptions {
  readonly host?: string;
  readonly plan?: string;
  readonly open?: boolean;
  readonly limit: number;
}

const operationColumns: readonly Column<Operation>[] = [
  { title: "OPERATION", key: "id", show: (one) => one.id, raw: (one) => one.id },
  { title: "HOST", key: "host", show: (one) => one.host, raw: (one) => one.host },
  { title: "WHAT", key: "kind", show: (one) => one.kind, raw: (one) => one.kind },
  { title: "STATUS", key: "status", show: (one) => one.status, raw: (one) => one.status },
  { title: "STEP", key: "step", show: (one) => one.step, raw: (one) => one.step },
  {
    title: "WAITS FOR",
    key: "why",
    show: (one) => (one.endedMs === null ? one.why.map(whyLine).join("; ") || notSeen : notSeen),
    raw: (one) => one.why[0]?.words ?? null,
  },
  { title: "BY", key: "by", show: (one) => one.by, raw: (one) => one.by },
  {
    title: "BEGUN",
    key: "started_time",
    show: (one, nowMs) => ago(one.startedMs, nowMs),
    raw: (one) => isoTime(one.startedMs),
  },
];

function showCommand(session: Session): Command {
  return new Command("show")
    .description("an operation's steps with what was seen, and what it waits for")
    .argument("<id>", "from `op list`")
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions) =>
      print(session, options, await (await session.client()).operation(id)),
    );
}

function print(session: Session, options: FormOptions, operation: Operation): void {
  printOne(session.terminal, options.output, {
    value: operation,
    name: operation.id,
    lines: operationLines(operation, session.terminal.clock.nowUnixMs()),
  });
}

function watchCommand(session: Session): Command {
  return new Command("watch")
    .description("follow an operation to its end; 0 when it reached its goal, 6 when it is paused")
    .argument("<id>", "from `op list`")
    .option("--timeout <time>", "so long at most, as in 30m", readSpan)
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions & { readonly timeout?: number }) =>
      watchOperation(session, await session.client(), id, options),
    );
}

async function watchOperation(
  session: Session,
  client: ApiClient,
  id: string,
  options: FormOptions & { readonly timeout?: number },
): Promise<void> {
  const { terminal } = session;
  const teller = createProgressTeller(terminal);
  let operation = await client.operation(id);
  const code = await follow(terminal, options, {
    async look() {
      operation = await client.operation(id);
      teller.tell(operation);
      return endOf(operation);
    },
    howToResume: [
      "it goes on without you",
      `  see how far it is:  wws-fleet op watch ${id}`,
      `  end it:             wws-fleet op cancel ${id} --reason REASON`,
    ],
  });
  session.endWith(code);
  if (options.output === "table") {
    const words = statusWords(operation, terminal.clock.nowUnixMs());
    terminal.stdout.write(`${operation.kind} ${operation.host}: ${words}\n`);
  } else print(session, options, operation);
}

function endOf({ status }: Operation): ExitCode | null {
  switch (status) {
    case "done":
      return exitCodes.ok;
    case "failed":
    case "canceled":
      return exitCodes.failed;
    case "paused":
      return exitCodes.stillRunning;
    default:
      return null;
  }
}

function confirmOffCommand(session: Session): Command {
  return new Command("confirm-off")
    .description("say that a host which cannot be reached is off: you stood before it")
    .argument("<id>", "of its drain, from `op list`")
    .requiredOption("--serial <serial>", "typed off the machine")
    .addOption(reasonOption("how you know; it goes into the audit"))
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions & ConfirmOptions) => {
      const client = await session.client();
      const confirmed = await client.confirmOff(id, options.serial, options.reason);
      print(session, options, confirmed);
    });
}

interface ConfirmOptions {
  readonly serial: string;
  readonly reason: string;
}
