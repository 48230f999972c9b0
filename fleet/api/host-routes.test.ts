import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiWorld, asToken, createApiWorld } from "#test/support/api-world.ts";
import { hostIdOf, hostState, positionOf } from "#test/support/inventory-builders.ts";
import { operationRecord } from "#test/support/life-builders.ts";
import { unknownComponent } from "#proto/messages/state.ts";
import type { Host, HostList } from "./host-schemas.ts";
import type { HostInventory } from "./inventory-schemas.ts";

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld();
});
afterEach(() => world.close());

const list = async (query = ""): Promise<HostList> => {
  const { status, body } = await world.get(`/api/v1/hosts${query}`);
  expect(status).toBe(200);
  return body as HostList;
};
const names = ({ items }: HostList) => items.map((host) => host.name);

describe("a host", () => {
  test("is shown with its newest figures, their source and its link", async () => {
    const id = await world.addHost(1, { position: positionOf("eu/fra2/row-b/rack-07/u12") });
    await world.measure(id, [
      { metric: "system.cpu.utilization", values: [0.25, 0.5] },
      { metric: "hw.host.power", values: [400, 412.5] },
      {
        metric: "system.disk.io",
        attributes: { "system.device": "sda", "disk.io.direction": "read" },
        values: [512, 512],
      },
    ]);
    await world.parts.inventory.recordState(id, hostState({ powerSource: "rapl" }));
    const { body } = await world.get("/api/v1/hosts/host-1");
    expect(body).toMatchObject({
      id,
      name: "host-1",
      lifecycle: "active",
      phase: "active",
      op: null,
      link: { state: "connected", clockOffsetMs: 12 },
      health: { verdict: "ok", reasons: [] },
      position: { region: "eu", site: "fra2", row: "row-b", rack: "rack-07", unit: 12 },
      lastReportAt: world.clock.nowUnixMs(),
      power: { watts: 412.5, source: "rapl", reason: null },
      latest: { cpuUtilization: 0.5, memoryUtilization: null, diskReadBytesPerSecond: 512 },
    });
    expect(await world.get(`/api/v1/hosts/${id}`)).toEqual({ status: 200, body });
  });

  test("without watts says why", async () => {
    const id = await world.addHost(1);
    const power = async () => ((await world.get("/api/v1/hosts/host-1")).body as Host).power;
    expect(await power()).toMatchObject({
      watts: null,
      reason: "the host has not said anything yet",
    });
    await world.parts.inventory.recordState(
      id,
      hostState({
        absences: [
          {
            what: "hw.host.power",
            attributes: [],
            reason: "hidden-by-hypervisor",
            detail: "no powercap",
          },
        ],
      }),
    );
    expect((await power()).reason).toMatch(/hypervisor does not pass this on \(no powercap\)/);
  });

  test("that is lost draws nothing that is seen, and is not called healthy", async () => {
    const id = await world.addHost(1);
    await world.measure(id, [{ metric: "hw.host.power", values: [300] }]);
    world.setLink(id, { state: "lost" });
    const { body } = await world.get("/api/v1/hosts/host-1");
    expect(body).toMatchObject({
      lifecycle: "active",
      power: { watts: null, reason: "not seen since the link was lost; 300 W then" },
      health: { verdict: "unknown", reasons: ["the link is lost"] },
    });
  });

  test("that is not there is refused with names that look alike", async () => {
    await world.addHost(12);
    const { status, body } = await world.get("/api/v1/hosts/hsot-12");
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: "host-unknown", hint: "did you mean host-12?" });
  });

  test("keeps hostile text as text", async () => {
    const name = "<img src=x onerror=alert(1)>'; DROP TABLE hosts; --";
    await world.addHost(1, { name });
    const answer = await world.api.inject({ url: "/api/v1/hosts", headers: asToken(world.token) });
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
    expect(names(answer.json())).toEqual([name]);
    const byName = await world.get(`/api/v1/hosts/${encodeURIComponent(name)}`);
    expect(byName).toMatchObject({ status: 200, body: { name } });
  });
});

describe("a list", () => {
  beforeEach(async () => {
    const places = [
      "eu/fra2/row-b/rack-07/u12",
      "eu/ams1/row-a/rack-01/u01",
      "na/iad1/row-a/rack-02/u40",
    ];
    for (const [index, place] of places.entries()) {
      const id = await world.addHost(index + 1, {
        position: positionOf(place),
        simulated: index === 2,
      });
      await world.measure(id, [
        { metric: "system.cpu.utilization", values: [[0.5, 0.9, 0.1][index] ?? 0] },
      ]);
    }
    await world.addHost(10);
    world.setLink(hostIdOf(2), { state: "lost" });
  });

  test.each([
    ["", ["host-1", "host-2", "host-3", "host-10"]],
    ["?selector=region%3Deu", ["host-1", "host-2"]],
    ["?selector=region%3Deu,site%3Dfra2", ["host-1"]],
    ["?selector=site%3Dfra2,site%3Diad1", ["host-1", "host-3"]],
    ["?selector=link%3Dlost", ["host-2"]],
    ["?selector=region%3Dnone", ["host-10"]],
    ["?selector=simulated%3Dtrue", ["host-3"]],
    ["?selector=rack%3Drack-0*", ["host-1", "host-2", "host-3"]],
    ["?selector=host-1,host-10", ["host-1", "host-10"]],
    ["?q=FRA2+rack-07", ["host-1"]],
    ["?q=simulated", ["host-3"]],
    ["?sort=-name", ["host-10", "host-3", "host-2", "host-1"]],
    ["?sort=cpu", ["host-3", "host-1", "host-2", "host-10"]],
    ["?sort=-cpu", ["host-2", "host-1", "host-3", "host-10"]],
    ["?sort=position", ["host-2", "host-1", "host-3", "host-10"]],
    ["?sort=link", ["host-2", "host-1", "host-3", "host-10"]],
  ])("%s", async (query, expected) => {
    const answer = await list(query);
    expect(names(answer)).toEqual(expected);
    expect(answer.total).toBe(expected.length);
  });

  test("is cut into pages that hold everything once", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: HostList = await list(`?sort=-cpu&limit=1${cursor && `&cursor=${cursor}`}`);
      expect(page.total).toBe(4);
      seen.push(...names(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(["host-2", "host-1", "host-3", "host-10"]);
  });

  test("goes on behind a host that went away in between", async () => {
    const first = await list("?limit=2");
    await world.parts.inventory.remove(hostIdOf(2));
    expect(names(await list(`?limit=2&cursor=${first.nextCursor}`))).toEqual(["host-3", "host-10"]);
  });

  test.each([
    ["?selector=", "selector-invalid", /empty/],
    ["?selector=region%3Deu,,", "selector-invalid", /empty/],
    ["?selector=colour%3Dred", "selector-invalid", /"colour" is no key/],
    ["?selector=link%3Dgone", "selector-invalid", /"gone" is no link/],
    ["?selector=region%3Dmars", "selector-invalid", /"mars" is no region/],
    ["?limit=501", "invalid-request", /query "limit": must be <= 500/],
    ["?limit=all", "invalid-request", /query "limit": must be integer/],
    ["?sort=colour", "invalid-request", /must be one of name, -name/],
    ["?order=name", "invalid-request", /"order" is not known here/],
    ["?cursor=nonsense", "cursor-invalid", /not made here/],
    ["?q=a&q=b", "invalid-request", /query "q": must be string/],
  ])("refuses %s", async (query, code, detail) => {
    const { status, body } = await world.get(`/api/v1/hosts${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });

  test("refuses a cursor of another order", async () => {
    const { nextCursor } = await list("?limit=1&sort=cpu");
    const { body } = await world.get(`/api/v1/hosts?limit=1&sort=-cpu&cursor=${nextCursor}`);
    expect(body).toMatchObject({ code: "cursor-invalid" });
  });
});

describe("the inventory of a host", () => {
  test("tells facts, parts, collectors, what is missing and why, and what can be charted", async () => {
    const id = await world.addHost(1);
    await world.measure(id, [
      { metric: "system.cpu.utilization", values: [0.5] },
      { metric: "system.cpu.utilization", attributes: { "cpu.mode": "user" }, values: [0.4] },
      { metric: "system.disk.io", attributes: { "system.device": "sda" }, values: [1] },
    ]);
    const state = hostState(
      {
        collectors: [
          { subject: "cpu", outcome: "ok", durationMicroseconds: 210, series: 9, detail: "" },
        ],
        absences: [
          {
            what: "hw.temperature",
            attributes: [],
            reason: "no-kernel-interface",
            detail: "hwmon",
          },
        ],
      },
      { product: "PowerEdge", processor: { model: "EPYC", sockets: 2, cores: 64, threads: 128 } },
    );
    await world.parts.inventory.recordState(id, state);
    const { status, body } = await world.get("/api/v1/hosts/host-1/inventory");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      hostId: id,
      identity: { product: "PowerEdge", serial: null, processor: { threads: 128 } },
      collectors: [{ subject: "cpu", outcome: "ok" }],
      absences: [
        {
          what: "hw.temperature",
          reason: "no-kernel-interface",
          meaning: "the kernel shows no such file: driver not loaded, or not built",
        },
      ],
      metrics: [
        { metric: "system.cpu.utilization", unit: "1", series: 2, by: ["cpu.mode"] },
        { metric: "system.disk.io", unit: "By/s", series: 1, by: ["system.device"] },
      ],
    });
  });

  test("is nothing yet before the host has spoken", async () => {
    await world.addHost(1);
    const { status, body } = await world.get("/api/v1/hosts/host-1/inventory");
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: "nothing-yet" });
  });
});

describe("changing what is known of a host", () => {
  const change = (method: "POST" | "DELETE", path: string, payload?: object) =>
    world.api.inject({
      method,
      url: `/api/v1/hosts/${path}`,
      headers: asToken(world.token),
      ...(payload === undefined ? {} : { payload }),
    });

  test("a position is written and read back; a taken one is refused", async () => {
    await world.addHost(1);
    await world.addHost(2);
    const position = "ea/nrt1/row-b/rack-07/u12";
    const placed = await change("POST", "host-1/position", { position });
    expect(placed.statusCode).toBe(200);
    expect(placed.json()).toMatchObject({ position: { site: "nrt1", unit: 12 } });
    const second = await change("POST", "host-2/position", { position });
    expect(second.statusCode).toBe(409);
    expect(second.json()).toMatchObject({
      code: "position-taken",
      detail: expect.stringMatching(/host-1/),
    });
    const elsewhere = { position: "eu/nrt1/row-b/rack-07/u13" };
    expect((await change("POST", "host-2/position", elsewhere)).json()).toMatchObject({
      code: "site-elsewhere",
    });
  });

  test("a position that is none says which part is wrong", async () => {
    await world.addHost(1);
    const answer = await change("POST", "host-1/position", {
      position: "ea/tokyo/row-b/rack-07/u1",
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      code: "position-invalid",
      hint: expect.stringMatching(/"tokyo" is no site/),
    });
  });

  test("a host on which something runs is not forgotten, and the refusal says what ends it", async () => {
    const hostId = await world.addHost(1);
    const operation = operationRecord(1, { hostId, endedMs: null });
    world.life.putOperation(operation);
    const refused = await change("DELETE", "host-1?reason=enrolled+twice");
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({
      code: "operation-running",
      hint: expect.stringContaining(`wws-fleet op cancel ${operation.id} --reason REASON`),
      why: [{ code: "operation" }],
    });
    expect((await world.get("/api/v1/hosts/host-1")).status).toBe(200);
  });

  test("removal needs a reason, forgets the host and makes its name free", async () => {
    const id = await world.addHost(1);
    const without = await change("DELETE", "host-1");
    expect(without.statusCode).toBe(400);
    expect(without.json()).toMatchObject({ detail: 'query: "reason" is missing' });
    expect((await change("DELETE", "host-1?reason=enrolled+twice")).statusCode).toBe(204);
    expect((await world.get(`/api/v1/hosts/${id}`)).status).toBe(404);
    await world.addHost(2, { name: "host-1" });
    expect((await list()).items.map((host) => host.id)).toEqual([hostIdOf(2)]);
  });
});

test("a part that is gone is told, with what the class has; accepted, the host is as it shall be", async () => {
  const id = await world.addHost(1);
  const says = (serials: readonly string[]) =>
    hostState(
      { observedMs: world.clock.nowUnixMs() },
      {
        processor: { model: "EPYC 7543P", sockets: 1, cores: 32, threads: 64 },
        memoryBytes: 64 * 1024 ** 3,
        components: serials.map((serial) => ({
          ...unknownComponent,
          kind: "disk" as const,
          slot: serial,
          serial,
          interface: "nvme",
          sizeBytes: 3.84e12,
        })),
      },
    );
  const inventoryOf = async () =>
    (await world.get("/api/v1/hosts/host-1/inventory")).body as HostInventory;
  await world.parts.inventory.recordState(id, says(["A", "B"]));
  await world.clock.advance(2 * 3_600_000);
  await world.parts.inventory.recordState(id, says(["A"]));
  expect(await inventoryOf()).toMatchObject({
    hardwareClass: "1x-epyc-7543p-64g-2nvme",
    differences: [{ what: "disk nvme 3.84 TB", expected: "2", found: "1" }],
    changes: [{ number: 1, kind: "removed", words: "disk B is gone" }],
    gone: [{ component: { serial: "B" } }],
  });
  const accepted = await world.api.inject({
    method: "POST",
    url: "/api/v1/hosts/host-1/accept-hardware",
    headers: asToken(world.token),
  });
  expect(accepted.json()).toMatchObject({ hardwareClass: "1x-epyc-7543p-64g-1nvme" });
  expect((await inventoryOf()).differences).toEqual([]);
});
