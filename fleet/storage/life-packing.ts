import { createHash } from "node:crypto";
import type { LifeChange } from "#fleet/lifecycle/life-store.ts";
import { canonicalJson } from "#proto/vocabulary/canonical-json.ts";
import { hostToRow } from "./inventory-rows.ts";
import type { HoldRow } from "./life-columns.ts";
import {
  holdFromRow,
  holdToRow,
  leaseFromRow,
  leaseToRow,
  operationFromRow,
  operationToRow,
  planFromRow,
  planToRow,
  tenantFromRow,
  tenantToRow,
} from "./life-rows.ts";
import type { Tables } from "./tables.ts";

/** Tables whose records count their versions, in the order in which they may be written. */
export const versionedTables = ["tenants", "plans", "operations", "leases"] as const;
export type VersionedTable = (typeof versionedTables)[number];

export interface Packed<Row> {
  readonly row: Row;
  /** 0: it is new. */
  readonly expectedVersion: number;
}

/** A change as rows. */
export type PackedChange = {
  readonly [Table in VersionedTable]: readonly Packed<Tables[Table]>[];
} & {
  readonly holds: readonly HoldRow[];
  /** It changes no record: only the audit. */
  readonly isEmpty: boolean;
  /** Of all of it: two changes of one content are one change. */
  readonly sha256: string;
};

/**
 * Throws RangeError where a record's version does not follow the one that it replaces, and StoreError
 * `STORE_DAMAGED` where a record could not be read back: nobody would start on such a store again.
 */
export function packChange(change: LifeChange): PackedChange {
  for (const { record, expectedRevision } of change.hosts ?? [])
    requireNext(record.id, expectedRevision, record.revision);
  const packed = {
    tenants: pack(change.tenants ?? [], tenantToRow, tenantFromRow),
    plans: pack(change.plans ?? [], planToRow, planFromRow),
    operations: pack(change.operations ?? [], operationToRow, operationFromRow),
    leases: pack(change.leases ?? [], leaseToRow, leaseFromRow),
    holds: (change.holdsAdded ?? []).map(holdToRow),
  };
  for (const row of packed.holds) holdFromRow(row);
  const isEmpty =
    Object.values(packed).every((rows) => rows.length === 0) &&
    (change.hosts ?? []).length === 0 &&
    (change.holdsReleased ?? []).length === 0;
  const all = { ...packed, hosts: hostsOf(change), holdsReleased: change.holdsReleased ?? [] };
  return {
    ...packed,
    isEmpty,
    sha256: createHash("sha256").update(canonicalJson(all)).digest("hex"),
  };
}

function hostsOf(change: LifeChange): readonly object[] {
  return (change.hosts ?? []).map(({ record }) => hostToRow(record));
}

interface Versioned {
  readonly id: string;
  readonly version: number;
}

function pack<Item extends Versioned, Row>(
  items: readonly { readonly record: Item; readonly expectedVersion: number }[],
  toRow: (record: Item) => Row,
  fromRow: (row: Row) => Item,
): readonly Packed<Row>[] {
  return items.map(({ record, expectedVersion }) => {
    requireNext(record.id, expectedVersion, record.version);
    const row = toRow(record);
    fromRow(row);
    return { row, expectedVersion };
  });
}

function requireNext(id: string, expected: number, given: number): void {
  if (given !== expected + 1)
    throw new RangeError(`${id}: version ${given} does not follow ${expected}`);
}
