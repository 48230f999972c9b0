import { describe, expect, test } from "vitest";
import { createCapturedLog } from "#test/support/captured-log.ts";
import { createSeededRandom } from "#test/support/seeded-random.ts";
import { createVirtualClock } from "#test/support/virtual-clock.ts";
import { classifyEngineError } from "./engine-error.ts";
import { createRetry } from "./retry.ts";
import { StoreError } from "./store-error.ts";

const withCode = (code: string, message = "x") => Object.assign(new Error(message), { code });
const sqliteError = (errcode: number) =>
  Object.assign(new Error("sqlite"), { code: "ERR_SQLITE_ERROR", errcode });

function bench(mayHang = false) {
  const clock = createVirtualClock();
  const log = createCapturedLog();
  const run = createRetry({ clock, random: createSeededRandom(1), log }, { mayHang });
  return { clock, log, run };
}

describe("an error of an engine means", () => {
  test.each([
    ["SQLITE_BUSY", sqliteError(5), "passing"],
    ["SQLITE_BUSY_SNAPSHOT", sqliteError(517), "passing"],
    ["SQLITE_LOCKED", sqliteError(6), "passing"],
    ["SQLITE_FULL", sqliteError(13), "full"],
    ["SQLITE_CORRUPT_INDEX", sqliteError(779), "damaged"],
    ["SQLITE_NOTADB", sqliteError(26), "damaged"],
    ["SQLITE_CONSTRAINT_UNIQUE", sqliteError(2067), "conflict"],
    ["SQLITE_CONSTRAINT_PRIMARYKEY", sqliteError(1555), "conflict"],
    ["SQLITE_CONSTRAINT_NOTNULL", sqliteError(1299), "other"],
    ["unique_violation", withCode("23505"), "conflict"],
    ["serialization_failure", withCode("40001"), "passing"],
    ["deadlock_detected", withCode("40P01"), "passing"],
    ["too_many_connections", withCode("53300"), "passing"],
    ["admin_shutdown", withCode("57P01"), "passing"],
    ["connection_failure", withCode("08006"), "passing"],
    ["disk_full", withCode("53100"), "full"],
    ["data_corrupted", withCode("XX001"), "damaged"],
    ["undefined_table", withCode("42P01"), "other"],
    ["a refused connection", withCode("ECONNREFUSED"), "passing"],
    ["a lost connection", new Error("Connection terminated unexpectedly"), "passing"],
    ["a defect of ours", new TypeError("x is not a function"), "other"],
    ["no error at all", "text", "other"],
  ])("%s: %s is %s", (_, error, expected) => {
    expect(classifyEngineError(error)).toBe(expected);
  });
});

describe("work on the store", () => {
  test("is tried again when what stopped it passes, and warns once", async () => {
    const { clock, log, run } = bench();
    let tries = 0;
    const answer = run("write", async () => {
      tries += 1;
      if (tries < 5) throw sqliteError(5);
      return "done";
    });
    await clock.runUntilIdle();
    expect(await answer).toBe("done");
    expect(tries).toBe(5);
    expect(log.lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  });

  test("is given up after 30 s, with what to look at", async () => {
    const { clock, run } = bench();
    let tries = 0;
    const answer = run("write", async () => {
      tries += 1;
      throw withCode("ECONNREFUSED");
    }).catch((error: unknown) => error);
    await clock.advance(29_999);
    expect(clock.timers()).toBe(1);
    await clock.advance(1);
    expect(await answer).toMatchObject({ name: "StoreError", code: "STORE_UNREACHABLE" });
    expect(String(await answer)).toMatch(/did not answer for 30 s; see that the database runs/);
    expect(tries).toBeGreaterThan(15);
    expect(tries).toBeLessThan(200);
  });

  test.each([
    ["STORE_FULL", sqliteError(13), /make room/],
    ["STORE_DAMAGED", sqliteError(11), /restore a backup/],
    ["STORE_FAILED", withCode("42P01", "no such table"), /write: no such table/],
  ])("ends at once with %s", async (code, cause, message) => {
    const { clock, run } = bench();
    const failure = await run("write", async () => {
      throw cause;
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, cause });
    expect(String(failure)).toMatch(message);
    expect(clock.timers()).toBe(0);
  });

  test("hands an error of ours on as it is", async () => {
    const { run } = bench();
    const ours = new StoreError("STORE_NEWER", "newer");
    await expect(
      run("open", async () => {
        throw ours;
      }),
    ).rejects.toBe(ours);
  });

  test("sets no timer where nothing can hang and all goes well", async () => {
    const { clock, run } = bench();
    const answer = run("write", async () => 1);
    expect(clock.timers()).toBe(0);
    expect(await answer).toBe(1);
  });

  test("that never answers is given up after 30 s", async () => {
    const { clock, run } = bench(true);
    const answer = run("write", () => new Promise<never>(() => {})).catch(
      (error: unknown) => error,
    );
    await clock.advance(30_000);
    expect(await answer).toMatchObject({ code: "STORE_UNREACHABLE" });
    expect(clock.timers()).toBe(0);
  });

  test("that answers leaves no timer behind", async () => {
    const { clock, run } = bench(true);
    expect(await run("write", async () => 1)).toBe(1);
    expect(clock.timers()).toBe(0);
  });
});
