import { Command } from "commander";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList } from "./output.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import type { SettingLine } from "./terminal.ts";
import { safeText } from "./words.ts";

export function configCommand(session: Session): Command {
  return new Command("config").description("the manager's settings").addCommand(
    new Command("check")
      .description("each effective setting and where it came from; an error where one is wrong")
      .option(
        "--config <file>",
        "the file to read; else WWS_CONFIG, else /etc/wws-fleet/fleet.toml",
      )
      .addOption(outputOption())
      .action(async (options: FormOptions & { readonly config?: string }) => {
        const { terminal } = session;
        const { readSettings } = terminal.local;
        if (readSettings === undefined) {
          throw new CommandError(
            exitCodes.failed,
            "this program cannot read the manager's settings",
          );
        }
        const found = await readSettings({ configFile: options.config });
        if (!found.ok) {
          for (const problem of found.problems) {
            terminal.stderr.write(`wws-fleet: ${safeText(problem)}\n`);
          }
          session.endWith(exitCodes.usage);
          return;
        }
        printList(terminal, options.output, {
          rows: found.settings,
          columns: settingColumns,
          nameOf: (setting) => setting.name,
          none: "no settings",
        });
      }),
  );
}

const settingColumns: readonly Column<SettingLine>[] = [
  { title: "SETTING", key: "setting", show: (line) => line.name, raw: (line) => line.name },
  { title: "VALUE", key: "value", show: (line) => line.value, raw: (line) => line.value },
  { title: "FROM", key: "from", show: (line) => line.source, raw: (line) => line.source },
];
