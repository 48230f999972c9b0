import { parseArgs } from "node:util";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import { demoHostsDefault, demoHostsMax } from "./demo-plan.ts";

export interface DemoOptions {
  readonly hosts: number;
  readonly speed: number;
}

export const demoUsage = `npm run demo -- [--hosts N] [--speed X]

  --hosts N   simulated hosts, 1 to ${demoHostsMax} (default ${demoHostsDefault})
  --speed X   how fast the recordings go on, 0.1 to 60 times their own pace (default 1)`;

export function parseDemoOptions(args: readonly string[]): Result<DemoOptions, string> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        hosts: { type: "string", default: String(demoHostsDefault) },
        speed: { type: "string", default: "1" },
      },
      strict: true,
    });
    const hosts = Number(values.hosts);
    if (!/^\d+$/.test(values.hosts) || hosts < 1 || hosts > demoHostsMax)
      return fail(`--hosts is a whole number from 1 to ${demoHostsMax}, not "${values.hosts}"`);
    const speed = Number(values.speed);
    if (!/^\d+(\.\d+)?$/.test(values.speed) || speed < 0.1 || speed > 60)
      return fail(`--speed is a number from 0.1 to 60, not "${values.speed}"`);
    return ok({ hosts, speed });
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}
