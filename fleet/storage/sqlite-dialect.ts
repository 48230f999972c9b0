import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteDialect,
  type SqliteDatabase,
  SqliteDriver,
  type SqliteStatement,
} from "kysely";

/**
 * Kysely over `node:sqlite`. Every statement runs at once, so a transaction waits for nothing but
 * promises that are already settled: no timer, no other thread; a simulation on virtual time may
 * use it. Whole numbers beyond 2^53 are refused by the engine, not rounded.
 */
export function createSqliteDialect(database: DatabaseSync): Dialect {
  const plain = new SqliteDialect({ database: asKyselyDatabase(database) });
  return {
    createDriver: () => new ImmediateDriver(database),
    createAdapter: () => plain.createAdapter(),
    createQueryCompiler: () => plain.createQueryCompiler(),
    createIntrospector: (db) => plain.createIntrospector(db),
  };
}

/** Takes the write lock when a transaction begins: no deadlock halfway, no surprise at the end. */
class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: asKyselyDatabase(database) });
    this.#database = database;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk ends the transaction by itself; a rollback would then hide the real error.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

const statementsMax = 200;

/** Keeps prepared statements: Kysely gives the same text for the same query. */
function asKyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => {
      prepared.clear();
      database.close();
    },
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = asKyselyStatement(database.prepare(sql));
      if (prepared.size >= statementsMax) prepared.clear();
      // A schema change may give a kept `select *` other columns; ours name theirs.
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bindable(parameters)),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (
      value === null ||
      typeof value === "string" ||
      typeof value === "number" ||
      typeof value === "bigint" ||
      value instanceof Uint8Array
    )
      return value;
    throw new TypeError(`a ${typeof value} cannot be stored`);
  });
}
