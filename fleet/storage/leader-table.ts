import type { LeaderStore } from "#fleet/lifecycle/life-store.ts";
import { type UnixMs, unixMs } from "#proto/vocabulary/units.ts";
import type { Transaction } from "kysely";
import type { Engine } from "./engine.ts";
import type { Tables } from "./tables.ts";

/** The one row. */
const name = "cell";
/** Nobody holds it. */
const nobody = "";

/** Who leads, in the control store: one row, changed in turn. */
export function createLeaderTable({ db, run, inTurn }: Engine): LeaderStore {
  /** Who holds it keeps it, and its term: one statement, every few seconds. */
  const keep = async (holder: string, untilMs: UnixMs): Promise<number | undefined> => {
    const row = await db
      .updateTable("leadership")
      .set({ until_ms: untilMs })
      .where("name", "=", name)
      .where("holder", "=", holder)
      .returning("term")
      .executeTakeFirst();
    return row?.term;
  };
  return {
    async lead({ holder, nowMs, untilMs, unrenewed }) {
      const kept = await run("keep the leadership", () => keep(holder, untilMs));
      if (kept !== undefined) return { isLeader: true, term: kept, holder, untilMs };
      return inTurn("take the leadership", async (trx) => {
        const row = await trx
          .selectFrom("leadership")
          .selectAll()
          .where("name", "=", name)
          .executeTakeFirst();
        if (row === undefined) {
          const term = 1;
          await trx
            .insertInto("leadership")
            .values({ name, holder, term, until_ms: untilMs })
            .execute();
          return { isLeader: true, term, holder, untilMs };
        }
        const isUnrenewed =
          unrenewed !== undefined &&
          row.holder === unrenewed.holder &&
          row.term === unrenewed.term &&
          row.until_ms === unrenewed.untilMs;
        const isHeld = row.holder !== nobody && row.until_ms > nowMs && !isUnrenewed;
        if (isHeld && row.holder !== holder)
          return {
            isLeader: false,
            term: row.term,
            holder: row.holder,
            untilMs: unixMs(row.until_ms),
          };
        const term = row.holder === holder ? row.term : row.term + 1;
        await trx
          .updateTable("leadership")
          .set({ holder, term, until_ms: untilMs })
          .where("name", "=", name)
          .execute();
        return { isLeader: true, term, holder, untilMs };
      });
    },
    release: (holder) =>
      inTurn("give up the leadership", async (trx) => {
        await trx
          .updateTable("leadership")
          .set({ holder: nobody, until_ms: 0 })
          .where("name", "=", name)
          .where("holder", "=", holder)
          .execute();
      }),
  };
}

/**
 * Nobody leads any more, and whoever takes over has a term above `term`. Answers the term that was;
 * null: it is as late already, and nothing was changed.
 */
export async function raiseTerm(trx: Transaction<Tables>, term: number): Promise<number | null> {
  const row = await trx
    .selectFrom("leadership")
    .select("term")
    .where("name", "=", name)
    .executeTakeFirst();
  if (row !== undefined && row.term >= term) return null;
  const facts = { holder: nobody, term, until_ms: 0 };
  await trx
    .insertInto("leadership")
    .values({ name, ...facts })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(facts))
    .execute();
  return row?.term ?? 0;
}
