import type { AuditRecord, AuditStore } from "./audit-entry.ts";
import { type ChainHead, emptyChain, hashEntry } from "./chain.ts";

/** A record that is stored, and cannot be read as one. */
export interface UnreadableRecord {
  readonly seq: number;
  readonly unreadable: string;
}
export type ChainItem = AuditRecord | UnreadableRecord;

/**
 * `edited`: what it says is not what was written. `deleted`: there is none of that number.
 * `reordered`: it stands under the number of another. `cut`: records at the end are gone, or all.
 * `rewritten`: the chain holds together, and is not the one whose head was exported.
 */
export type AuditFaultKind = "edited" | "deleted" | "reordered" | "cut" | "rewritten";

export interface AuditFault {
  readonly kind: AuditFaultKind;
  /** The first bad record. */
  readonly seq: number;
  readonly words: string;
}

export interface AuditVerdict {
  /** How many were read before the fault, or in all. */
  readonly records: number;
  /** The end of what is sound. */
  readonly head: ChainHead;
  /** null: the chain is whole. */
  readonly fault: AuditFault | null;
  /** How many of the exported heads the chain agrees with. */
  readonly headsConfirmed: number;
}

/** So many records behind a bad one are looked at, to say what became of the one that is missing. */
const lookAhead = 1_000;

/**
 * Follows the chain from its first record and ends at the first that does not belong. A forger who
 * rewrites a record and all hashes behind it is found by the heads that were exported before: keep
 * them where the forger cannot write.
 */
export async function verifyChain(
  items: AsyncIterable<ChainItem>,
  exported: readonly ChainHead[],
): Promise<AuditVerdict> {
  const heads = new Map(exported.map(({ seq, sha256 }) => [seq, sha256]));
  let headsConfirmed = 0;
  /** Up to here the records are those that were exported. */
  let confirmedSeq = 0;
  let head = emptyChain;
  const stop = (fault: AuditFault): AuditVerdict => ({
    records: head.seq,
    head,
    fault,
    headsConfirmed,
  });
  const reader = items[Symbol.asyncIterator]();
  for (;;) {
    const { value: item, done } = await reader.next();
    if (done === true) break;
    const bad = judgeItem(item, head, confirmedSeq);
    if (bad === "broken") return stop(await explainBreak(item, head, reader));
    if (bad !== null) return stop(bad);
    if ("unreadable" in item) continue;
    const expected = heads.get(item.seq);
    if (expected !== undefined && expected !== item.sha256)
      return stop(rewritten(item.seq, confirmedSeq));
    if (expected !== undefined) {
      headsConfirmed += 1;
      confirmedSeq = item.seq;
    }
    head = { seq: item.seq, sha256: item.sha256 };
  }
  const last = Math.max(0, ...heads.keys());
  if (last > head.seq)
    return stop({
      kind: "cut",
      seq: head.seq + 1,
      words: `the audit ends with record ${head.seq}, and record ${last} was there when its head was exported`,
    });
  return { records: head.seq, head, fault: null, headsConfirmed };
}

/** What is wrong with a record in its place; `broken`: it is not the one that belongs there. */
function judgeItem(
  item: ChainItem,
  head: ChainHead,
  confirmedSeq: number,
): AuditFault | "broken" | null {
  const seq = head.seq + 1;
  if (item.seq !== seq) return deleted(seq, item.seq);
  if ("unreadable" in item) return { kind: "edited", seq, words: item.unreadable };
  const isItself = hashEntry(item, item.seq, item.previousSha256) === item.sha256;
  if (isItself && item.previousSha256 === head.sha256) return null;
  if (!isItself || head.seq <= confirmedSeq) return "broken";
  return {
    kind: "edited",
    seq: head.seq,
    words: `record ${head.seq} was written anew with its hash: record ${seq} follows another`,
  };
}

function deleted(seq: number, next: number): AuditFault {
  const last = next - 1;
  const words =
    last > seq ? `records ${seq} to ${last} are not there` : `record ${seq} is not there`;
  return { kind: "deleted", seq, words: `${words}; record ${next} is` };
}

function rewritten(seq: number, confirmedSeq: number): AuditFault {
  return {
    kind: "rewritten",
    seq: confirmedSeq + 1,
    words: `record ${seq} is not the one whose hash was exported: one of the records ${confirmedSeq + 1} to ${seq} was changed, and all hashes behind it were made anew`,
  };
}

/** Is the record that belongs here further behind? Then two were exchanged, else this one was edited. */
async function explainBreak(
  item: ChainItem,
  head: ChainHead,
  reader: AsyncIterator<ChainItem>,
): Promise<AuditFault> {
  const seq = head.seq + 1;
  for (let ahead = 0; ahead < lookAhead; ahead += 1) {
    const { value, done } = await reader.next();
    if (done === true) break;
    if ("unreadable" in value || value.previousSha256 !== head.sha256) continue;
    if (hashEntry(value, seq, head.sha256) !== value.sha256) continue;
    const words = `record ${seq} stands under number ${value.seq}, and another one in its place`;
    return { kind: "reordered", seq, words };
  }
  const what = "unreadable" in item ? item.unreadable : `it says ${item.action} by ${item.actor}`;
  return {
    kind: "edited",
    seq,
    words: `record ${seq} is not what was written: ${what}, and that has another hash`,
  };
}

const recordsPerPage = 500;

/** All records of a store in the order of the chain, a page at a time. */
export async function* readChain(
  store: Pick<AuditStore, "read">,
  breathe: () => Promise<void>,
): AsyncGenerator<ChainItem> {
  for (let from = 1; ; ) {
    let page: readonly ChainItem[];
    try {
      page = await store.read(from, recordsPerPage);
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      page = await readOneByOne(store, from);
    }
    yield* page;
    const last = page.at(-1);
    if (last === undefined || "unreadable" in last) return;
    from = last.seq + 1;
    if (page.length === recordsPerPage) await breathe();
  }
}

/** Up to the first that cannot be read, and that one. */
async function readOneByOne(
  store: Pick<AuditStore, "read">,
  from: number,
): Promise<readonly ChainItem[]> {
  const items: ChainItem[] = [];
  for (let seq = from; items.length < recordsPerPage; ) {
    try {
      const [record] = await store.read(seq, 1);
      if (record === undefined) break;
      items.push(record);
      seq = record.seq + 1;
    } catch (cause) {
      if (!isDamage(cause)) throw cause;
      items.push({ seq, unreadable: cause.message });
      break;
    }
  }
  return items;
}

function isDamage(cause: unknown): cause is Error {
  return cause instanceof Error && "code" in cause && cause.code === "STORE_DAMAGED";
}
