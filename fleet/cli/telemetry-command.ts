import { Command, Option } from "commander";
import type { ApiClient } from "#fleet/api/client.ts";
import type { TelemetryAnswer } from "#fleet/api/telemetry-schemas.ts";
import type { OutputForm } from "./output.ts";
import { outputOption, type Session } from "./session.ts";
import { followTelemetry } from "./telemetry-follow.ts";
import { printTelemetry } from "./telemetry-print.ts";

export interface TelemetryOptions {
  readonly output: OutputForm;
  readonly metric: string;
  readonly from?: string;
  readonly to?: string;
  readonly step?: string;
  readonly by?: string;
  readonly stat?: string;
  readonly follow?: boolean;
}

/** How the API knows them; the console offers the same. */
const stats = ["mean", "min", "max", "last", "sum", "count", "p50", "p95", "p99"];

export function telemetryCommand(session: Session): Command {
  return new Command("telemetry")
    .description("what a host measured")
    .argument("<host>", "its name or id")
    .requiredOption("-m, --metric <name>", "as in system.cpu.utilization, hw.host.power")
    .option("--from <time>", "unix milliseconds, or before now: -10m, -6h (default: -15m)")
    .option("--to <time>", "the same; default: the newest point")
    .option("--step <time>", "1s, 10s, 5m …; default: at most 1,000 points")
    .option("--by <attribute>", "split by it: cpu.mode, system.device …")
    .addOption(new Option("--stat <stat>", "what stands for a step of many points").choices(stats))
    .option("-f, --follow", "go on with new points as they come, until Ctrl-C")
    .addOption(outputOption(["table", "wide", "json", "jsonl", "csv"]))
    .action(async (host: string, options: TelemetryOptions) => {
      const client = await session.client();
      const answer = await askTelemetry(client, host, options);
      printTelemetry(session.terminal, options.output, { host, answer });
      if (options.follow) await followTelemetry(session, client, { host, options, after: answer });
    });
}

export function askTelemetry(
  client: ApiClient,
  host: string,
  options: Omit<TelemetryOptions, "output">,
): Promise<TelemetryAnswer> {
  const { metric, from, to, step, by, stat } = options;
  return client.telemetry(host, { metric, from, to, step, by, stat });
}
