import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import { describeBothEngines, storeOptions } from "#test/support/control-stores.ts";
import { fillStore } from "#test/support/store-contents.ts";
import { checkControlStore } from "./check-control-store.ts";
import { type Engine, openEngine } from "./engine.ts";
import { createHealthTables } from "./health-tables.ts";
import { createIdentityTables } from "./identity-tables.ts";
import { createInventoryTables } from "./inventory-tables.ts";
import { createLeaderTable } from "./leader-table.ts";
import { createLifeTables } from "./life-tables.ts";
import { createPeopleTables } from "./people-tables.ts";
import { migrate } from "./migrate.ts";
import { tableNames } from "./tables.ts";
import type { ControlStore } from "./control-store.ts";

describeBothEngines("the check", (bench) => {
  let engine: Engine;

  beforeEach(async () => {
    engine = await openEngine(await bench.freshPlace(), storeOptions);
    bench.closeLater(() => engine.close());
    await migrate(engine, storeOptions);
    const doors = {
      inventory: createInventoryTables(engine, storeOptions.log),
      identity: createIdentityTables(engine),
      people: createPeopleTables(engine),
      health: createHealthTables(engine, storeOptions.log),
      lifecycle: createLifeTables(engine),
      leader: createLeaderTable(engine),
    };
    await fillStore(doors as ControlStore);
  });

  const unsound = async (): Promise<readonly string[]> =>
    (await checkControlStore(engine)).flatMap(({ what, isSound, detail }) =>
      isSound ? [] : [`${what}: ${detail}`],
    );

  test("of a sound store names every table and counts its rows", async () => {
    const findings = await checkControlStore(engine);
    expect(findings.map(({ what }) => what)).toEqual(
      tableNames.map((table) => `control store: ${table}`),
    );
    expect(findings.filter(({ isSound }) => !isSound)).toEqual([]);
    expect(findings.find(({ what }) => what.endsWith("hosts"))?.detail).toBe("2 rows");
  });

  describe("finds", () => {
    test.each([
      ["a phase that is none", "update hosts set phase = 'happy'", /hosts.*"happy"/],
      ["a region that is none", "update sites set region = 'mars'", /sites.*"mars"/],
      ["a state that is cut", "update host_states set state_json = '{\"rev'", /host_states/],
      ["a memory that is cut", "update host_health set memory_json = '{\"ju'", /host_health/],
      ["an event of no kind", "update host_events set event_json = '{}'", /host_events/],
      ["half a position", "update hosts set unit = null where unit is not null", /half a position/],
      ["a rack under another name", "update racks set rack = 'rack-08'", /racks.*rack-08/],
      ["a token's place that is none", "update enrolment_tokens set position = 'x'", /"x"/],
      ["an identity that is none", "update pending_machines set identity_json = '[]'", /pending/],
      ["a secret of no kind", "update people_secrets set kind = 'cookie'", /"cookie"/],
      [
        "an operation that is cut",
        "update operations set record_json = '{\"id' where status = 'done'",
        /operations/,
      ],
      [
        "an operation whose status was changed by hand",
        "update operations set status = 'failed' where status = 'done'",
        /operations.*two things of its status/,
      ],
      ["a plan of no kind", "update plans set record_json = '{}'", /plans/],
      [
        "an operation that its host does not know",
        "update hosts set op_json = null",
        /operations.*under way on host host-1, which is in none/,
      ],
      [
        "a host in an operation that is gone",
        "delete from operations where status = 'running'",
        /hosts.*host-1 is in operation .*not under way/,
      ],
      ["an operation of a plan that is gone", "delete from plans", /belongs to plan .*not there/],
      [
        "an epoch that went back",
        "update hosts set epoch = 0",
        /hosts.*at epoch 0, and its operation at 1/,
      ],
      [
        "a hold of a lease that is gone",
        "delete from leases",
        /holds.*of lease .*which is not there/,
      ],
      [
        "a lease on a host that is gone",
        "update leases set host_id = 'nowhere', record_json = replace(record_json, '000000000002', '00000000000z')",
        /leases.*nowhere, which is not there/,
      ],
      [
        "a host that two have, one of them alone",
        "insert into leases select 'x', host_id, tenant_id, 'shared', ended_ms, version, record_json from leases",
        /leases.*together, and one of them alone/,
      ],
      [
        "an audit record that was edited",
        "update audit set actor = 'eve' where seq = 1",
        /audit: record 1 edited/,
      ],
      ["an audit record that is gone", "delete from audit where seq = 1", /record 1 deleted/],
      ["a leader with no term", "update leadership set term = 0", /leadership.*term 0/],
      [
        "a schema that is another",
        "update meta set value = '9000' where key = 'schema_version'",
        /version is 9000, not \d+$/m,
      ],
    ])("%s", async (_, damage, expected) => {
      await sql.raw(damage).execute(engine.db);
      const found = await unsound();
      expect(found.length).toBeGreaterThan(0);
      expect(found.join("\n")).toMatch(expected);
    });

    test("two hosts in one place, one of them taller", async () => {
      await sql
        .raw(
          "update hosts set rack_id = 'fra2/row-b/rack-07', unit = 11, height_units = 2 where unit is null",
        )
        .execute(engine.db);
      expect((await unsound()).join()).toMatch(/both at fra2\/row-b\/rack-07\/u12/);
    });

    test("a table that is gone, and goes on with the others", async () => {
      await sql.raw("drop table people_secrets").execute(engine.db);
      const found = await unsound();
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/people_secrets/);
    });
  });

  test("changes nothing", async () => {
    await sql.raw("update hosts set phase = 'happy'").execute(engine.db);
    await checkControlStore(engine);
    const rows = await engine.db.selectFrom("hosts").select("phase").execute();
    expect(rows.every(({ phase }) => phase === "happy")).toBe(true);
  });
});

test("SQLite's own findings are among them", async () => {
  const engine = await openEngine({ sqlite: ":memory:" }, storeOptions);
  await migrate(engine, storeOptions);
  await sql.raw("pragma foreign_keys = off").execute(engine.db);
  await sql.raw("insert into pinned_keys values ('k', 'no-such-host', 1, 1)").execute(engine.db);
  const findings = await checkControlStore(engine);
  expect(findings.filter(({ isSound }) => !isSound)).toMatchObject([
    { what: "control store: pinned_keys", detail: expect.stringMatching(/missing hosts/) },
  ]);
  await engine.close();
});
