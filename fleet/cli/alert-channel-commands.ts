import { Command } from "commander";
import type { AlertChannel } from "#fleet/api/alert-schemas.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Column, printList } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, notSeen, safeText } from "./words.ts";

/** `alert channels|test`. */
export function alertChannelCommands(session: Session): readonly Command[] {
  return [channelsCommand(session), testCommand(session)];
}

function channelsCommand(session: Session): Command {
  return new Command("channels")
    .description("how alerts leave the house, and whether they do")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { items } = await (await session.client()).alertChannels();
      printList(session.terminal, options.output, {
        rows: items,
        columns: channelColumns,
        nameOf: (channel) => channel.name,
        none: "no channels: [[alerts.webhooks]] and [[alerts.mail]] in fleet.toml name them",
      });
    });
}

const channelColumns: readonly Column<AlertChannel>[] = [
  { title: "CHANNEL", key: "name", show: (one) => one.name, raw: (one) => one.name },
  { title: "KIND", key: "kind", show: (one) => one.kind, raw: (one) => one.kind },
  { title: "TO", key: "target", show: (one) => one.target, raw: (one) => one.target },
  { title: "FROM", key: "severity", show: (one) => one.severity, raw: (one) => one.severity },
  {
    title: "WAITING",
    key: "waiting",
    show: (one) => String(one.waiting),
    raw: (one) => one.waiting,
  },
  {
    title: "LAST TAKEN",
    key: "last_success_time",
    show: (one, nowMs) => (one.lastSuccessMs === null ? notSeen : ago(one.lastSuccessMs, nowMs)),
    raw: (one) => (one.lastSuccessMs === null ? null : isoTime(one.lastSuccessMs)),
  },
  {
    title: "LAST FAILED",
    key: "last_failure",
    show: (one, nowMs) =>
      one.lastFailureMs === null
        ? notSeen
        : `${ago(one.lastFailureMs, nowMs)}: ${one.lastFailure ?? ""}`,
    raw: (one) => one.lastFailure,
  },
];

function testCommand(session: Session): Command {
  return new Command("test")
    .description("send a test through each channel and say what came of it")
    .addOption(reasonOption())
    .action(async (options: { readonly reason: string }) => {
      const { terminal } = session;
      const { items } = await (await session.client()).testAlerts(options.reason);
      for (const { channel, isDelivered, words } of items)
        terminal.stdout.write(
          `${safeText(`${channel}: ${isDelivered ? "taken" : "not taken"}: ${words}`)}\n`,
        );
      if (items.length === 0)
        terminal.stderr.write(
          "no channels: [[alerts.webhooks]] and [[alerts.mail]] in fleet.toml name them\n",
        );
      const failed = items.filter(({ isDelivered }) => !isDelivered).length;
      if (failed > 0)
        session.endWith(failed === items.length ? exitCodes.failed : exitCodes.partFailed);
    });
}
