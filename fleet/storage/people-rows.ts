import { Type } from "typebox";
import { Value } from "typebox/value";
import { checkGrant, type Grant } from "#fleet/identity/grants.ts";
import type { StoredUser } from "#fleet/identity/people-store.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import type { PersonRow } from "./identity-columns.ts";
import { damagedRow } from "./store-error.ts";
import { parseJson } from "./stored-json.ts";

const grantsSchema = Type.Array(Type.Object({ role: Type.String(), scope: Type.String() }));

/** Grants that cannot be read let nobody do anything: the start stops. Throws StoreError. */
export function parseGrants(json: string): readonly Grant[] {
  const value = parseJson(json);
  if (!Value.Check(grantsSchema, value)) throw damagedRow(`grants are ${json.slice(0, 80)}`);
  return value.map(({ role, scope }) => {
    const grant = checkGrant(role, scope);
    if (!grant.ok) throw damagedRow(`a grant: ${grant.problem}`);
    return grant.value;
  });
}

export function grantsText(grants: readonly Grant[]): string {
  return JSON.stringify(grants.map(({ role, scope }) => ({ role, scope })));
}

export function userFromRow(row: PersonRow): StoredUser {
  if (row.kind !== "person" && row.kind !== "service")
    throw damagedRow(`the kind of user ${row.name} is "${row.kind}"`);
  return {
    name: row.name,
    displayName: row.display_name,
    kind: row.kind,
    isDisabled: row.disabled !== 0,
    grants: parseGrants(row.grants_json),
    passwordHash: row.password_hash,
    createdMs: unixMs(row.created_ms),
    version: row.version,
  };
}

export function userToRow(user: StoredUser): PersonRow {
  return {
    name: user.name,
    display_name: user.displayName,
    kind: user.kind,
    disabled: user.isDisabled ? 1 : 0,
    password_hash: user.passwordHash,
    grants_json: grantsText(user.grants),
    created_ms: user.createdMs,
    version: user.version,
  };
}
