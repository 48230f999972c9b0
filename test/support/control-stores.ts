import { afterAll, afterEach, beforeAll, describe } from "vitest";
import { type ControlStore, openControlStore } from "#fleet/storage/control-store.ts";
import type { StorePlace } from "#fleet/storage/engine.ts";
import { silentLog } from "#proto/vocabulary/log.ts";
import { testCell } from "./inventory-builders.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { systemClock } from "./system-clock.ts";

export interface StoreBench {
  /** A place where nothing is yet. */
  freshPlace(): Promise<StorePlace>;
  /** Opens a store, by default on a fresh place, and closes it after the test. */
  open(place?: StorePlace): Promise<ControlStore>;
  /** Runs after the test, before the engine ends. */
  closeLater(close: () => Promise<void>): void;
}

/** Says the same of both engines: a contract. */
export function describeBothEngines(name: string, tests: (bench: StoreBench) => void): void {
  describe(`${name}, on SQLite`, () => {
    const freshPlace = async (): Promise<StorePlace> => ({ sqlite: ":memory:" });
    tests(createBench({ freshPlace, storePlace: freshPlace }));
  });

  describe(`${name}, on PostgreSQL`, () => {
    let server: PostgresServer | undefined;
    let template: Promise<string> | undefined;
    const running = (): PostgresServer => {
      if (server === undefined) throw new Error("PostgreSQL does not run yet");
      return server;
    };
    const makeTemplate = async (): Promise<string> => {
      const url = await running().createDatabase();
      const store = await openControlStore({ postgres: url }, storeOptions);
      await store.close();
      return url;
    };
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.stop());
    tests(
      createBench({
        freshPlace: async () => ({ postgres: await running().createDatabase() }),
        async storePlace() {
          template ??= makeTemplate();
          return { postgres: await running().createDatabase(await template) };
        },
      }),
    );
  });
}

interface Places {
  readonly freshPlace: () => Promise<StorePlace>;
  /** Where an empty store may be already: its tables are quicker copied than made. */
  readonly storePlace: () => Promise<StorePlace>;
}

function createBench({ freshPlace, storePlace }: Places): StoreBench {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });
  return {
    freshPlace,
    async open(place) {
      const store = await openControlStore(place ?? (await storePlace()), storeOptions);
      opened.push(() => store.close());
      return store;
    },
    closeLater: (close) => void opened.push(close),
  };
}

export const storeOptions = {
  log: silentLog,
  clock: systemClock,
  random: createSeededRandom(1),
  release: "0.1.0",
  cell: testCell,
} as const;
