import { Command, Option } from "commander";
import type { HoldView, NamedHold } from "#fleet/api/hold-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { forEachHost } from "./each-host.ts";
import { type Column, printList } from "./output.ts";
import { readSpan } from "./read-span.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, notSeen, safeText } from "./words.ts";

const kinds = ["cordon", "protect", "power-lockout", "legal", "reservation", "tenant"] as const;
type Kind = (typeof kinds)[number];

/** What must not be done to hosts: `hold add|release|list`. */
export function holdCommand(session: Session): Command {
  return new Command("hold")
    .description("what must not be done to hosts")
    .addCommand(addCommand(session))
    .addCommand(releaseCommand(session))
    .addCommand(listCommand(session));
}

interface AddOptions extends FormOptions {
  readonly reason: string;
  readonly for?: string;
  readonly expires?: number;
  readonly review?: number;
}

function addCommand(session: Session): Command {
  return withHoldOptions(new Command("add").description("forbid something on hosts"))
    .addOption(new Option("--kind <kind>", "what it forbids").choices(kinds).makeOptionMandatory())
    .option("--for <tenant>", "reservation: who may still be placed there")
    .action((selector: string, options: AddOptions & { readonly kind: Kind }) =>
      addHolds(session, selector, options.kind, options),
    );
}

/** `host cordon` and `host uncordon`: the hold that stops new work. */
export function cordonCommands(session: Session): readonly Command[] {
  return [
    withHoldOptions(
      new Command("cordon").description("let nothing new be placed on hosts; what runs goes on"),
    ).action((selector: string, options: AddOptions) =>
      addHolds(session, selector, "cordon", options),
    ),
    new Command("uncordon")
      .description("let hosts take new work again: releases every cordon on them")
      .argument("<selector>", "names or ids, or region=eu,site=fra2,rack=…")
      .addOption(reasonOption())
      .action((selector: string, options: { readonly reason: string }) =>
        uncordon(session, selector, options.reason),
      ),
  ];
}

function withHoldOptions(command: Command): Command {
  return command
    .argument("<selector>", "names or ids, or region=eu,site=fra2,rack=…")
    .addOption(reasonOption())
    .option("--expires <time>", "ends by itself after it, as in 2h", readSpan)
    .option("--review <time>", "somebody should look again after it", readSpan)
    .addOption(outputOption());
}

async function addHolds(
  session: Session,
  selector: string,
  kind: Kind,
  options: AddOptions,
): Promise<void> {
  const { terminal } = session;
  const { reason, expires, review } = options;
  const nowMs = terminal.clock.nowUnixMs();
  const added = await forEachHost(session, selector, (client, host) =>
    client.addHold(
      {
        host: host.id,
        kind,
        reason,
        ...(expires === undefined ? {} : { expiresMs: nowMs + expires }),
        ...(review === undefined ? {} : { reviewMs: nowMs + review }),
        ...(options.for === undefined ? {} : { forWhom: options.for }),
      },
      terminal.newKey(),
    ),
  );
  printHolds(session, options, added);
}

async function uncordon(session: Session, selector: string, reason: string): Promise<void> {
  const { stderr } = session.terminal;
  await forEachHost(session, selector, async (client, host) => {
    const cordons = host.holds.filter(({ kind }) => kind === "cordon");
    for (const { id } of cordons) await client.releaseHold(id, reason);
    const words = cordons.length === 0 ? "was not cordoned" : "takes new work again";
    stderr.write(`${safeText(host.name)} ${words}\n`);
  });
}

function releaseCommand(session: Session): Command {
  return new Command("release")
    .description("release one hold; its host's others stay")
    .argument("<id>", "from `hold list`")
    .addOption(reasonOption())
    .action(async (id: string, options: { readonly reason: string }) => {
      const client = await session.client();
      const hold = (await client.holds({})).items.find((one) => one.id === id);
      if (hold === undefined) {
        throw new CommandError(
          exitCodes.notFound,
          `there is no hold "${id}"`,
          "`wws-fleet hold list` lists them",
        );
      }
      await client.releaseHold(id, options.reason);
      session.terminal.stderr.write(
        safeText(`${hold.kind} on ${hold.host} is released`).concat("\n"),
      );
    });
}

function listCommand(session: Session): Command {
  return new Command("list")
    .description("list holds")
    .argument("[selector]", "of these hosts only")
    .addOption(outputOption())
    .action(async (selector: string | undefined, options: FormOptions) => {
      const { items } = await (await session.client()).holds({ selector });
      printHolds(session, options, items);
    });
}

function printHolds(session: Session, options: FormOptions, rows: readonly NamedHold[]): void {
  printList(session.terminal, options.output, {
    rows,
    columns: holdColumns,
    nameOf: (hold) => hold.id,
    none: "no holds",
  });
}

export const holdColumns: readonly Column<NamedHold>[] = [
  { title: "HOST", key: "host", show: (hold) => hold.host, raw: (hold) => hold.host },
  { title: "HOLD", key: "kind", show: (hold) => hold.kind, raw: (hold) => hold.kind },
  { title: "BY", key: "holder", show: (hold) => hold.holder, raw: (hold) => hold.holder },
  { title: "REASON", key: "reason", show: (hold) => hold.reason, raw: (hold) => hold.reason },
  {
    title: "SINCE",
    key: "created_time",
    show: (hold, nowMs) => ago(hold.createdMs, nowMs),
    raw: (hold) => isoTime(hold.createdMs),
  },
  {
    title: "ENDS",
    key: "expires_time",
    show: endWords,
    raw: (hold) => (hold.expiresMs === null ? null : isoTime(hold.expiresMs)),
  },
  { title: "ID", key: "id", show: (hold) => hold.id, raw: (hold) => hold.id },
];

function endWords({ expiresMs, reviewMs }: HoldView): string {
  if (expiresMs !== null) return isoTime(expiresMs);
  return reviewMs === null ? notSeen : `by release; review ${isoTime(reviewMs)}`;
}
