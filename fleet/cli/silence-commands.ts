import { Command, InvalidArgumentError } from "commander";
import type { Silence } from "#fleet/api/alert-schemas.ts";
import { type Column, printList, printOne } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, parseSpan, safeText } from "./words.ts";

/** `alert silence|silences|unsilence`. */
export function silenceCommands(session: Session): readonly Command[] {
  return [silenceCommand(session), silencesCommand(session), unsilenceCommand(session)];
}

type Until = { readonly forMs: number } | { readonly atMs: number };

function silenceCommand(session: Session): Command {
  return new Command("silence")
    .description("have alerts not told for a while; they are still listed")
    .argument("<selector>", "site=fra2,kind=host-lost, a host's name, or an alert's key")
    .requiredOption("--until <time>", "2h, +3d, or a time: 2026-11-24T06:00Z", readUntil)
    .addOption(reasonOption())
    .addOption(outputOption(["table", "json", "name"]))
    .action(
      async (
        selector: string,
        options: FormOptions & { readonly reason: string; readonly until: Until },
      ) => {
        const { terminal } = session;
        const { until, reason } = options;
        const untilMs = "atMs" in until ? until.atMs : terminal.clock.nowUnixMs() + until.forMs;
        const client = await session.client();
        const silence = await client.addSilence({ selector, untilMs, reason }, terminal.newKey());
        if (options.output === "table")
          terminal.stderr.write(
            `${safeText(silence.selector)} is not told until ${isoTime(silence.untilMs)}; sooner: wws-fleet alert unsilence ${silence.id} --reason REASON\n`,
          );
        else printOne(terminal, options.output, { value: silence, name: silence.id, lines: [] });
      },
    );
}

function readUntil(text: string): Until {
  const forMs = parseSpan(text.replace(/^\+/, ""));
  if (forMs !== undefined) return { forMs };
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const atMs = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs))
    throw new InvalidArgumentError(
      "write how long, as in 2h or 3d, or until when: 2026-11-24T06:00Z.",
    );
  return { atMs };
}

function silencesCommand(session: Session): Command {
  return new Command("silences")
    .description("list the silences in force")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { items } = await (await session.client()).silences();
      printList(session.terminal, options.output, {
        rows: items,
        columns: silenceColumns,
        nameOf: (silence) => silence.id,
        none: "no silences",
      });
    });
}

const silenceColumns: readonly Column<Silence>[] = [
  { title: "SILENCE", key: "id", show: (one) => one.id, raw: (one) => one.id },
  { title: "COVERS", key: "selector", show: (one) => one.selector, raw: (one) => one.selector },
  {
    title: "UNTIL",
    key: "until_time",
    show: (one) => isoTime(one.untilMs),
    raw: (one) => isoTime(one.untilMs),
  },
  { title: "BY", key: "by", show: (one) => one.by, raw: (one) => one.by },
  {
    title: "SINCE",
    key: "created_time",
    show: (one, nowMs) => ago(one.createdMs, nowMs),
    raw: (one) => isoTime(one.createdMs),
  },
  { title: "REASON", key: "reason", show: (one) => one.reason, raw: (one) => one.reason },
];

function unsilenceCommand(session: Session): Command {
  return new Command("unsilence")
    .description("end a silence: what is still so is told")
    .argument("<id>", "from `alert silences`")
    .addOption(reasonOption())
    .action(async (id: string, options: { readonly reason: string }) => {
      await (await session.client()).endSilence(id, options.reason);
      session.terminal.stderr.write(`silence ${safeText(id)} is ended\n`);
    });
}
