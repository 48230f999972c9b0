import { Command, Option } from "commander";
import type { Alert } from "#fleet/api/alert-schemas.ts";
import { alertColumns, alertLines, scopeWords } from "./alert-words.ts";
import { alertChannelCommands } from "./alert-channel-commands.ts";
import { printList, printOne } from "./output.ts";
import { readCount } from "./read-count.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { silenceCommands } from "./silence-commands.ts";
import { safeText } from "./words.ts";

const alertStates = [
  "open",
  "acknowledged",
  "resolved",
] as const satisfies readonly Alert["state"][];
const severities = ["info", "warn", "page"] as const satisfies readonly Alert["severity"][];

/** What is wrong: `alert list|show|acknowledge|silence|silences|unsilence|test|channels`. */
export function alertCommand(session: Session): Command {
  const command = new Command("alert").description(
    "what is wrong, who was told, and what need not be told for a while",
  );
  command.addCommand(listCommand(session));
  command.addCommand(showCommand(session));
  command.addCommand(acknowledgeCommand(session));
  for (const one of silenceCommands(session)) command.addCommand(one);
  for (const one of alertChannelCommands(session)) command.addCommand(one);
  return command;
}

interface ListOptions extends FormOptions {
  readonly state: string;
  readonly severity?: string;
  readonly limit?: number;
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list alerts that nobody has acknowledged, oldest first")
    .argument("[selector]", "site=fra2,kind=host-lost, a host's name, or an alert's key")
    .option("--state <states>", `${alertStates.join(", ")}; several with commas`, "open")
    .addOption(new Option("--severity <least>", "this and what is worse").choices(severities))
    .option("--limit <count>", "how many at most", readCount)
    .addOption(outputOption())
    .action(async (selector: string | undefined, options: ListOptions) => {
      const client = await session.client();
      const rows: Alert[] = [];
      let cursor: string | null = null;
      do {
        const page = await client.alerts({
          state: options.state,
          ...(options.severity === undefined ? {} : { severity: options.severity }),
          ...(selector === undefined ? {} : { selector }),
          ...(cursor === null ? {} : { cursor }),
          limit: Math.min(pageMax, options.limit ?? pageMax),
        });
        rows.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && rows.length < (options.limit ?? Number.POSITIVE_INFINITY));
      printList(session.terminal, options.output, {
        rows: rows.slice(0, options.limit),
        columns: alertColumns,
        nameOf: (alert) => alert.id,
        none: options.state === "open" ? "no open alerts" : "no such alerts",
      });
    });
}

const pageMax = 500;

function showCommand(session: Session): Command {
  return new Command("show")
    .description("show one alert: what, where, what to do, and who was told")
    .argument("<id>", "from `alert list`")
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions) => {
      const { terminal } = session;
      const alert = await (await session.client()).alert(id);
      printOne(terminal, options.output, {
        value: alert,
        name: alert.id,
        lines: alertLines(alert, terminal.clock.nowUnixMs()),
      });
    });
}

function acknowledgeCommand(session: Session): Command {
  return new Command("acknowledge")
    .description("say that somebody has looked: it is told no more, what waits there goes on")
    .argument("<id>", "from `alert list`")
    .addOption(reasonOption("what was found; it goes into the audit"))
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions & { readonly reason: string }) => {
      const { terminal } = session;
      const alert = await (await session.client()).acknowledgeAlert(id, options.reason);
      if (options.output === "table") {
        const done =
          alert.kind === "domain-event" ? "is worked on again; it was" : "is acknowledged";
        terminal.stderr.write(`${safeText(`${scopeWords(alert)} ${done}: ${alert.words}`)}\n`);
      } else printOne(terminal, options.output, { value: alert, name: alert.id, lines: [] });
    });
}
