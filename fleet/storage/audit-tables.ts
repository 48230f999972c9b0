import type { Kysely, Transaction } from "kysely";
import type { AuditEntry, AuditRecord, AuditStore } from "#fleet/audit/audit-entry.ts";
import { type ChainHead, emptyChain, entryText, linkEntry } from "#fleet/audit/chain.ts";
import { cleanEntry } from "#fleet/audit/clean-entry.ts";
import { auditFromRow, auditToRow } from "./audit-rows.ts";
import type { Engine } from "./engine.ts";
import type { Tables } from "./tables.ts";

/** The audit on the control store's tables. */
export function createAuditTables({ db, run, inTurn }: Engine): AuditStore {
  return {
    async append(entry) {
      const clean = cleanEntry(entry);
      let tries = 0;
      return inTurn("write the audit", async (trx) => {
        tries += 1;
        // The answer to an earlier try may have been lost; two equal denials are two, not one.
        const done = tries === 1 ? undefined : await findEntry(trx, clean);
        return done ?? appendEntry(trx, clean);
      });
    },
    list: ({ beforeSeq, limit, ...wanted }) =>
      run("list the audit", async () => {
        const found: AuditRecord[] = [];
        let before = beforeSeq;
        // Action and outcome stand in the record, not beside it: so it is read on until there are enough.
        for (;;) {
          const page = await readPage(db, before, { ...wanted, limit: pageRecords });
          for (const record of page) {
            if (isWanted(record, wanted)) found.push(record);
            if (found.length === limit) return found;
          }
          before = page.at(-1)?.seq ?? null;
          if (page.length < pageRecords || before === null) return found;
        }
      }),
    read: (fromSeq, limit) =>
      run("read the audit", async () => {
        const rows = await db
          .selectFrom("audit")
          .selectAll()
          .where("seq", ">=", fromSeq)
          .orderBy("seq")
          .limit(limit)
          .execute();
        return rows.map(auditFromRow);
      }),
  };
}

const pageRecords = 500;

type Wanted = Omit<Parameters<AuditStore["list"]>[0], "beforeSeq" | "limit">;

async function readPage(
  db: Kysely<Tables>,
  beforeSeq: number | null,
  { limit, subjectId, actor, fromMs, toMs }: Wanted & { readonly limit: number },
): Promise<readonly AuditRecord[]> {
  let query = db.selectFrom("audit").selectAll();
  if (beforeSeq !== null) query = query.where("seq", "<", beforeSeq);
  if (subjectId !== undefined) query = query.where("subject_id", "=", subjectId);
  if (actor !== undefined) query = query.where("actor", "=", actor);
  if (fromMs !== undefined) query = query.where("at_ms", ">=", fromMs);
  if (toMs !== undefined) query = query.where("at_ms", "<", toMs);
  const rows = await query.orderBy("seq", "desc").limit(limit).execute();
  return rows.map(auditFromRow);
}

function isWanted(record: AuditRecord, { action, outcome }: Wanted): boolean {
  if (outcome !== undefined && record.outcome !== outcome) return false;
  if (action === undefined) return true;
  return action.endsWith(".") ? record.action.startsWith(action) : record.action === action;
}

/** Within a transaction in turn, or two would come behind the same record. `entry` is clean. */
export async function appendEntry(
  trx: Transaction<Tables>,
  entry: AuditEntry,
): Promise<AuditRecord> {
  const record = linkEntry(entry, await readHead(trx));
  await trx.insertInto("audit").values(auditToRow(record)).execute();
  return record;
}

/** The same entry, written before; undefined: there is none. */
export async function findEntry(
  trx: Transaction<Tables>,
  entry: AuditEntry,
): Promise<AuditRecord | undefined> {
  const row = await trx
    .selectFrom("audit")
    .selectAll()
    .where("at_ms", "=", entry.atMs)
    .where("subject_id", "=", entry.subject.id)
    .where("entry_json", "=", entryText(entry))
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row && auditFromRow(row);
}

export async function readHead(db: Kysely<Tables>): Promise<ChainHead> {
  const last = await db
    .selectFrom("audit")
    .select(["seq", "sha256"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return last ?? emptyChain;
}
