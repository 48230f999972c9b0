import type { Brand } from "./brand.ts";
import type { Random } from "./random.ts";
import { fail, ok, type Result } from "./result.ts";

/** Our own id of a server, a UUIDv7; serials and addresses are only hints. */
export type HostId = Brand<string, "HostId">;
/** One boot of a host, as its kernel names it. */
export type BootId = Brand<string, "BootId">;
/** One run of an agent. */
export type IncarnationId = Brand<string, "IncarnationId">;
/** One numbering of reports; sequence numbers count within it, from 1. */
export type SpoolId = Brand<string, "SpoolId">;
/** One connection of an agent to a gateway. */
export type SessionId = Brand<string, "SessionId">;
/** A machine that called in and that nobody has claimed yet. */
export type PendingId = Brand<string, "PendingId">;
/** One manager with its store. */
export type CellId = Brand<string, "CellId">;
/** The one exclusive thing being done to a host, or that was done. */
export type OperationId = Brand<string, "OperationId">;
/** Ordered steps towards a desired state, over a frozen list of hosts. */
export type PlanId = Brand<string, "PlanId">;
export type HoldId = Brand<string, "HoldId">;
export type LeaseId = Brand<string, "LeaseId">;
/** Whose work runs on leased hosts. */
export type TenantId = Brand<string, "TenantId">;
export type AlertId = Brand<string, "AlertId">;
/** A person's word that some alerts need not be told for a while. */
export type SilenceId = Brand<string, "SilenceId">;
/** One message about one change of an alert over one channel; the same however often it is sent. */
export type DeliveryId = Brand<string, "DeliveryId">;
/** SHA-256 of a public key's SPKI, lower-case hex; what authorises a host. */
export type KeyFingerprint = Brand<string, "KeyFingerprint">;
/** SHA-256 of a dictionary's canonical bytes, lower-case hex, first 32 digits. */
export type DictionaryDigest = Brand<string, "DictionaryDigest">;

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const cellForm = /^[a-z][a-z0-9-]{0,31}$/;

export type IdProblem = { readonly kind: "not-a-uuid" | "not-a-cell-name"; readonly text: string };

/** Lower-case, dashed UUID text of any version, or why not. */
export function parseUuid<Id extends Brand<string, string>>(text: string): Result<Id, IdProblem> {
  return uuidForm.test(text)
    ? ok(text as Id)
    : fail({ kind: "not-a-uuid", text: text.slice(0, 64) });
}

export function parseCellId(text: string): Result<CellId, IdProblem> {
  return cellForm.test(text)
    ? ok(text as CellId)
    : fail({ kind: "not-a-cell-name", text: text.slice(0, 64) });
}

/** A UUID of version 7 (RFC 9562): 48 bits of unix milliseconds, then 74 random bits. */
export function newUuidV7<Id extends Brand<string, string>>(nowUnixMs: number, random: Random): Id {
  const bytes = new Uint8Array(16);
  bytes.set(random.bytes(10), 6);
  let time = Math.max(0, Math.floor(nowUnixMs));
  for (let index = 5; index >= 0; index -= 1) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
}
