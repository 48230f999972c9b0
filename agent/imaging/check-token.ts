import type { ReimageToken, SignedToken, TokenMachine } from "#proto/messages/reimage-token.ts";
import type { CellId, HostId } from "#proto/vocabulary/ids.ts";
import { fail, ok, type Result } from "#proto/vocabulary/result.ts";
import type { UnixMs } from "#proto/vocabulary/units.ts";
import { cleanText } from "#proto/vocabulary/wire-text.ts";
import { plainSerial } from "./same-disk.ts";

/**
 * Verifies the signature over `bytes` by one of the keys that this host trusts, and reads the token
 * out of those very bytes: the value beside them was signed by nobody. The problem is for people.
 */
export type OpenSigned = (signed: Omit<SignedToken, "token">) => Result<ReimageToken, string>;

/** What this machine knows by itself. null: it cannot see it. */
export interface TokenMeasure {
  readonly machine: TokenMachine;
  /** Of the identity that the installed system left, where it is known. */
  readonly identity: {
    readonly cell: CellId;
    readonly hostId: HostId;
    readonly generation: number;
  } | null;
  /** By the manager's clock as this host reckons it; null: nobody has told it the time yet. */
  readonly nowMs: UnixMs | null;
  readonly memory: TokenMemory;
  /** Words of the hold file; null: there is none. */
  readonly hold: string | null;
}

/** What outlives a restart of this host, from the order journal. */
export interface TokenMemory {
  /** Highest epoch seen. */
  readonly epoch: number;
  /** Ids that were carried out or given up. */
  readonly taken: readonly string[];
  /** The one that was begun and not ended: it may go on, however late. */
  readonly running: string | null;
}

export interface TokenRefusal {
  readonly kind:
    | "signature"
    | "identity"
    | "generation"
    | "machine"
    | "no-serial"
    | "epoch"
    | "taken"
    | "clock"
    | "not-yet"
    | "too-late"
    | "hold"
    | "empty";
  readonly words: string;
}

/** The token, if every fact in it is so here. The first that is not is the answer. */
export function checkToken(
  signed: Omit<SignedToken, "token">,
  open: OpenSigned,
  measure: TokenMeasure,
): Result<ReimageToken, TokenRefusal> {
  const opened = open(signed);
  if (!opened.ok) return fail({ kind: "signature", words: cleanText(opened.problem) });
  const token = opened.value;
  const refusal =
    judgeIdentity(token, measure) ??
    judgeMachine(token.machine, measure.machine) ??
    judgeHistory(token, measure) ??
    judgeTime(token, measure) ??
    judgeContents(token);
  if (refusal !== null) return fail(refusal);
  if (measure.hold !== null) return fail({ kind: "hold", words: cleanText(measure.hold) });
  return ok(token);
}

function judgeIdentity(token: ReimageToken, { identity }: TokenMeasure): TokenRefusal | null {
  if (identity === null) return null;
  const { cell, hostId, generation } = identity;
  if (token.cell !== cell || token.hostId !== hostId) {
    const words = `the token is for host ${token.hostId} of ${token.cell}, this is ${hostId} of ${cell}`;
    return { kind: "identity", words: cleanText(words) };
  }
  if (token.generation === generation) return null;
  const words = `the token is for generation ${token.generation}, this host is generation ${generation}`;
  return { kind: "generation", words };
}

function judgeMachine(expected: TokenMachine, seen: TokenMachine): TokenRefusal | null {
  const compared: (keyof TokenMachine)[] = [];
  for (const fact of ["systemSerial", "boardSerial", "smbiosUuid", "bmcMac"] as const) {
    const [wanted, found] = [expected[fact], seen[fact]];
    if (wanted === null || found === null) continue;
    compared.push(fact);
    const same =
      fact === "smbiosUuid"
        ? isSameUuid(wanted, found)
        : plainSerial(wanted) === plainSerial(found);
    if (!same) {
      const words = `the token says ${factWords[fact]} ${wanted}, this machine has ${found}`;
      return { kind: "machine", words: cleanText(words) };
    }
  }
  const macs = new Set(seen.macs.map((mac) => mac.toLowerCase()));
  const missing = expected.macs.find((mac) => !macs.has(mac.toLowerCase()));
  if (missing !== undefined) {
    const words = `the token names the network card ${missing}, which this machine does not have`;
    return { kind: "machine", words: cleanText(words) };
  }
  if (compared.includes("systemSerial") || compared.includes("boardSerial")) return null;
  const words = "neither serial of the token can be compared with one of this machine";
  return { kind: "no-serial", words };
}

function judgeHistory(token: ReimageToken, { memory }: TokenMeasure): TokenRefusal | null {
  if (token.epoch < memory.epoch) {
    const words = `epoch ${token.epoch} is over: this host has seen epoch ${memory.epoch}`;
    return { kind: "epoch", words };
  }
  if (memory.taken.includes(token.id))
    return { kind: "taken", words: `the token ${cleanText(token.id)} was taken before` };
  if (memory.running !== null && memory.running !== token.id && token.epoch === memory.epoch) {
    const words = `epoch ${token.epoch} is under way with the token ${cleanText(memory.running)}`;
    return { kind: "taken", words };
  }
  return null;
}

/** What has begun may end, however long it takes. */
function judgeTime(token: ReimageToken, { nowMs, memory }: TokenMeasure): TokenRefusal | null {
  if (memory.running === token.id) return null;
  if (nowMs === null) return { kind: "clock", words: "nobody has told this host what time it is" };
  const apart = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;
  if (nowMs < token.notBeforeMs) {
    const words = `the token begins in ${apart(token.notBeforeMs - nowMs)}`;
    return { kind: "not-yet", words };
  }
  if (nowMs < token.startBeforeMs) return null;
  const words = `the token could be begun until ${apart(nowMs - token.startBeforeMs)} ago`;
  return { kind: "too-late", words };
}

function judgeContents(token: ReimageToken): TokenRefusal | null {
  if (token.disks.length > 0 && token.layout.root.length > 0) return null;
  return { kind: "empty", words: "the token names no disk" };
}

/** Makers write the first three groups in either byte order. */
function isSameUuid(one: string, other: string): boolean {
  const [left, right] = [one.trim().toLowerCase(), other.trim().toLowerCase()];
  return left === right || turned(left) === right;
}

function turned(uuid: string): string {
  const turn = (group: string): string => group.match(/../g)?.reverse().join("") ?? group;
  const [a = "", b = "", c = "", ...rest] = uuid.split("-");
  return [turn(a), turn(b), turn(c), ...rest].join("-");
}

const factWords = {
  systemSerial: "system serial",
  boardSerial: "board serial",
  smbiosUuid: "UUID",
  bmcMac: "BMC",
} as const;
