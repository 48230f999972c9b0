import type { MatchFact, PendingView, TokenView } from "#fleet/identity/host-identity.ts";
import type {
  PinnedKey,
  StoredSecret,
  StoredToken,
  TurnedAwayKey,
} from "#fleet/identity/identity-store.ts";
import type { Identity } from "#proto/messages/state.ts";
import type { HostId, KeyFingerprint, PendingId } from "#proto/vocabulary/ids.ts";
import { formatPosition, type Position, parsePosition } from "#proto/vocabulary/position.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type {
  EnrolmentTokenRow,
  PendingMachineRow,
  PeopleSecretRow,
  PinnedKeyRow,
  TurnedAwayKeyRow,
} from "./identity-columns.ts";
import { grantsText, parseGrants } from "./people-rows.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson, parseStoredIdentity } from "./stored-json.ts";

export function pinnedFromRow(row: PinnedKeyRow): PinnedKey {
  return {
    fingerprint: row.fingerprint as KeyFingerprint,
    hostId: row.host_id as HostId,
    generation: row.generation,
    pinnedMs: unixMs(row.pinned_ms),
  };
}

export function pinnedToRow(key: PinnedKey): PinnedKeyRow {
  return {
    fingerprint: key.fingerprint,
    host_id: key.hostId,
    generation: key.generation,
    pinned_ms: key.pinnedMs,
  };
}

export function turnedAwayFromRow(row: TurnedAwayKeyRow): TurnedAwayKey {
  const why = requireWord(["revoked", "dismissed"], row.why, "a turned away key's reason");
  return { why, sinceMs: unixMs(row.since_ms) };
}

const tokenKinds = ["host", "pending", "adopt"] as const satisfies readonly TokenView["kind"][];

export function tokenFromRow(row: EnrolmentTokenRow): StoredToken {
  return {
    id: row.id,
    kind: requireWord(tokenKinds, row.kind, "a token's kind"),
    secretSha256: row.secret_sha256,
    hostId: row.host_id as HostId,
    hostName: row.host_name,
    position: row.position === null ? null : requirePosition(row.position),
    usesLeft: row.uses_left,
    usedBy: row.used_by as KeyFingerprint | null,
    site: row.site,
    adopts: row.adopts === 1,
    rule: row.rule_json === null ? null : requireRule(row.rule_json),
    expiresMs: unixMs(row.expires_ms),
    createdMs: unixMs(row.created_ms),
    createdBy: row.created_by,
  };
}

export function tokenToRow(token: StoredToken): EnrolmentTokenRow {
  return {
    id: token.id,
    kind: token.kind,
    secret_sha256: token.secretSha256,
    host_id: token.hostId,
    host_name: token.hostName,
    position: token.position === null ? null : formatPosition(token.position),
    uses_left: token.usesLeft,
    used_by: token.usedBy,
    site: token.site,
    adopts: token.adopts ? 1 : 0,
    rule_json: token.rule === null ? null : JSON.stringify(token.rule),
    expires_ms: token.expiresMs,
    created_ms: token.createdMs,
    created_by: token.createdBy,
  };
}

export function pendingFromRow(row: PendingMachineRow): PendingView {
  return {
    id: row.id as PendingId,
    fingerprint: row.fingerprint as KeyFingerprint,
    address: row.address,
    identity: requireIdentity(row.identity_json),
    simulated: row.simulated === 1,
    firstSeenMs: unixMs(row.first_seen_ms),
    lastSeenMs: unixMs(row.last_seen_ms),
    tokenId: row.token_id,
  };
}

export function pendingToRow(pending: PendingView): PendingMachineRow {
  return {
    id: pending.id,
    fingerprint: pending.fingerprint,
    address: pending.address,
    identity_json: JSON.stringify(pending.identity),
    simulated: pending.simulated ? 1 : 0,
    first_seen_ms: pending.firstSeenMs,
    last_seen_ms: pending.lastSeenMs,
    token_id: pending.tokenId,
  };
}

const secretKinds = [
  "session",
  "signin-link",
  "api-token",
] as const satisfies readonly StoredSecret["kind"][];

export function secretFromRow(row: PeopleSecretRow): StoredSecret {
  return {
    secretSha256: row.secret_sha256,
    kind: requireWord(secretKinds, row.kind, "a secret's kind"),
    name: row.name,
    createdMs: unixMs(row.created_ms),
    expiresMs: unixMs(row.expires_ms),
    lastUsedMs: unixMs(row.last_used_ms),
    owner: row.owner,
    grants: row.grants_json === null ? null : parseGrants(row.grants_json),
  };
}

export function secretToRow(secret: StoredSecret): PeopleSecretRow {
  return {
    secret_sha256: secret.secretSha256,
    kind: secret.kind,
    name: secret.name,
    created_ms: secret.createdMs,
    expires_ms: secret.expiresMs,
    last_used_ms: secret.lastUsedMs,
    owner: secret.owner,
    grants_json: secret.grants === null ? null : grantsText(secret.grants),
  };
}

const ruleFacts = ["serial", "bmc-mac"] as const satisfies readonly MatchFact[];

/** A rule that cannot be read lets nobody in: the start stops. */
function requireRule(json: string): readonly MatchFact[] {
  const value = parseJson(json);
  if (!Array.isArray(value)) throw damagedRow(`a token's rule is ${json.slice(0, 80)}`);
  return value.map((fact) => requireWord(ruleFacts, String(fact), "a fact of a token's rule"));
}

function requirePosition(text: string): Position {
  const parsed = parsePosition(text);
  if (parsed.ok) return parsed.value;
  throw damagedRow(`a token's position is "${text}"`);
}

function requireIdentity(json: string): Identity {
  const identity = parseStoredIdentity(json);
  if (identity !== undefined) return identity;
  throw damagedRow("a pending machine's identity cannot be understood");
}

function requireWord<Word extends string>(
  words: readonly Word[],
  text: string,
  what: string,
): Word {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw damagedRow(`${what} is "${text}"`);
}
