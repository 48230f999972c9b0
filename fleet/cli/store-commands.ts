import { Command } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne, safeJson } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { bytes, safeText } from "./words.ts";

interface CheckRow {
  readonly what: string;
  readonly isSound: boolean;
  readonly detail: string;
}

export function storeCommand(session: Session): Command {
  return new Command("store")
    .description("the manager's own data")
    .addCommand(
      new Command("check")
        .description("read the control store and the telemetry, and say whether they are sound")
        .addOption(outputOption())
        .action(async (options: FormOptions) => {
          const { terminal } = session;
          const found = await (await session.client()).checkStore();
          if (options.output === "json") terminal.stdout.write(`${safeJson(found, 2)}\n`);
          else {
            printList(terminal, options.output, {
              rows: found.checks,
              columns: checkColumns,
              nameOf: (row) => row.what,
              none: "nothing was checked",
            });
          }
          if (!found.isSound) {
            terminal.stderr.write(
              "wws-fleet: the store is damaged; keep a copy before anything else\n",
            );
            session.endWith(exitCodes.failed);
          }
        }),
    )
    .addCommand(
      new Command("acknowledge")
        .description("say that a restored store was compared with the hosts; two people must")
        .addOption(reasonOption("what was looked at, for the audit"))
        .addOption(outputOption(["table", "json"]))
        .action(async (options: FormOptions & { readonly reason: string }) => {
          const { terminal } = session;
          const left = await (await session.client()).acknowledgeSafeMode(options.reason);
          if (options.output === "json") terminal.stdout.write(`${safeJson(left, 2)}\n`);
          else if (left.safeMode === null)
            terminal.stdout.write("safe mode is over: the fleet is worked on again\n");
          else terminal.stdout.write("noted; a second person must acknowledge it too\n");
        }),
    )
    .addCommand(
      new Command("backup")
        .description(
          "copy all data, as of one moment, into a fresh folder on the manager's machine",
        )
        .addOption(outputOption(["table", "json", "name"]))
        .action(async (options: FormOptions) => {
          const { terminal } = session;
          const made = await (await session.client()).backUpStore(terminal.newKey());
          if (options.output === "table") {
            terminal.stdout.write(`${safeText(made.folder)}\n`);
            terminal.stderr.write(`${made.files} files, ${bytes(made.bytes)}\n`);
          } else {
            printOne(terminal, options.output, { value: made, name: made.folder, lines: [] });
          }
        }),
    );
}

const checkColumns: readonly Column<CheckRow>[] = [
  { title: "WHAT", key: "what", show: (row) => row.what, raw: (row) => row.what },
  {
    title: "SOUND",
    key: "is_sound",
    show: (row) => (row.isSound ? "yes" : "no"),
    raw: (row) => row.isSound,
    tone: (row) => (row.isSound ? "ok" : "bad"),
  },
  { title: "DETAIL", key: "detail", show: (row) => row.detail, raw: (row) => row.detail },
];
