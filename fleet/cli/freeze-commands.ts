import { Command } from "commander";
import type { FreezeView } from "#fleet/api/freeze-schemas.ts";
import { printOne } from "./output.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { safeText } from "./words.ts";

type Because = FormOptions & { readonly reason: string };

/** Stopping everything that changes a host, and lifting that: `freeze`, `unfreeze`. */
export function freezeCommands(session: Session): readonly Command[] {
  return [
    new Command("freeze")
      .description("stop everything that changes a host, in the whole cell and at once")
      .addOption(reasonOption("why; everybody who waits for it reads it"))
      .addOption(outputOption(["table", "json", "name"]))
      .action(async (options: Because) => {
        tell(session, options, await (await session.client()).freeze(options.reason));
      }),
    new Command("unfreeze")
      .description("lift the freeze: the first asks, another person agrees")
      .addOption(reasonOption("why it is safe now"))
      .addOption(outputOption(["table", "json", "name"]))
      .action(async (options: Because) => {
        tell(session, options, await (await session.client()).unfreeze(options.reason));
      }),
  ];
}

function tell(session: Session, options: FormOptions, view: FreezeView): void {
  const { terminal } = session;
  if (options.output === "table") {
    for (const line of wordsOf(view)) terminal.stderr.write(`${safeText(line)}\n`);
  } else {
    const name = view.freeze === null ? "lifted" : "frozen";
    printOne(terminal, options.output, { value: view, name, lines: [] });
  }
}

function wordsOf({ freeze, liftNeedsTwo }: FreezeView): readonly string[] {
  if (freeze === null) return ["lifted: what stood still goes on from where it was"];
  const { by, reason, liftAsked } = freeze;
  if (liftAsked !== null)
    return [
      `still frozen: ${liftAsked.by} asked to lift it, another person has to agree`,
      "  wws-fleet unfreeze --reason REASON",
    ];
  const exit = liftNeedsTwo
    ? "two people lift it, each with"
    : "in this profile one person lifts it with";
  return [
    `frozen by ${by}: ${reason}`,
    `nothing changes a host any more; ${exit} wws-fleet unfreeze --reason REASON`,
  ];
}
