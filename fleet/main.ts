#!/usr/bin/env node
import { runCommandLine } from "#fleet/cli/command-line.ts";
import { openProcessTerminal } from "#fleet/cli/process-terminal.ts";
import type { LocalCommands } from "#fleet/cli/terminal.ts";
import { systemClock } from "#fleet/program/system-effects.ts";

/**
 * `wws-fleet serve` is the manager; everything else speaks to one over its API. The manager's half
 * of the program is only loaded where it is wanted: a command then takes half the time.
 */
const local: LocalCommands = {
  serve: async (args) => (await import("#fleet/program/serve.ts")).serve(args),
  readSettings: async (args) =>
    (await import("#fleet/program/read-settings.ts")).readSettings(args),
  verifyAudit: async (args) => (await import("#fleet/program/verify-audit.ts")).verifyAudit(args),
};

const args = process.argv.slice(2);
if (args[0] === "serve") {
  const code = await local.serve?.(args.slice(1));
  // At once: the channel to whoever started us would keep the process alive.
  process.exit(code);
}
process.exitCode = await runCommandLine(args, openProcessTerminal({ clock: systemClock, local }));
