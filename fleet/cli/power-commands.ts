import { Command } from "commander";
import type { HostPower } from "#fleet/api/power-schemas.ts";
import { doCommand, type DoOptions, doToHosts } from "./do-plan.ts";
import { forEachHost } from "./each-host.ts";
import { type Column, printList } from "./output.ts";
import { readSpan } from "./read-span.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime } from "./words.ts";

const orders = {
  on: "switch hosts on",
  off: "switch hosts off, hard: what runs there ends in its middle",
  cycle: "switch hosts off and on again, hard",
  soft: "ask the system of hosts to stop, as by the button",
} as const;

/** `host power on|off|cycle|soft|status SELECTOR`. */
export function powerCommand(session: Session): Command {
  const command = new Command("power").description("the power of hosts, by their BMCs");
  for (const power of ["on", "off", "cycle", "soft"] as const)
    command.addCommand(
      doCommand(power, orders[power]).action((selector: string, options: DoOptions) =>
        doToHosts(session, { selector, action: { kind: "power", power } }, options),
      ),
    );
  return command.addCommand(
    new Command("status")
      .description("what the BMCs of hosts say of their power")
      .argument("<selector>", "names or ids, or region=eu,site=fra2,rack=…")
      .addOption(outputOption())
      .action(async (selector: string, options: FormOptions) => {
        const powers = await forEachHost(session, selector, (client, host) =>
          client.hostPower(host.id),
        );
        printList(session.terminal, options.output, {
          rows: powers,
          columns: powerColumns,
          nameOf: ({ host }) => host,
          none: "no host said anything",
        });
      }),
  );
}

const powerColumns: readonly Column<HostPower>[] = [
  { title: "HOST", key: "host", show: ({ host }) => host, raw: ({ host }) => host },
  { title: "POWER", key: "power", show: ({ state }) => state, raw: ({ state }) => state },
  {
    title: "READ",
    key: "observed_time",
    show: ({ observedMs }, nowMs) => ago(observedMs, nowMs),
    raw: ({ observedMs }) => isoTime(observedMs),
  },
];

interface LocateOptions extends DoOptions {
  readonly off?: boolean;
  readonly for?: number;
}

/** `host locate SELECTOR`: which machine it is, for whoever stands before the rack. */
export function locateCommand(session: Session): Command {
  return doCommand("locate", "let the lights of hosts blink, by their BMCs")
    .option("--off", "the lights go out")
    .option(
      "--for <time>",
      "how long, as in 10m (the usual); then they go out by themselves",
      readSpan,
    )
    .action((selector: string, options: LocateOptions) => {
      const action = {
        kind: "locate",
        ...(options.off ? { isOn: false } : {}),
        ...(options.for === undefined ? {} : { forMs: options.for }),
      } as const;
      return doToHosts(session, { selector, action }, options);
    });
}
