import { Command } from "commander";
import type { Alert } from "#fleet/api/alert-schemas.ts";
import { type Column, printList, printOne } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, safeText } from "./words.ts";

/** Where hosts were lost together: `alert list|acknowledge`. */
export function alertCommand(session: Session): Command {
  return new Command("alert")
    .description("where hosts were lost together; nothing is begun there until somebody has looked")
    .addCommand(listCommand(session))
    .addCommand(acknowledgeCommand(session));
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list alerts that nobody has acknowledged, oldest first")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { items } = await (await session.client()).alerts();
      printList(session.terminal, options.output, {
        rows: items,
        columns: alertColumns,
        nameOf: (alert) => alert.id,
        none: "no open alerts",
      });
    });
}

const alertColumns: readonly Column<Alert>[] = [
  { title: "ALERT", key: "id", show: (alert) => alert.id, raw: (alert) => alert.id },
  { title: "WHERE", key: "scope", show: scopeWords, raw: scopeWords },
  {
    title: "LOST",
    key: "lost",
    show: ({ hosts, of }) => `${hosts.length} of ${of}`,
    raw: ({ hosts }) => hosts.length,
  },
  {
    title: "SINCE",
    key: "since_time",
    show: (alert, nowMs) => ago(alert.sinceMs, nowMs),
    raw: (alert) => isoTime(alert.sinceMs),
  },
  { title: "WORDS", key: "words", show: (alert) => alert.words, raw: (alert) => alert.words },
];

function scopeWords({ scope }: Alert): string {
  return `${scope.kind} ${scope.name}`;
}

function acknowledgeCommand(session: Session): Command {
  return new Command("acknowledge")
    .description("say that somebody has looked: what waits there goes on")
    .argument("<id>", "from `alert list`")
    .addOption(reasonOption("what was found; it goes into the audit"))
    .addOption(outputOption(["table", "json", "name"]))
    .action(async (id: string, options: FormOptions & { readonly reason: string }) => {
      const { terminal } = session;
      const alert = await (await session.client()).acknowledgeAlert(id, options.reason);
      if (options.output === "table") {
        const words = `${scopeWords(alert)} is worked on again; it was: ${alert.words}`;
        terminal.stderr.write(`${safeText(words)}\n`);
      } else printOne(terminal, options.output, { value: alert, name: alert.id, lines: [] });
    });
}
