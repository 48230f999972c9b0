import { Command } from "commander";
import type { ApiToken } from "#fleet/api/people-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne } from "./output.ts";
import { readSpan } from "./read-span.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { grantsWords } from "./user-commands.ts";
import { ago, isoTime, span } from "./words.ts";

/** What programs ask with: `token list|add|revoke`. */
export function tokenCommand(session: Session): Command {
  return new Command("token")
    .description("API tokens: what programs ask with")
    .addCommand(
      new Command("list")
        .description("list tokens, yours or, with the role security, everybody's; no secrets")
        .addOption(outputOption())
        .action(async (options: FormOptions) => {
          const { items } = await (await session.client()).apiTokens();
          printList(session.terminal, options.output, {
            rows: items,
            columns: tokenColumns,
            nameOf: (token) => token.id,
            none: "no API tokens",
          });
        }),
    )
    .addCommand(addCommand(session))
    .addCommand(
      new Command("revoke")
        .description("revoke a token, at once")
        .argument("<id>", "from `token list`")
        .action(async (id: string) => {
          await (await session.client()).revokeApiToken(id);
          session.terminal.stderr.write(`token ${id} opens nothing any more\n`);
        }),
    );
}

const tokenColumns: readonly Column<ApiToken>[] = [
  { title: "ID", key: "id", show: (token) => token.id, raw: (token) => token.id },
  { title: "NAME", key: "name", show: (token) => token.name, raw: (token) => token.name },
  {
    title: "OWNER",
    key: "owner",
    show: (token) => token.owner ?? "nobody",
    raw: (token) => token.owner,
  },
  { title: "MAY", key: "grants", show: grantsWords, raw: grantsWords },
  {
    title: "EXPIRES",
    key: "expires_time",
    show: (token, nowMs) => `in ${span(token.expiresMs - nowMs)}`,
    raw: (token) => isoTime(token.expiresMs),
  },
  {
    title: "USED",
    key: "used_time",
    show: (token, nowMs) => ago(token.lastUsedMs, nowMs),
    raw: (token) => isoTime(token.lastUsedMs),
  },
];

function addCommand(session: Session): Command {
  return new Command("add")
    .description("make a token; it is shown once")
    .argument("<name>", "what it is for")
    .option("--owner <service>", "of a service; yours where not said")
    .option("--role <role>", "no more than this role")
    .option("--for <scope>", "where: all, site=fra2 or tag=web")
    .option("--valid <span>", "how long: 30d", readSpan)
    .addOption(outputOption(["table", "json", "name"]))
    .action(
      async (
        name: string,
        options: FormOptions & {
          readonly owner?: string;
          readonly role?: string;
          readonly for?: string;
          readonly valid?: number;
        },
      ) => {
        const { owner, role, valid: validMs, for: scope } = options;
        if (scope !== undefined && role === undefined)
          throw new CommandError(exitCodes.usage, "--for says where a --role is: give both");
        const { terminal } = session;
        const made = await (await session.client()).addApiToken({
          name,
          ...(owner === undefined ? {} : { owner }),
          ...(validMs === undefined ? {} : { validMs }),
          ...(role === undefined ? {} : { grants: [{ role, scope: scope ?? "all" }] }),
        });
        if (options.output === "table") {
          terminal.stdout.write(`${made.token}\n`);
          const leftMs = made.expiresMs - terminal.clock.nowUnixMs();
          const left = span(leftMs);
          if (validMs !== undefined && leftMs < validMs - 60_000)
            terminal.stderr.write(
              "a token outlives neither the one that made it nor what is allowed\n",
            );
          terminal.stderr.write(
            `shown once, good for ${left}; take it back with \`wws-fleet token revoke ${made.id}\`\n`,
          );
        } else printOne(terminal, options.output, { value: made, name: made.token, lines: [] });
      },
    );
}
