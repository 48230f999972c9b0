import type { Kysely, Transaction } from "kysely";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import { cleanEntry } from "#fleet/audit/clean-entry.ts";
import {
  type Freeze,
  type FreezeStore,
  type FreezeWord,
  liftFreeze,
} from "#fleet/lifecycle/freeze.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { appendEntry } from "./audit-tables.ts";
import type { Engine } from "./engine.ts";
import { writeMeta } from "./migrate.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";
import type { Tables } from "./tables.ts";

export const freezeKey = "freeze";

const ms = Type.Unsafe<UnixMs>(Type.Number());
const freezeSchema = Type.Object({
  sinceMs: ms,
  by: Type.String(),
  reason: Type.String(),
  liftAsked: Type.Union([
    Type.Object({ by: Type.String(), reason: Type.String(), atMs: ms }),
    Type.Null(),
  ]),
});

/** Throws StoreError `STORE_DAMAGED`: a freeze that cannot be read is not lifted. */
export function parseFreeze(json: string): Freeze {
  const value = parseJson(json);
  if (Value.Check(freezeSchema, value)) return value;
  throw damagedRow(`the freeze is ${json.slice(0, 80)}`);
}

/** The freeze in the control store. */
export function createFreezeRows({ db, run, inTurn }: Engine): FreezeStore {
  return {
    read: () => run("read the freeze", () => readFreeze(db)),
    begin: (freeze) =>
      inTurn("freeze the cell", async (trx) => {
        const known = await readFreeze(trx);
        if (known !== null) return known;
        await writeMeta(trx, freezeKey, JSON.stringify(freeze));
        const { by, reason, sinceMs: atMs } = freeze;
        await appendEntry(trx, entryOf("cell.freeze", { by, reason, atMs }));
        return freeze;
      }),
    lift: (word, isAlone) =>
      inTurn("lift the freeze", async (trx) => {
        const lifted = liftFreeze(await readFreeze(trx), word, isAlone);
        if (!lifted.ok) return lifted;
        const { value } = lifted;
        if (value === null) await trx.deleteFrom("meta").where("key", "=", freezeKey).execute();
        else await writeMeta(trx, freezeKey, JSON.stringify(value));
        const action = value === null ? "cell.unfreeze" : "cell.unfreeze-ask";
        await appendEntry(trx, entryOf(action, word));
        return lifted;
      }),
  };
}

/** null: it is not frozen. */
export async function readFreeze(db: Kysely<Tables> | Transaction<Tables>): Promise<Freeze | null> {
  const row = await db
    .selectFrom("meta")
    .select("value")
    .where("key", "=", freezeKey)
    .executeTakeFirst();
  return row === undefined ? null : parseFreeze(row.value);
}

function entryOf(action: string, { by, reason, atMs }: FreezeWord): AuditEntry {
  return cleanEntry({
    atMs,
    actor: by,
    actorKind: "person",
    action,
    outcome: "done",
    subject: { kind: "cell", id: "cell", name: "cell", serial: null, rack: null },
    reason,
    planHash: null,
    facts: {},
  });
}
