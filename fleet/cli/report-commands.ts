import { Command, Option } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, drawTable, printList, safeJson } from "./output.ts";
import { reportColumns, reportLines } from "./report-words.ts";
import { outputOption, type Session } from "./session.ts";
import type { ReportScheduleView } from "#fleet/api/report-schemas.ts";
import { ago, isoTime, notSeen } from "./words.ts";

const kinds = {
  capacity: "what can be sold, and what cannot and why",
  power: "what feeds carry, against what they may, and if the other feed fails",
  failures: "what went wrong: verdicts, findings, reboots, components",
} as const;
type Kind = keyof typeof kinds;

const forms = ["table", "wide", "json", "csv", "html", "parquet"] as const;

interface ReportOptions {
  readonly output: (typeof forms)[number];
  readonly group?: string;
  readonly at?: string;
  readonly window?: string;
}

/** `report capacity|power|failures|schedules`. */
export function reportCommand(session: Session): Command {
  const report = new Command("report").description("supply, power and failures, as tables");
  for (const kind of Object.keys(kinds) as readonly Kind[])
    report.addCommand(kindCommand(session, kind));
  return report.addCommand(schedulesCommand(session));
}

function kindCommand(session: Session, kind: Kind): Command {
  const command = new Command(kind)
    .description(kinds[kind])
    .argument("[selector]", "as in region=eu,site=fra2,class=…, or host names; default: all hosts")
    .option("-g, --group <keys>", "what rows are split by, with commas between: site,class")
    .option("--at <time>", "a moment of the past: -7d, 2026-11-20, 2026-11-20T06:00:00Z");
  if (kind !== "capacity") command.option("--window <time>", "over how long: 15m, 24h, 30d");
  return command
    .addOption(new Option("-o, --output <form>", "how to print it").choices(forms).default("table"))
    .action(async (selector: string | undefined, options: ReportOptions) => {
      const client = await session.client();
      const { terminal } = session;
      const { group, window: span } = options;
      const at = options.at === undefined ? undefined : readMoment(options.at);
      const query = { selector, group, at, window: span };
      const form = options.output;
      if (form === "csv" || form === "html" || form === "parquet") {
        if (form === "parquet" && terminal.stdout.isTerminal)
          throw new CommandError(
            exitCodes.usage,
            "Parquet is no text for a terminal",
            "send it into a file: … -o parquet > report.parquet",
          );
        const file = await client.reportFile(kind, { ...query, format: form });
        if (form !== "parquet") terminal.stdout.write(new TextDecoder().decode(file));
        else if (terminal.stdout.writeBytes !== undefined) terminal.stdout.writeBytes(file);
        else throw new CommandError(exitCodes.usage, "Parquet cannot be written here");
        return;
      }
      const made = await client.report(kind, query);
      if (form === "json") {
        terminal.stdout.write(`${safeJson(made, 2)}\n`);
        return;
      }
      const rows = made.total === null ? made.rows : [...made.rows, made.total];
      if (made.rows.length > 0)
        terminal.stdout.write(drawTable(terminal, rows, reportColumns(made, form === "wide")));
      else terminal.stderr.write("no rows\n");
      terminal.stdout.write(reportLines(made));
    });
}

/** `-7d` as the API takes it; a day or a time of day in UTC as unix milliseconds. */
function readMoment(text: string): string {
  if (/^(now)?-\d+[smhd]$/.test(text) || /^\d{13}$/.test(text)) return text;
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text);
  const atMs = isTime ? Date.parse(text.length === 10 ? `${text}T23:59:59Z` : text) : Number.NaN;
  if (!Number.isNaN(atMs)) return String(atMs);
  throw new CommandError(
    exitCodes.usage,
    `"${text.slice(0, 40)}" is no moment`,
    "write -7d, 2026-11-20 (the end of that day, UTC) or 2026-11-20T06:00:00Z",
  );
}

function schedulesCommand(session: Session): Command {
  return new Command("schedules")
    .description("reports that are written again and again: when next, and how the last went")
    .addOption(outputOption())
    .action(async (options: { readonly output: Parameters<typeof printList>[1] }) => {
      const { items } = await (await session.client()).reportSchedules();
      printList(session.terminal, options.output, {
        rows: items,
        columns: scheduleColumns,
        nameOf: ({ name }) => name,
        none: "no schedules: [[reports.schedules]] in fleet.toml, see docs/reports.md",
      });
      if (items.some(({ last }) => last?.outcome === "failed")) session.endWith(exitCodes.failed);
    });
}

const scheduleColumns: readonly Column<ReportScheduleView>[] = [
  { title: "SCHEDULE", key: "name", show: ({ name }) => name, raw: ({ name }) => name },
  { title: "REPORT", key: "report", show: ({ report }) => report, raw: ({ report }) => report },
  { title: "CRON", key: "cron", show: ({ cron }) => cron, raw: ({ cron }) => cron },
  { title: "ZONE", key: "zone", show: ({ timeZone }) => timeZone, raw: (one) => one.timeZone },
  {
    title: "NEXT",
    key: "next_time",
    show: ({ nextMs }) => (nextMs === null ? notSeen : isoTime(nextMs)),
    raw: ({ nextMs }) => (nextMs === null ? null : isoTime(nextMs)),
  },
  {
    title: "LAST",
    key: "last_outcome",
    tone: ({ last }) => (last?.outcome === "failed" ? "bad" : "plain"),
    show: ({ last }, nowMs) =>
      last === null || last.outcome === "none"
        ? "never ran"
        : `${last.outcome} ${ago(last.endedMs, nowMs)}`,
    raw: ({ last }) => last?.outcome ?? null,
  },
  {
    title: "FILE, OR WHAT WENT WRONG",
    key: "detail",
    show: ({ last }) => last?.detail ?? "",
    raw: ({ last }) => last?.detail ?? null,
  },
];
