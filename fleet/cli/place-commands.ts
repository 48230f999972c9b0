import { Command, Option } from "commander";
import type { ApiClient } from "#fleet/api/client.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne } from "./output.ts";
import {
  type Fact,
  rackColumns,
  regionColumns,
  regionFacts,
  siteColumns,
  siteFacts,
} from "./place-columns.ts";
import { drawRack, rackValues } from "./rack-elevation.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";

/** `region`, `site` and `rack`, each with `list` and `show`. */
export function placeCommands(session: Session): readonly Command[] {
  return [regionCommand(session), siteCommand(session), rackCommand(session)];
}

function regionCommand(session: Session): Command {
  const read = async (client: ApiClient) => (await client.regions()).items;
  const nameOf = (region: { readonly region: string }) => region.region;
  return new Command("region")
    .description("the parts of the world")
    .addCommand(listCommand(session, { read, nameOf, columns: regionColumns, none: "no regions" }))
    .addCommand(showCommand(session, { read, nameOf, factsOf: regionFacts, kind: "region" }));
}

function siteCommand(session: Session): Command {
  const read = async (client: ApiClient) => (await client.sites()).items;
  const nameOf = (site: { readonly code: string }) => site.code;
  return new Command("site")
    .description("the data centers")
    .addCommand(listCommand(session, { read, nameOf, columns: siteColumns, none: "no sites" }))
    .addCommand(showCommand(session, { read, nameOf, factsOf: siteFacts, kind: "site" }));
}

function rackCommand(session: Session): Command {
  return new Command("rack")
    .description("the racks")
    .addCommand(
      listCommand(session, {
        read: async (client) => (await client.racks({})).items,
        nameOf: (rack) => rack.id.replaceAll("~", "/"),
        columns: rackColumns,
        none: "no racks",
      }),
    )
    .addCommand(
      new Command("show")
        .description("a rack's front, drawn in text")
        .argument("<rack>", "site/row/rack, as in fra2/row-b/rack-07")
        .addOption(
          new Option("--value <value>", "what stands at each host")
            .choices(rackValues)
            .default("state"),
        )
        .addOption(outputOption(["table", "json", "jsonl", "name"]))
        .action(
          async (id: string, options: FormOptions & { value: (typeof rackValues)[number] }) => {
            const rack = await (await session.client()).rack(id.replaceAll("/", "~"));
            if (options.output === "table") {
              session.terminal.stdout.write(drawRack(session.terminal, rack, options.value));
            } else {
              const name = rack.id.replaceAll("~", "/");
              printOne(session.terminal, options.output, { value: rack, name, lines: [] });
            }
          },
        ),
    );
}

function listCommand<Row>(
  session: Session,
  list: {
    readonly read: (client: ApiClient) => Promise<readonly Row[]>;
    readonly nameOf: (row: Row) => string;
    readonly columns: readonly Column<Row>[];
    readonly none: string;
  },
): Command {
  return new Command("list")
    .description("list them, with counts and sums over their hosts")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const rows = await list.read(await session.client());
      printList(session.terminal, options.output, { ...list, rows });
    });
}

function showCommand<Row>(
  session: Session,
  of: {
    readonly read: (client: ApiClient) => Promise<readonly Row[]>;
    readonly nameOf: (row: Row) => string;
    readonly factsOf: (row: Row) => readonly Fact[];
    readonly kind: string;
  },
): Command {
  return new Command("show")
    .description("what is known of one")
    .argument("<name>", `the ${of.kind}'s name`)
    .addOption(outputOption())
    .action(async (name: string, options: FormOptions) => {
      const rows = await of.read(await session.client());
      const found = rows.find((row) => of.nameOf(row) === name);
      if (found === undefined) {
        const known = rows.map(of.nameOf).join(", ");
        throw new CommandError(
          exitCodes.notFound,
          `there is no ${of.kind} "${name}"`,
          known === "" ? `there is no ${of.kind} at all yet` : `there are ${known}`,
        );
      }
      printOne(session.terminal, options.output, { value: found, name, lines: of.factsOf(found) });
    });
}
