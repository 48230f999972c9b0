import type { ApiClient } from "#fleet/api/client.ts";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import { drawTable, type OutputForm, printList } from "./output.ts";
import type { Session } from "./session.ts";
import type { TelemetryOptions } from "./telemetry-command.ts";
import { pointColumns, pointsOf } from "./telemetry-print.ts";

/**
 * Prints new points as the manager tells that they are on disk, until Ctrl-C or until the manager
 * goes away. A point that came late, after younger ones were printed, is not printed any more.
 */
export async function followTelemetry(
  session: Session,
  client: ApiClient,
  of: {
    readonly host: string;
    readonly options: TelemetryOptions;
    readonly after: TelemetryAnswer;
  },
): Promise<void> {
  const { host, options, after } = of;
  let printedMs = lastSeenMs(after);
  const printNew = async (): Promise<void> => {
    const from = String(Math.max(after.from, printedMs + 1));
    const answer = await client.telemetry(host, {
      metric: options.metric,
      by: options.by,
      stat: options.stat,
      step: String(after.step),
      from,
      to: "now",
    });
    const fresh = onlyAfter(answer, printedMs);
    printedMs = Math.max(printedMs, lastSeenMs(answer));
    printPoints(session, options.output, fresh);
  };
  for await (const event of client.events({ host, topics: "host-telemetry" })) {
    if (event.kind === "host-telemetry" || event.kind === "reset") await printNew();
  }
}

/** Only points that were seen: of the newest seconds nobody knows yet. */
function onlyAfter(answer: TelemetryAnswer, afterMs: number): TelemetryAnswer {
  return {
    ...answer,
    series: answer.series.map((series) => ({
      ...series,
      points: series.points.filter(([atMs, value]) => atMs > afterMs && value !== null),
    })),
  };
}

function lastSeenMs(answer: TelemetryAnswer): number {
  const seen = answer.series.flatMap((series) =>
    series.points.filter(([, value]) => value !== null).map(([atMs]) => atMs),
  );
  return seen.length === 0 ? answer.from - 1 : Math.max(...seen);
}

function printPoints({ terminal }: Session, form: OutputForm, answer: TelemetryAnswer): void {
  const rows = pointsOf(answer);
  if (rows.length === 0) return;
  const columns = pointColumns(answer);
  if (form === "csv" || form === "jsonl" || form === "json") {
    const chosen = form === "json" ? "jsonl" : form;
    const withoutHead = {
      ...terminal,
      stdout: {
        ...terminal.stdout,
        write: (text: string) =>
          terminal.stdout.write(chosen === "csv" ? text.slice(text.indexOf("\n") + 1) : text),
      },
    };
    printList(withoutHead, chosen, { rows, columns, nameOf: String, none: "" });
    return;
  }
  const table = drawTable(terminal, rows, columns);
  terminal.stdout.write(table.slice(table.indexOf("\n") + 1));
}
