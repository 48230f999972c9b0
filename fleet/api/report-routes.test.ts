import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { newHostMemory, packMemory } from "#fleet/health/host-memory.ts";
import { unixMs } from "#proto/vocabulary/units.ts";
import { hostIdOf, positionOf } from "#test/support/inventory-builders.ts";
import { readParquet } from "#test/support/read-parquet.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
  const at = (unit: number) => positionOf(`eu/fra2/row-a/rack-01/u${unit}`);
  const one = await world.addHost(1, { position: at(1) });
  await world.addHost(2, { position: at(2) });
  await world.addHost(3);
  await world.measure(one, [
    {
      metric: "hw.host.power",
      attributes: { "wws.power.source": "dcmi" },
      values: [412],
    },
  ]);
});
afterEach(() => world.close());

const ask = (path: string, headers: Record<string, string> = {}) =>
  world.api.inject({
    url: `/api/v1/reports/${path}`,
    headers: { ...asToken(world.token), ...headers },
  });

describe("GET /reports/…", () => {
  test("capacity: rows by site and class with a total, hosts without a place among them", async () => {
    const answer = (await ask("capacity")).json();
    expect(answer).toMatchObject({
      schema: "wws.report.capacity.v1",
      kind: "capacity",
      group: ["site", "class"],
      rows: [
        { site: "fra2", class: "unclassed", hosts: 2 },
        { site: "unplaced", class: "unclassed", hosts: 1 },
      ],
      total: { hosts: 3 },
    });
  });

  test("power: what is measured, and by name who is not", async () => {
    const answer = (await ask("power?group=site,rack")).json();
    expect(answer.rows[0]).toMatchObject({
      site: "fra2",
      rack: "rack-01",
      now_watts: 412,
      sources: "dcmi 1",
      measured_hosts: 1,
      unmeasured_names: "host-2",
    });
    expect(answer.window.toMs - answer.window.fromMs).toBe(3_600_000);
  });

  test("failures: what happened within the window, and since when hosts are known", async () => {
    const nowMs = world.clock.nowUnixMs();
    const reboot = {
      bootedMs: null,
      noticedMs: nowMs - 60_000,
      bootId: "b",
      previousBootId: "a",
      cause: "kernel-panic",
      confidence: "certain",
      because: ["pstore has it"],
    } as const;
    await world.store.health.write([
      {
        hostId: hostIdOf(1),
        memory: packMemory(newHostMemory()),
        events: [
          {
            id: "01930000-0000-7000-8000-000000000001",
            hostId: hostIdOf(1),
            atMs: unixMs(nowMs - 60_000),
            what: { kind: "reboot", reboot },
          },
        ],
      },
    ]);
    const answer = (await ask("failures?window=7d")).json();
    expect(answer.rows).toMatchObject([
      { site: "fra2", what: "reboot", detail: "kernel-panic", events: 1, hosts: 2 },
    ]);
    expect(answer.coverage.share).toBe(0);
    expect((await ask("failures?window=30s")).json().code).toBe("report-invalid");
  });

  test("the same rows come as CSV, HTML and Parquet, each as a file", async () => {
    const csv = await ask("capacity?format=csv&group=site");
    expect(csv.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(csv.headers["content-disposition"]).toMatch(/^attachment; filename="capacity-2026-/);
    expect(csv.body).toMatch(/^site,hosts,sellable_hosts,.*\r\nfra2,2,/);
    const html = await ask("capacity?format=html");
    expect(html.headers["content-security-policy"]).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    );
    expect(html.body).toContain("<td>fra2</td>");
    const parquet = await ask("capacity?format=parquet&group=site");
    expect((await readParquet(parquet.rawPayload)).rows[0]).toMatchObject({
      site: "fra2",
      hosts: 2n,
    });
  });

  test("a selector chooses hosts, and one that means none gives no row", async () => {
    expect((await ask("capacity?selector=site%3Dfra2")).json().total.hosts).toBe(2);
    expect((await ask("capacity?selector=host-3&group=site")).json().rows).toMatchObject([
      { site: "unplaced", hosts: 1 },
    ]);
    expect((await ask("capacity?selector=site%3Dnrt1")).json().rows).toEqual([]);
  });

  test("what did not move is not sent again", async () => {
    const first = await ask("capacity?group=site");
    const again = await ask("capacity?group=site", { "if-none-match": String(first.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    await world.addHost(4);
    await world.clock.advance(2_000);
    const moved = await ask("capacity?group=site", { "if-none-match": String(first.headers.etag) });
    expect(moved.json().total.hosts).toBe(4);
  });

  test("what did not move is sent again after minutes: its moment did", async () => {
    const first = await ask("capacity?group=site&format=csv");
    await world.clock.advance(6 * 60_000);
    const again = await ask("capacity?group=site&format=csv", {
      "if-none-match": String(first.headers.etag),
    });
    expect(again.statusCode).toBe(200);
    expect(again.body).not.toBe(first.body);
  });

  test.each([
    ["capacity?group=colour", 400, "report-invalid", /"colour" is nothing/],
    ["capacity?selector=colour%3Dred", 400, "selector-invalid", /"colour" is no key/],
    ["capacity?window=1h", 400, "report-invalid", /capacity is of one moment/],
    ["power?window=90d", 400, "report-invalid", /a day at most/],
    ["power?window=soon", 400, "time-range-invalid", /"soon" is no length of time/],
    ["capacity?at=-2d", 404, "past-unknown", /nothing is kept yet/],
    ["capacity?format=pdf", 400, "invalid-request", /format/],
  ])("%s is refused with what to do", async (path, status, code, words) => {
    const answer = await ask(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, detail: expect.stringMatching(words) });
    expect(answer.json().hint).not.toBe("");
  });

  test("of the past it answers what was kept, and says from when on it can", async () => {
    const kept = await world.keepFigures();
    expect(kept.capacity.atoms.length).toBeGreaterThan(0);
    await world.clock.advance(20 * 3_600_000);
    await world.addHost(5);
    const past = (await ask("capacity?at=-1h&selector=site%3Dfra2")).json();
    expect(past.total.hosts).toBe(2);
    expect(past.madeMs - past.atMs).toBeGreaterThan(19 * 3_600_000);
    const tooEarly = await ask("power?at=-3d");
    expect(tooEarly.json().detail).toMatch(/the earliest figures that are kept are of 2026-/);
    const notKept = await ask("capacity?at=-1h&selector=link%3Dlost");
    expect(notKept.json()).toMatchObject({ code: "selector-invalid" });
    const power = (await ask("power?at=-1h&group=site,rack")).json();
    expect(power.rows[0]).toMatchObject({ site: "fra2", now_watts: 412 });
  });

  test("schedules are told, none where none is configured", async () => {
    expect((await ask("schedules")).json()).toEqual({ items: [], nextCursor: null });
  });
});
