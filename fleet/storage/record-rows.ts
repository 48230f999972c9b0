import { damagedRow } from "./store-error.ts";

/**
 * How records of one kind stand in a table: whole in `record_json`, and what is asked for in columns
 * as well. Where the two say different things somebody wrote into the database by hand:
 * STORE_DAMAGED.
 */
export interface RecordRows<Value, Columns> {
  toRow(value: Value): Columns & { readonly record_json: string };
  /** Throws STORE_DAMAGED with the id and the column. */
  fromRow(row: Columns & { readonly record_json: string }): Value;
}

export function createRecordRows<Value, Columns extends { readonly id: string }>(kind: {
  /** In words, for whoever reads that a row is damaged. */
  readonly what: string;
  readonly columns: (value: Value) => Columns;
  /** The record in the JSON of the row with this id; throws STORE_DAMAGED where it is none. */
  readonly read: (id: string, json: string) => Value;
  readonly write?: (value: Value) => string;
}): RecordRows<Value, Columns> {
  const { what, columns, read, write = JSON.stringify } = kind;
  return {
    toRow: (value) => ({ ...columns(value), record_json: write(value) }),
    fromRow: (row) => {
      const value = read(row.id, row.record_json);
      requireSame(row, columns(value), what);
      return value;
    },
  };
}

/** All columns but the JSON, which a later release may have written with more in it. */
function requireSame<Columns extends { readonly id: string }>(
  row: Columns,
  told: Columns,
  what: string,
): void {
  for (const key of Object.keys(told) as (keyof Columns)[])
    if (row[key] !== told[key])
      throw damagedRow(`${what} ${row.id} says two things of its ${String(key)}`);
}
