#!/usr/bin/env node
import { runCommandLine } from "#fleet/cli/command-line.ts";
import { openProcessTerminal } from "#fleet/cli/process-terminal.ts";
import { readSettings } from "#fleet/program/read-settings.ts";
import { serve } from "#fleet/program/serve.ts";
import { systemClock } from "#fleet/program/system-effects.ts";

/** `wws-fleet serve` is the manager; everything else speaks to one over its API. */
const args = process.argv.slice(2);
if (args[0] === "serve") {
  // At once: the channel to whoever started us would keep the process alive.
  process.exit(await serve(args.slice(1)));
}
process.exitCode = await runCommandLine(
  args,
  openProcessTerminal({ clock: systemClock, local: { serve, readSettings } }),
);
