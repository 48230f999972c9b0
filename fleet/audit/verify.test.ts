import { describe, expect, test } from "vitest";
import { fc } from "#test/support/properties.ts";
import { auditEntry } from "#test/support/life-builders.ts";
import type { AuditRecord } from "./audit-entry.ts";
import { type ChainHead, emptyChain, linkEntry } from "./chain.ts";
import { type AuditVerdict, type ChainItem, readChain, verifyChain } from "./verify.ts";

/** `length` records, each with something of its own. */
function chainOf(length: number, actor = "ada"): AuditRecord[] {
  const records: AuditRecord[] = [];
  let head: ChainHead = emptyChain;
  for (let number = 1; number <= length; number += 1) {
    const record = linkEntry(auditEntry("hold.add", { actor, facts: { number } }), head);
    records.push(record);
    head = record;
  }
  return records;
}

/** The records from `seq` on with their hashes made anew, as a forger would who knows how. */
function forge(records: readonly AuditRecord[], seq: number): AuditRecord[] {
  const forged = records.slice(0, seq - 1);
  for (const record of records.slice(seq - 1)) {
    const entry = record.seq === seq ? { ...record, actor: "somebody else" } : record;
    forged.push(linkEntry(entry, forged.at(-1) ?? emptyChain));
  }
  return forged;
}

const headOf = (record: AuditRecord | undefined): ChainHead => ({
  seq: record?.seq ?? 0,
  sha256: record?.sha256 ?? "",
});

async function* stream(items: readonly ChainItem[]): AsyncGenerator<ChainItem> {
  yield* items;
}

const verify = (items: readonly ChainItem[], heads: readonly ChainHead[] = []) =>
  verifyChain(stream(items), heads);

const places = fc
  .integer({ min: 2, max: 40 })
  .chain((length) => fc.tuple(fc.constant(length), fc.integer({ min: 1, max: length })));

describe("the chain", () => {
  test("is whole where nobody touched it, and says where it ends", async () => {
    expect(await verify([])).toEqual({
      records: 0,
      head: emptyChain,
      fault: null,
      headsConfirmed: 0,
    } satisfies AuditVerdict);
    const records = chainOf(50);
    const heads = [records[9], records[49]].map(headOf);
    expect(await verify(records, heads)).toEqual({
      records: 50,
      head: headOf(records[49]),
      fault: null,
      headsConfirmed: 2,
    });
  });

  test("names the record that was edited, whichever and wherever", async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(4), async ([length, seq], what) => {
        const records: ChainItem[] = chainOf(length);
        const record = chainOf(length)[seq - 1];
        if (record === undefined) throw new Error("no such record");
        records[seq - 1] = [
          { ...record, actor: "eve" },
          { ...record, facts: {} },
          { ...record, outcome: "denied" as const },
          { ...record, sha256: "0".repeat(64) },
          { seq, unreadable: "no JSON" },
        ][what] as ChainItem;
        const { fault } = await verify(records);
        expect(fault).toMatchObject({ kind: "edited", seq });
      }),
    );
  });

  test("names the first record that is gone", async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 5 }), async ([length, seq], many) => {
        const records = chainOf(length).filter((one) => one.seq < seq || one.seq >= seq + many);
        const heads = [headOf(chainOf(length).at(-1))];
        const { fault } = await verify(records, heads);
        expect(fault).toMatchObject({
          kind: seq + many > length ? "cut" : "deleted",
          seq,
        });
      }),
    );
  });

  test("names the first of two records that changed places", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 40 })
          .chain((length) =>
            fc.tuple(
              fc.constant(length),
              fc.uniqueArray(fc.integer({ min: 1, max: length }), { minLength: 2, maxLength: 2 }),
            ),
          ),
        async ([length, pair]) => {
          const [first, second] = [Math.min(...pair), Math.max(...pair)];
          const records = chainOf(length).map((record) => {
            if (record.seq === first) return { ...record, seq: second };
            if (record.seq === second) return { ...record, seq: first };
            return record;
          });
          const sorted = records.toSorted((left, right) => left.seq - right.seq);
          expect((await verify(sorted)).fault).toMatchObject({ kind: "reordered", seq: first });
        },
      ),
    );
  });

  test("names a record that was written anew with its own hash", async () => {
    const records = chainOf(9);
    const forged = forge(records, 4)[3];
    if (forged === undefined) throw new Error("no such record");
    records[3] = forged;
    expect((await verify(records)).fault).toMatchObject({ kind: "edited", seq: 4 });
  });

  test("that was made anew to its end is found by a head exported before", async () => {
    const records = chainOf(20);
    const heads = [5, 10, 15].map((seq) => headOf(records[seq - 1]));
    const forged = forge(records, 12);
    expect((await verify(forged)).fault).toBeNull();
    const verdict = await verify(forged, heads);
    expect(verdict.fault).toMatchObject({ kind: "rewritten", seq: 11 });
    expect(verdict.fault?.words).toContain("11 to 15");
    expect(verdict.headsConfirmed).toBe(2);
  });

  test("that was emptied, or cut at its end, is found by a head exported before", async () => {
    const records = chainOf(20);
    const heads = [headOf(records[14])];
    expect((await verify([], heads)).fault).toMatchObject({ kind: "cut", seq: 1 });
    expect((await verify(records.slice(0, 14), heads)).fault).toMatchObject({
      kind: "cut",
      seq: 15,
    });
    expect((await verify(records.slice(0, 15), heads)).fault).toBeNull();
  });

  test("whose records were put in behind its end is judged with them", async () => {
    const records = chainOf(3);
    const more = linkEntry(auditEntry("x"), { ...emptyChain, seq: 3 });
    // Either is wrong: the third, or the fourth. An exported head says that the third is right.
    expect((await verify([...records, more])).fault).toMatchObject({ kind: "edited", seq: 3 });
    expect((await verify([...records, more], [headOf(records[2])])).fault).toMatchObject({
      kind: "edited",
      seq: 4,
    });
  });
});

describe("a store's chain", () => {
  const breathe = async (): Promise<void> => {};
  const collect = async (
    read: (from: number, limit: number) => Promise<readonly AuditRecord[]>,
  ) => {
    const items: ChainItem[] = [];
    for await (const item of readChain({ read }, breathe)) items.push(item);
    return items;
  };

  test("is read page by page to its end", async () => {
    const records = chainOf(1_203);
    const items = await collect(async (from, limit) => records.slice(from - 1, from - 1 + limit));
    expect(items).toEqual(records);
  });

  test("ends with the record that cannot be read, and names it", async () => {
    const records = chainOf(30);
    const damage = Object.assign(new Error("cut JSON"), { code: "STORE_DAMAGED" });
    const items = await collect(async (from, limit) => {
      if (from <= 17 && from + limit > 17) throw damage;
      return records.slice(from - 1, from - 1 + limit);
    });
    expect(items).toHaveLength(17);
    expect(items.at(-1)).toEqual({ seq: 17, unreadable: "cut JSON" });
  });

  test("that does not answer is no damage", async () => {
    await expect(
      collect(async () => {
        throw new Error("no connection");
      }),
    ).rejects.toThrow("no connection");
  });
});
