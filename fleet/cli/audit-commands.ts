import { Command } from "commander";
import type { AuditRecordView, AuditVerdictView } from "#fleet/api/audit-schemas.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { type Column, printList, safeJson } from "./output.ts";
import { readCount } from "./read-count.ts";
import { type FormOptions, outputOption, type Session } from "./session.ts";
import { safeText } from "./words.ts";

interface ListOptions extends FormOptions {
  readonly subject?: string;
  readonly actor?: string;
  readonly limit: number;
}

interface VerifyOptions extends FormOptions {
  readonly store?: string;
  readonly heads?: string;
}

/** So many records are asked for at a time. */
const pageMax = 500;

export function auditCommand(session: Session): Command {
  return new Command("audit")
    .description("who did what, and whether the record of it is whole")
    .addCommand(
      new Command("list")
        .description("what was done and what was denied, newest first")
        .option("--subject <host>", "of one host, by name or id, or of any other id")
        .option("--actor <name>", "what one person did")
        .option("--limit <n>", "how many at most", readCount, 50)
        .addOption(outputOption())
        .action(async (options: ListOptions) => {
          const rows = await readRecords(session, options);
          printList(session.terminal, options.output, {
            rows,
            columns,
            nameOf: ({ seq }) => String(seq),
            none: "nothing of that is in the audit",
          });
        }),
    )
    .addCommand(
      new Command("verify")
        .description("follow the chain of hashes, and name the first bad record")
        .option("--store <file>", "a control store's file, copy or dump; needs no manager")
        .option("--heads <file>", "heads exported before; where not said audit-head.json beside it")
        .addOption(outputOption(["table", "json"]))
        .action((options: VerifyOptions) => verify(session, options)),
    );
}

async function readRecords(
  session: Session,
  { subject, actor, limit }: ListOptions,
): Promise<readonly AuditRecordView[]> {
  const client = await session.client();
  const records: AuditRecordView[] = [];
  let cursor: string | undefined;
  do {
    const wanted = Math.min(limit - records.length, pageMax);
    const page = await client.audit({ subject, actor, cursor, limit: wanted });
    records.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && records.length < limit);
  return records;
}

async function verify(session: Session, options: VerifyOptions): Promise<void> {
  const { terminal } = session;
  const { store, heads } = options;
  if (store === undefined && heads !== undefined)
    throw new CommandError(
      exitCodes.usage,
      "--heads goes with --store",
      "a manager compares with the heads that it exported itself",
    );
  const verdict = await judge(session, store, heads);
  if (options.output === "json") terminal.stdout.write(`${safeJson(verdict, 2)}\n`);
  else terminal.stdout.write(`${verdictLine(verdict)}\n`);
  if (verdict.fault === null) return;
  terminal.stderr.write(
    "wws-fleet: the audit is not whole; keep a copy of the store before anything else\n",
  );
  session.endWith(exitCodes.failed);
}

async function judge(
  session: Session,
  store: string | undefined,
  heads: string | undefined,
): Promise<AuditVerdictView> {
  if (store === undefined) return (await session.client()).verifyAudit();
  const { verifyAudit } = session.terminal.local;
  if (verifyAudit === undefined)
    throw new CommandError(exitCodes.usage, "this program cannot read a store's file");
  try {
    return await verifyAudit({ store, heads: heads ?? null });
  } catch (cause) {
    throw new CommandError(
      exitCodes.failed,
      cause instanceof Error ? cause.message : String(cause),
    );
  }
}

function verdictLine({ records, head, fault, headsConfirmed }: AuditVerdictView): string {
  if (fault !== null) return safeText(`record ${fault.seq} ${fault.kind}: ${fault.words}`);
  if (records === 0) return "whole: no records";
  const heads = `${headsConfirmed} exported ${headsConfirmed === 1 ? "head" : "heads"} confirmed`;
  return `whole: ${records} records, the last ${safeText(head.sha256)}, ${heads}`;
}

const columns: readonly Column<AuditRecordView>[] = [
  {
    title: "SEQ",
    key: "seq",
    isFigure: true,
    show: ({ seq }) => String(seq),
    raw: ({ seq }) => seq,
  },
  {
    title: "TIME",
    key: "time",
    show: ({ atMs }) => timeOf(atMs),
    raw: ({ atMs }) => timeOf(atMs),
  },
  { title: "ACTOR", key: "actor", show: ({ actor }) => actor, raw: ({ actor }) => actor },
  { title: "ACTION", key: "action", show: ({ action }) => action, raw: ({ action }) => action },
  {
    title: "OUTCOME",
    key: "outcome",
    show: ({ outcome }) => outcome,
    raw: ({ outcome }) => outcome,
    tone: ({ outcome }) => (outcome === "done" ? "ok" : "bad"),
  },
  {
    title: "SUBJECT",
    key: "subject",
    show: ({ subject }) => subject.name,
    raw: ({ subject }) => subject.name,
  },
  {
    title: "FACTS",
    key: "facts",
    show: factsOf,
    raw: factsOf,
  },
  {
    title: "REASON",
    key: "reason",
    show: ({ reason }) => reason ?? "",
    raw: ({ reason }) => reason,
  },
  {
    title: "ID",
    key: "subject_id",
    isWideOnly: true,
    show: ({ subject }) => subject.id,
    raw: ({ subject }) => subject.id,
  },
  {
    title: "SERIAL",
    key: "serial",
    isWideOnly: true,
    show: ({ subject }) => subject.serial ?? "",
    raw: ({ subject }) => subject.serial,
  },
  {
    title: "PLAN",
    key: "plan_sha256",
    isWideOnly: true,
    show: ({ planHash }) => (planHash ?? "").slice(0, 12),
    raw: ({ planHash }) => planHash,
  },
  {
    title: "SHA256",
    key: "sha256",
    isWideOnly: true,
    show: ({ sha256 }) => sha256.slice(0, 12),
    raw: ({ sha256 }) => sha256,
  },
];

function factsOf({ facts }: AuditRecordView): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}

/** UTC to the second; a figure that is no time is shown as it is. */
function timeOf(atMs: number): string {
  const time = new Date(atMs);
  return Number.isNaN(time.getTime()) ? String(atMs) : `${time.toISOString().slice(0, 19)}Z`;
}
