import { Command, Option } from "commander";
import type { GrantView, UserView } from "#fleet/api/people-schemas.ts";
import { findPassword } from "./bmc-password.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, safeText } from "./words.ts";

type Because = FormOptions & { readonly reason: string };
const oneForms = ["table", "json", "name"] as const;

/** Who there is: `user list|show|add|disable|enable|grant|revoke|password`. */
export function userCommand(session: Session): Command {
  return new Command("user")
    .description("people and services, and what they may do")
    .addCommand(listCommand(session))
    .addCommand(showCommand(session))
    .addCommand(addCommand(session))
    .addCommand(disableCommand(session, "disable", "let somebody in no more: at once"))
    .addCommand(disableCommand(session, "enable", "let somebody in again"))
    .addCommand(grantCommand(session, "grant"))
    .addCommand(grantCommand(session, "revoke"))
    .addCommand(passwordCommand(session));
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list people and services")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { items } = await (await session.client()).users();
      printList(session.terminal, options.output, {
        rows: items,
        columns: userColumns,
        nameOf: (user) => user.name,
        none: "nobody: `wws-fleet user add NAME --role ROLE --for all --reason …` adds somebody",
      });
    });
}

const userColumns: readonly Column<UserView>[] = [
  { title: "NAME", key: "name", show: (user) => user.name, raw: (user) => user.name },
  {
    title: "WHO",
    key: "display_name",
    show: (user) => user.displayName,
    raw: (user) => user.displayName,
  },
  { title: "KIND", key: "kind", show: (user) => user.kind, raw: (user) => user.kind },
  { title: "MAY", key: "grants", show: grantsWords, raw: grantsWords },
  { title: "SIGNS IN", key: "sign_in", show: signInWords, raw: signInWords },
  {
    title: "SINCE",
    key: "created_time",
    show: (user, nowMs) => ago(user.createdMs, nowMs),
    raw: (user) => isoTime(user.createdMs),
  },
];

/** `operator for site=fra2, viewer`. */
export function grantsWords({ grants }: { readonly grants: readonly GrantView[] | null }): string {
  if (grants === null) return "all that its owner may";
  if (grants.length === 0) return "nothing";
  return grants
    .map(({ role, scope }) => (scope === "all" ? role : `${role} for ${scope}`))
    .join(", ");
}

function signInWords(user: UserView): string {
  if (user.isDisabled) return "disabled";
  if (user.kind === "service") return "by token";
  return user.hasPassword ? "by password or link" : "by link";
}

function printUser(session: Session, options: FormOptions, user: UserView): void {
  printOne(session.terminal, options.output, {
    value: user,
    name: user.name,
    lines: [
      ["name", user.name],
      ["who", user.displayName],
      ["kind", user.kind],
      ["may", grantsWords(user)],
      ["signs in", signInWords(user)],
    ],
  });
}

function showCommand(session: Session): Command {
  return new Command("show")
    .description("show one of them")
    .argument("<name>")
    .addOption(outputOption([...oneForms]))
    .action(async (name: string, options: FormOptions) => {
      printUser(session, options, await (await session.client()).user(name));
    });
}

function addCommand(session: Session): Command {
  return new Command("add")
    .description("add a person, or a service with --service")
    .argument("<name>", "a to z, 0 to 9, ., _ and -")
    .option("--name <text>", "how they write themselves")
    .option("--service", "signs in nowhere, and has tokens")
    .option("--role <role>", "what they may do; `wws-fleet role list` lists the roles")
    .option("--for <scope>", "where: all, site=fra2 or tag=web", "all")
    .addOption(reasonOption())
    .addOption(outputOption([...oneForms]))
    .action(
      async (
        name: string,
        options: Because & {
          readonly name?: string;
          readonly service?: true;
          readonly role?: string;
          readonly for: string;
        },
      ) => {
        const client = await session.client();
        const { role, reason, name: displayName } = options;
        const wanted = {
          name,
          ...(displayName === undefined ? {} : { displayName }),
          kind: options.service === true ? "service" : "person",
          grants: role === undefined ? [] : [{ role, scope: options.for }],
          reason,
        };
        const user = await client.addUser(wanted, session.terminal.newKey());
        printUser(session, options, user);
        const next =
          user.kind === "service"
            ? `wws-fleet token add NAME --owner ${user.name}`
            : `wws-fleet signin-link --name ${user.name}`;
        if (options.output === "table") session.terminal.stderr.write(`next: \`${next}\`\n`);
      },
    );
}

function disableCommand(session: Session, verb: "disable" | "enable", words: string): Command {
  return new Command(verb)
    .description(words)
    .argument("<name>")
    .addOption(reasonOption())
    .addOption(outputOption([...oneForms]))
    .action(async (name: string, options: Because) => {
      const user = await (await session.client()).setUser(name, verb, options.reason);
      printUser(session, options, user);
    });
}

function grantCommand(session: Session, verb: "grant" | "revoke"): Command {
  return new Command(verb)
    .description(verb === "grant" ? "give somebody a role" : "take a role from somebody, at once")
    .argument("<name>")
    .argument("<role>", "`wws-fleet role list` lists them")
    .argument("<scope>", "where: all, site=fra2 or tag=web")
    .addOption(reasonOption())
    .addOption(outputOption([...oneForms]))
    .action(async (name: string, role: string, scope: string, options: Because) => {
      const grants = [{ role, scope }];
      const change = verb === "grant" ? { add: grants } : { remove: grants };
      const user = await (await session.client()).changeGrants(name, change, options.reason);
      printUser(session, options, user);
    });
}

function passwordCommand(session: Session): Command {
  return new Command("password")
    .description("set somebody's password, asked for without echo; their sessions end")
    .argument("<name>")
    .option("--password-file <file>", "its first line")
    .addOption(new Option("--none", "take it away: they sign in by link"))
    .addOption(reasonOption())
    .addOption(outputOption([...oneForms]))
    .action(
      async (
        name: string,
        options: Because & { readonly passwordFile?: string; readonly none?: true },
      ) => {
        const { terminal } = session;
        if (options.none === true && options.passwordFile !== undefined)
          throw new CommandError(exitCodes.usage, "--none and --password-file are two things");
        const password =
          options.none === true
            ? null
            : await findPassword(terminal, options.passwordFile, {
                variable: "WWS_PASSWORD",
                question: `password of ${safeText(name)}: `,
              });
        const user = await (await session.client()).setPassword(name, password, options.reason);
        printUser(session, options, user);
      },
    );
}
