import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { Command, Option } from "commander";
import type { ApiClient, Query } from "#fleet/api/client.ts";
import type { EstateAnswer } from "#fleet/api/estate-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { safeJson } from "./output.ts";
import { outputOption, type FormOptions, type Session } from "./session.ts";
import { safeText } from "./words.ts";

/** The estate in files: `inventory import|export`. */
export function inventoryCommand(session: Session): Command {
  return new Command("inventory")
    .description("sites, racks and hosts in files")
    .addCommand(importCommand(session))
    .addCommand(exportCommand(session));
}

interface ImportOptions extends FormOptions {
  readonly format?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly role?: readonly string[];
  readonly siteCode?: readonly string[];
  readonly row?: string;
}

const collect = (word: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  word,
];

function importCommand(session: Session): Command {
  return new Command("import")
    .description("show what a file changes, ask, and write all of it or nothing")
    .argument("<file>", "CSV or JSON, ours or an export of NetBox")
    .addOption(
      new Option("--format <format>", "found out where not said").choices([
        "csv",
        "json",
        "netbox",
      ]),
    )
    .option("--role <role>", "NetBox: devices of this role are hosts; may be repeated", collect)
    .option("--site-code <name=code>", "NetBox: our code of a site; may be repeated", collect)
    .option("--row <row>", "NetBox: the row of racks without a location")
    .option("--dry-run", "only show")
    .option("--yes", "do not ask")
    .addOption(outputOption(["table", "json"]))
    .action(async (path: string, options: ImportOptions) => {
      const text = await readText(path);
      const query: Query = {
        file: basename(path).slice(0, 120),
        format: options.format,
        roles: options.role?.join(","),
        siteCodes: options.siteCode?.join(","),
        row: options.row,
      };
      const client = await session.client();
      const seen = await client.importEstate(text, { ...query, dryRun: "true" });
      show(session, options, seen);
      if (seen.problems.length > 0) {
        session.endWith(exitCodes.conflict);
        return;
      }
      if (options.dryRun || seen.changes.length === 0) return;
      await agree(session, options, seen);
      await write(session, client, text, query, seen);
    });
}

async function agree(
  { terminal }: Session,
  options: ImportOptions,
  seen: EstateAnswer,
): Promise<void> {
  if (options.yes || terminal.ask === null) return;
  const typed = await terminal.ask(`Write these ${seen.changes.length} changes? [y/N] `);
  if (!/^y(?:es)?$/i.test(typed.trim()))
    throw new CommandError(exitCodes.failed, "nothing was written");
}

async function write(
  { terminal }: Session,
  client: ApiClient,
  text: string,
  query: Query,
  seen: EstateAnswer,
): Promise<void> {
  const written = await client.importEstate(text, {
    ...query,
    dryRun: "false",
    expect: seen.digest,
  });
  if (!written.isApplied) {
    const [problem] = written.problems;
    throw new CommandError(
      exitCodes.conflict,
      problem?.words ?? "nothing was written",
      problem?.todo,
    );
  }
  terminal.stderr.write(`${written.changes.length} changes written\n`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(exitCodes.usage, `cannot read ${path}: ${words}`);
  }
}

/** Changes beyond these are counted; `-o json` has them all. */
const changesShownMax = 50;

function show({ terminal }: Session, options: FormOptions, seen: EstateAnswer): void {
  if (options.output === "json") {
    terminal.stdout.write(`${safeJson(seen, 2)}\n`);
    return;
  }
  const say = (text: string): void => terminal.stdout.write(`${safeText(text)}\n`);
  for (const { kind, what, name, at, fields } of seen.changes.slice(0, changesShownMax)) {
    say(`${kind === "add" ? "+" : "~"} ${what} ${name}  (${at})`);
    const words = fields
      .filter(({ field }) => kind === "change" || field !== "name")
      .map(({ field, from, to }) =>
        kind === "add" ? `${field} ${to}` : `${field} ${from ?? "none"} -> ${to ?? "none"}`,
      );
    if (words.length > 0) say(`    ${words.join(", ")}`);
  }
  const more = seen.changes.length - changesShownMax;
  if (more > 0) say(`… and ${more} more; -o json has them all`);
  for (const { at, words } of seen.notes) say(`note: ${at === null ? "" : `${at}: `}${words}`);
  for (const { file, at, column, words, todo } of seen.problems) {
    const where = [file, at, column].filter((part) => part !== null).join(", ");
    say(`! ${where}: ${words}`);
    say(`    ${todo}`);
  }
  if (seen.problemsLeftOut > 0) say(`… and ${seen.problemsLeftOut} more problems`);
  say(summary(seen));
}

function summary({ changes, unchanged, problems, problemsLeftOut }: EstateAnswer): string {
  const added = changes.filter(({ kind }) => kind === "add").length;
  const wrong = problems.length + problemsLeftOut;
  const counts = `${added} to add, ${changes.length - added} to change, ${unchanged} as they are`;
  return wrong === 0
    ? counts
    : `${counts}; ${wrong} ${wrong === 1 ? "problem" : "problems"}: nothing can be written`;
}

interface ExportOptions {
  readonly format: string;
  readonly what: string;
}

function exportCommand(session: Session): Command {
  return new Command("export")
    .description("the estate as a file, on stdout; imported again it changes nothing")
    .addOption(
      new Option("--format <format>", "json has everything in one file")
        .choices(["csv", "json", "netbox"])
        .default("csv"),
    )
    .addOption(
      new Option("--what <table>", "which table of csv or netbox")
        .choices(["hosts", "racks", "sites"])
        .default("hosts"),
    )
    .action(async ({ format, what }: ExportOptions) => {
      const text = await (await session.client()).exportEstate({ format, what });
      session.terminal.stdout.write(text);
    });
}
