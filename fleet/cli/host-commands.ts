import { Command } from "commander";
import { ClientError } from "#fleet/api/client.ts";
import type { HostInventory } from "#fleet/api/inventory-schemas.ts";
import { collectHosts } from "./collect-hosts.ts";
import { explainCommand } from "./explain-command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { hostColumns } from "./host-columns.ts";
import { hostFacts } from "./host-facts.ts";
import { hostVerbs } from "./host-verbs.ts";
import { cordonCommands } from "./hold-commands.ts";
import { printList, printOne } from "./output.ts";
import { readCount } from "./read-count.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { telemetryCommand } from "./telemetry-command.ts";
import { watchCommands } from "./watch-commands.ts";
import { isoTime, notSeen } from "./words.ts";

export function hostCommand(session: Session): Command {
  const host = new Command("host")
    .description("the servers")
    .addCommand(listCommand(session))
    .addCommand(showCommand(session))
    .addCommand(explainCommand(session))
    .addCommand(telemetryCommand(session))
    .addCommand(acceptHardwareCommand(session));
  for (const command of [
    ...hostVerbs(session),
    ...cordonCommands(session),
    ...watchCommands(session),
  ]) {
    host.addCommand(command);
  }
  return host;
}

interface ListOptions extends FormOptions {
  readonly sort?: string;
  readonly search?: string;
  readonly limit?: number;
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list hosts")
    .argument("[selector]", "names or ids, or region=eu,site=fra2,rack=…,class=…,state=…,link=…")
    .option(
      "-s, --sort <key>",
      "name, position, link, class, cpu, memory, power …; - turns it round",
    )
    .option("-q, --search <words>", "words that the name, serial, class or place holds")
    .option("-n, --limit <count>", "at most so many", readCount)
    .addOption(outputOption())
    .action(async (selector: string | undefined, options: ListOptions) => {
      if (selector !== undefined && selector.trim() === "") {
        throw new CommandError(
          exitCodes.usage,
          "the selector is empty",
          "leave it out for all hosts",
        );
      }
      const client = await session.client();
      const rows = await collectHosts(client, { ...options, selector });
      printList(session.terminal, options.output, {
        rows,
        columns: hostColumns,
        nameOf: (host) => host.name,
        none: "no hosts",
      });
    });
}

function showCommand(session: Session): Command {
  return new Command("show")
    .description("what is known of one host")
    .argument("<host>", "its name or id")
    .addOption(outputOption())
    .action(async (name: string, options: FormOptions) => {
      const client = await session.client();
      const host = await client.host(name);
      printOne(session.terminal, options.output, {
        value: host,
        name: host.name,
        lines: [
          ...hostFacts(host, session.terminal.clock.nowUnixMs()),
          ...partLines(await client.inventory(host.id).catch(orNotThere)),
        ],
      });
    });
}

/** What its parts are not, and the newest of what changed in them. */
function partLines(inventory: HostInventory | null): readonly (readonly [string, string])[] {
  if (inventory === null) return [];
  const lacking = inventory.differences?.map(
    ({ what, expected, found }) => `${what}: ${found}, its class has ${expected}`,
  );
  const [newest] = inventory.changes;
  return [
    ["parts", String(inventory.components.length)],
    [
      "not as its class",
      lacking === undefined || lacking.length === 0 ? notSeen : lacking.join("; "),
    ],
    ["last change", newest === undefined ? notSeen : `${isoTime(newest.atMs)} ${newest.words}`],
  ];
}

/** A host that said nothing yet, or whose cell is silent, still has a record to show. */
function orNotThere(error: unknown): null {
  const code = error instanceof ClientError ? error.problem?.code : undefined;
  if (code === "nothing-yet" || code === "cell-silent") return null;
  throw error;
}

function acceptHardwareCommand(session: Session): Command {
  return new Command("accept-hardware")
    .description("take a host's parts as they are: it goes to the class of what it has now")
    .argument("<host>", "its name or id")
    .addOption(outputOption())
    .action(async (name: string, options: FormOptions) => {
      const client = await session.client();
      const host = await client.acceptHardware(name);
      printOne(session.terminal, options.output, {
        value: host,
        name: host.name,
        lines: [
          ["name", host.name],
          ["class", host.hardwareClass ?? notSeen],
        ],
      });
    });
}
