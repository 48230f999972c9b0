import { Command, InvalidArgumentError, Option } from "commander";
import type { CreateToken, PendingList } from "#fleet/api/enrolment-schemas.ts";
import { approveByRule, type RuleOptions } from "./approve-rule.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, printOne } from "./output.ts";
import { readCount } from "./read-count.ts";
import { reasonOption } from "./reason-option.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { ago, isoTime, notSeen, parseSpan, safeText, span } from "./words.ts";

type Pending = PendingList["items"][number];

/** How a machine becomes a host: `enroll token|pending|approve|adopt|remove`. */
export function enrollCommand(session: Session): Command {
  return new Command("enroll")
    .description("how a machine becomes a host")
    .addCommand(tokenCommand(session))
    .addCommand(adoptCommand(session))
    .addCommand(pendingCommand(session))
    .addCommand(approveCommand(session))
    .addCommand(removeCommand(session));
}

interface TokenOptions extends FormOptions {
  readonly host?: string;
  readonly position?: string;
  readonly uses?: number;
  readonly site?: string;
  readonly adopt?: boolean;
  readonly valid: number;
}

function tokenCommand(session: Session): Command {
  return new Command("token")
    .description("make a token: for the named host, or for machines that wait for approval")
    .option("--host <name>", "one machine, enrolled at once under this name")
    .option("--position <position>", "where it sits: ea/nrt1/row-b/rack-07/u12")
    .option("--uses <count>", "how many machines may wait with it (without --host)", readCount)
    .option("--site <code>", "a rule lets in only hosts planned for this site (without --host)")
    .option("--adopt", "its machines are taken in as they stand, and only watched (without --host)")
    .addOption(validOption())
    .addOption(outputOption(["table", "json", "name"]))
    .action((options: TokenOptions) =>
      makeToken(session, options, {
        kind: options.host === undefined ? "pending" : "host",
        ...(options.host === undefined ? {} : { hostName: options.host }),
        ...(options.position === undefined ? {} : { position: options.position }),
        ...(options.uses === undefined ? {} : { uses: options.uses }),
        ...(options.site === undefined ? {} : { site: options.site }),
        ...(options.adopt ? { adopts: true } : {}),
        validMs: options.valid,
      }),
    );
}

function adoptCommand(session: Session): Command {
  return new Command("adopt")
    .description("make a token that takes a machine in as it stands: active, and only watched")
    .option("--host <name>", "under this name; its own where not said")
    .option("--position <position>", "where it sits: ea/nrt1/row-b/rack-07/u12")
    .addOption(validOption())
    .addOption(outputOption(["table", "json", "name"]))
    .action((options: TokenOptions) =>
      makeToken(session, options, {
        kind: "adopt",
        ...(options.host === undefined ? {} : { hostName: options.host }),
        ...(options.position === undefined ? {} : { position: options.position }),
        validMs: options.valid,
      }),
    );
}

async function makeToken(
  session: Session,
  options: FormOptions,
  wanted: CreateToken,
): Promise<void> {
  const { terminal } = session;
  const made = await (await session.client()).createToken(wanted, terminal.newKey());
  if (options.output === "table") {
    terminal.stdout.write(`${safeText(made.token)}\n`);
    const left = span(made.expiresMs - terminal.clock.nowUnixMs());
    terminal.stderr.write(`shown once; valid for ${left}. On the machine:\n`);
    terminal.stderr.write("  wws-agent enroll --manager wss://MANAGER:7601 --token TOKEN\n");
  } else {
    printOne(terminal, options.output, { value: made, name: made.token, lines: [] });
  }
}

function pendingCommand(session: Session): Command {
  return new Command("pending")
    .description("machines that wait for approval")
    .addOption(outputOption())
    .action(async (options: FormOptions) => {
      const { items } = await (await session.client()).pending();
      printList(session.terminal, options.output, {
        rows: items,
        columns: pendingColumns,
        nameOf: (pending) => pending.id,
        none: "no machine waits",
      });
    });
}

interface ApproveOptions extends RuleOptions {
  readonly name?: string;
  readonly position?: string;
}

function approveCommand(session: Session): Command {
  return new Command("approve")
    .description("let a machine in that waits; compare its fingerprint first. Or all by a rule")
    .argument(
      "[id]",
      "from `enroll pending`; its first characters are enough when only one has them",
    )
    .option(
      "--name <name>",
      "what the host is called; the planned one with its serial where not said",
    )
    .option("--rule <facts>", "all whose serial,bmc-mac (or serial) is that of one planned host")
    .option("--as-they-come [token]", "with --rule: also those that come later with the token")
    .option("--dry-run", "with --rule: only show")
    .option("--position <position>", "where it sits: ea/nrt1/row-b/rack-07/u12")
    .option("--adopt", "take it in as it stands: active, and only watched")
    .addOption(outputOption(["table", "json"]))
    .action(async (id: string | undefined, options: ApproveOptions) => {
      if (id === undefined && options.rule !== undefined) return approveByRule(session, options);
      if (id === undefined || options.rule !== undefined)
        throw new CommandError(exitCodes.usage, "give the id of one machine, or --rule for all");
      const client = await session.client();
      const pending = await findPending((await client.pending()).items, id);
      const { position, adopt, name } = options;
      const approval = {
        ...(name === undefined ? {} : { hostName: name }),
        ...(position === undefined ? {} : { position }),
        ...(adopt ? { adopt } : {}),
      };
      const approved = await client.approve(pending.id, approval, session.terminal.newKey());
      session.terminal.stdout.write(`${approved.hostId}\n`);
      session.terminal.stderr.write(
        `${safeText(name ?? (await client.host(approved.hostId)).name)} is approved; its agent comes in within a minute\n`,
      );
    });
}

function removeCommand(session: Session): Command {
  return new Command("remove")
    .description("forget a host that was enrolled wrongly, or turn away a machine that waits")
    .argument("<host>", "a host's name or id, or the id of a machine that waits")
    .addOption(reasonOption("why, for the log"))
    .option("--yes", "do not ask")
    .action(async (name: string, options: { readonly reason: string; readonly yes?: boolean }) => {
      const { terminal } = session;
      const client = await session.client();
      const waiting = (await client.pending()).items.find((pending) => pending.id === name);
      if (waiting !== undefined) {
        await client.dismiss(waiting.id);
        terminal.stderr.write(`${waiting.id} is turned away\n`);
        return;
      }
      const host = await client.host(name);
      if (!options.yes && terminal.ask !== null) {
        const question = `Forget ${safeText(host.name)} (${host.id})? Its agent is refused from now on; the machine is not touched. Write its name: `;
        const typed = await terminal.ask(question);
        if (typed.trim() !== host.name) {
          throw new CommandError(
            exitCodes.failed,
            `"${typed.trim()}" is not its name; nothing was done`,
          );
        }
      }
      await client.removeHost(host.id, options.reason);
      terminal.stderr.write(`${safeText(host.name)} is forgotten\n`);
    });
}

function findPending(items: readonly Pending[], start: string): Pending {
  const found = items.filter((pending) => pending.id.startsWith(start));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1) {
    throw new CommandError(
      exitCodes.usage,
      `"${start}" fits ${found.length} machines; write more of it`,
    );
  }
  throw new CommandError(
    exitCodes.notFound,
    `no machine waits under "${start}"`,
    "`wws-fleet enroll pending` lists them",
  );
}

const pendingColumns: readonly Column<Pending>[] = [
  { title: "ID", key: "id", show: (pending) => pending.id, raw: (pending) => pending.id },
  {
    title: "HOSTNAME",
    key: "hostname",
    show: (pending) => pending.hostname ?? notSeen,
    raw: (pending) => pending.hostname,
  },
  {
    title: "MACHINE",
    key: "machine",
    show: (pending) => machineOf(pending) ?? notSeen,
    raw: machineOf,
  },
  {
    title: "SERIAL",
    key: "serial",
    show: (pending) => pending.serial ?? notSeen,
    raw: (pending) => pending.serial,
  },
  {
    title: "ADDRESS",
    key: "address",
    show: (pending) => pending.address,
    raw: (pending) => pending.address,
  },
  {
    title: "WAITS SINCE",
    key: "first_seen_time",
    show: (pending, nowMs) => ago(pending.firstSeenMs, nowMs),
    raw: (pending) => isoTime(pending.firstSeenMs),
  },
  {
    title: "FINGERPRINT",
    key: "fingerprint",
    show: (pending) => pending.fingerprint,
    raw: (pending) => pending.fingerprint,
  },
  {
    title: "MARK",
    key: "simulated",
    show: (pending) => (pending.simulated ? "simulated" : ""),
    raw: (pending) => pending.simulated,
  },
];

function machineOf({ manufacturer, product }: Pending): string | null {
  const words = [manufacturer, product].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(" ");
}

function validOption(): Option {
  return new Option("--valid <time>", "how long it can be used, at most 1d")
    .default(3_600_000, "1h")
    .argParser((text: string) => {
      const ms = parseSpan(text);
      if (ms === undefined) throw new InvalidArgumentError("write 30m, 2h, 1d.");
      return ms;
    });
}
