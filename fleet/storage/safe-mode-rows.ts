import type { Kysely, Transaction } from "kysely";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { AuditEntry } from "#fleet/audit/audit-entry.ts";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import {
  acknowledge,
  hostsNamedMax,
  type SafeMode,
  type SafeModeStore,
} from "#fleet/lifecycle/safe-mode.ts";
import { fail, ok } from "#proto/vocabulary/result.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import { appendEntry } from "./audit-tables.ts";
import type { Engine } from "./engine.ts";
import { raiseTerm } from "./leader-table.ts";
import { writeMeta } from "./migrate.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";
import { hostId, maybeTime, time } from "./stored-lifecycle.ts";
import type { Tables } from "./tables.ts";

type Trx = Transaction<Tables>;

/** In `meta`: the mode while it lasts. */
const modeKey = "safe_mode";
/** In `meta` of a backup: when it was made. Whoever opens it as his store finds that it was restored. */
export const backupKey = "backup_ms";
/** More take-overs than there can have been since the backup. */
const restoredTermStep = 1_000;

const modeSchema = Type.Object({
  sinceMs: time,
  because: Type.Enum(["restored", "hosts-ahead"]),
  storeTerm: Type.Integer(),
  seenTerm: Type.Union([Type.Integer(), Type.Null()]),
  backupMs: maybeTime,
  hosts: Type.Array(hostId),
  acknowledged: Type.Array(Type.Object({ by: Type.String(), atMs: time, reason: Type.String() })),
});

/** Throws StoreError `STORE_DAMAGED`: a mode that cannot be read is not over. */
export function parseSafeMode(json: string): SafeMode {
  const value = parseJson(json);
  if (Value.Check(modeSchema, value)) return value;
  throw damagedRow(`safe mode is ${json.slice(0, 80)}`);
}

/** Safe mode in the control store. */
export function createSafeModeRows({ db, run, inTurn }: Engine): SafeModeStore {
  return {
    read: () => run("read safe mode", () => readMode(db)),
    enter: ({ seenTerm, hosts, atMs }) =>
      inTurn("enter safe mode", async (trx) => {
        const known = await readMode(trx);
        const storeTerm = await raiseTerm(trx, seenTerm);
        if (storeTerm === null) return known;
        const mode: SafeMode = {
          sinceMs: known?.sinceMs ?? atMs,
          because: known?.because ?? "hosts-ahead",
          storeTerm: known?.storeTerm ?? storeTerm,
          seenTerm,
          backupMs: known?.backupMs ?? null,
          hosts: hosts.slice(0, hostsNamedMax),
          // What was acknowledged before was another state of things.
          acknowledged: [],
        };
        await writeMeta(trx, modeKey, JSON.stringify(mode));
        const facts = { because: mode.because, storeTerm, seenTerm, hosts: hosts.length };
        await appendEntry(trx, entryOf("cell.safe-mode", null, atMs, facts));
        return mode;
      }),
    acknowledge: (word) =>
      inTurn("acknowledge safe mode", async (trx) => {
        const mode = await readMode(trx);
        if (mode === null) return fail("not-in-safe-mode");
        const next = acknowledge(mode, word);
        if (!next.ok) return next;
        const { isOver } = next.value;
        if (isOver) await trx.deleteFrom("meta").where("key", "=", modeKey).execute();
        else await writeMeta(trx, modeKey, JSON.stringify(next.value.mode));
        await appendEntry(trx, {
          ...entryOf(
            isOver ? "cell.safe-mode.end" : "cell.safe-mode.acknowledge",
            word.by,
            word.atMs,
            {
              storeTerm: mode.storeTerm,
            },
          ),
          reason: word.reason,
        });
        return ok(isOver ? null : next.value.mode);
      }),
  };
}

/** A store that was a backup is one no more: the term jumps, and safe mode begins. Answers whether it was. */
export function noticeRestored(engine: Engine): Promise<boolean> {
  const nowMs = engine.nowUnixMs();
  return engine.inTurn("see whether the store was restored", async (trx) => {
    const mark = await readMeta(trx, backupKey);
    if (mark === undefined) return false;
    const leader = await trx.selectFrom("leadership").select("term").executeTakeFirst();
    const storeTerm = leader?.term ?? 0;
    await raiseTerm(trx, storeTerm + restoredTermStep);
    const backupMs = unixMs(Number(mark));
    const mode: SafeMode = {
      sinceMs: nowMs,
      because: "restored",
      storeTerm,
      seenTerm: null,
      backupMs,
      hosts: [],
      acknowledged: [],
    };
    await writeMeta(trx, modeKey, JSON.stringify(mode));
    await trx.deleteFrom("meta").where("key", "=", backupKey).execute();
    const facts = { because: mode.because, storeTerm, backupMs };
    await appendEntry(trx, entryOf("cell.safe-mode", null, nowMs, facts));
    return true;
  });
}

/**
 * May a change be written while the store is not trusted? What only restricts (a hold, a pause, a
 * cancel) and locating, which harms nobody.
 */
export function isHarmless(change: LifeChange): boolean {
  const { operations = [], plans = [], leases = [], tenants = [], holdsReleased = [] } = change;
  return (
    leases.length === 0 &&
    tenants.length === 0 &&
    holdsReleased.length === 0 &&
    operations.every(({ record }) => record.kind === "locate" || isHalted(record.status)) &&
    plans.every(({ record }) => isHalted(record.status)) &&
    ((change.hosts ?? []).length === 0 || operations.length > 0)
  );
}

function isHalted(status: string): boolean {
  return status === "paused" || status === "canceled";
}

export async function isInSafeMode(trx: Trx): Promise<boolean> {
  return (await readMeta(trx, modeKey)) !== undefined;
}

async function readMode(db: Kysely<Tables>): Promise<SafeMode | null> {
  const json = await readMeta(db, modeKey);
  return json === undefined ? null : parseSafeMode(json);
}

async function readMeta(db: Kysely<Tables>, key: string): Promise<string | undefined> {
  const row = await db.selectFrom("meta").select("value").where("key", "=", key).executeTakeFirst();
  return row?.value;
}

function entryOf(
  action: string,
  by: string | null,
  atMs: UnixMs,
  facts: AuditEntry["facts"],
): AuditEntry {
  return {
    atMs,
    actor: by ?? "leadership",
    actorKind: by === null ? "automation" : "person",
    action,
    outcome: "done",
    subject: { kind: "cell", id: "cell", name: "cell", serial: null, rack: null },
    reason: null,
    planHash: null,
    facts,
  };
}
