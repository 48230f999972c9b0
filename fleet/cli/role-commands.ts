import { Command } from "commander";
import type { RoleList } from "#fleet/api/people-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";

type Role = RoleList["items"][number];

/** What roles let one do: `role list|show`. */
export function roleCommand(session: Session): Command {
  return new Command("role")
    .description("what each role lets one do")
    .addCommand(
      new Command("list")
        .description("list roles")
        .addOption(outputOption())
        .action(async (options: FormOptions) => {
          const { items } = await (await session.client()).roles();
          printList(session.terminal, options.output, {
            rows: items,
            columns: roleColumns,
            nameOf: (role) => role.role,
            none: "no roles",
          });
        }),
    )
    .addCommand(
      new Command("show")
        .description("show one role")
        .argument("<role>")
        .addOption(outputOption(["table", "json", "name"]))
        .action(async (name: string, options: FormOptions) => {
          const { items } = await (await session.client()).roles();
          const role = items.find((one) => one.role === name);
          if (role === undefined)
            throw new CommandError(
              exitCodes.notFound,
              `there is no role "${name}"`,
              `there are ${items.map((one) => one.role).join(", ")}`,
            );
          printOne(session.terminal, options.output, {
            value: role,
            name: role.role,
            lines: [
              ["role", role.role],
              ["who", role.words],
              ["given for", role.isForWholeCell ? "all" : "all, site=…, tag=…"],
              ...role.may.map(({ capability, words }) => [capability, words] as const),
            ],
          });
        }),
    );
}

const roleColumns: readonly Column<Role>[] = [
  { title: "ROLE", key: "role", show: (one) => one.role, raw: (one) => one.role },
  { title: "WHO", key: "words", show: (one) => one.words, raw: (one) => one.words },
  { title: "MAY", key: "may", show: mayWords, raw: mayWords },
];

function mayWords({ may }: Role): string {
  return may.map(({ capability }) => capability).join(", ");
}
