import type { RunHook } from "#agent/commands/hook-folder.ts";
import { runProgram } from "#agent/commands/run-program.ts";

/** systemd ends it this long after we should have. */
const beyondMs = 5_000;
const killMs = 10_000;

/**
 * Runs hooks as root in units of their own: outside the helper's sandbox, which leaves nothing to work
 * with, and inside a control group that ends with them. A hook ends too when the helper that began it
 * does (`BindsTo=`), so that one that was killed leaves none behind.
 */
export function runHooksAsUnits(
  ownUnit: string,
  ownPid: number,
  run: RunHook = runProgram,
): RunHook {
  let count = 0;
  return async (request) => {
    count += 1;
    const unit = `wws-hook-${ownPid}-${count}.service`;
    const environment = Object.entries(request.env).map(([key, text]) => `--setenv=${key}=${text}`);
    const properties = [
      `BindsTo=${ownUnit}`,
      `After=${ownUnit}`,
      "CollectMode=inactive-or-failed",
      "KillMode=control-group",
      "TimeoutStopSec=2s",
      `RuntimeMaxSec=${Math.ceil((request.timeoutMs + beyondMs) / 1_000)}s`,
    ].map((property) => `--property=${property}`);
    const end = await run({
      ...request,
      program: "/usr/bin/systemd-run",
      args: [
        ...["--quiet", "--no-ask-password", "--wait", "--pipe", "--service-type=exec"],
        ...[`--unit=${unit}`, "--working-directory=/", ...properties, ...environment],
        ...["--", request.program, ...request.args],
      ],
    });
    if (end.kind === "failed") {
      // Only who waited for it was killed.
      const args = ["--no-ask-password", "kill", "--signal=SIGKILL", "--", unit];
      const more = { input: "", timeoutMs: killMs, signal: null };
      await run({ ...request, ...more, program: "/usr/bin/systemctl", args });
    }
    return end;
  };
}
