import { describe, expect, test } from "vitest";
import { createRedfishRig } from "#test/support/simulated-bmc/redfish-rig.ts";
import type { RedfishHandler } from "#test/support/simulated-bmc/redfish-service.ts";
import { note } from "#test/support/simulated-bmc/redfish-inside.ts";
import { habitsOf } from "./quirks.ts";

const url = "http://192.0.2.1/imaging.iso";

describe("virtual media", () => {
  test.each(["manager", "system"] as const)("slots are found at the %s", async (mediaAt) => {
    const { driver, signal } = createRedfishRig({ shape: { mediaAt } });
    expect(await driver.media?.slots(signal)).toMatchObject({
      value: [
        { kinds: ["Floppy"], mayInsert: false },
        { kinds: ["CD", "DVD"], mayInsert: true, inserted: false, image: null },
      ],
    });
  });

  test.each([
    ["image", "image-only", "action"],
    ["flags", "with-flags", "action"],
    ["protocol", "with-protocol", "action"],
    ["patch", "patch", "patch"],
  ] as const)("a service that wants %s takes %s alone", async (mediaWants, takes, ejects) => {
    const { driver, signal } = createRedfishRig({ shape: { mediaWants } });
    const { media } = driver;
    if (media === null) throw new Error("it has no media");
    const listed = await media.slots(signal);
    const slot = listed.ok ? (listed.value[1]?.slot ?? "") : "";
    const took: string[] = [];
    for (const way of media.insertWays) {
      const sent = await media.insert({ slot, url, way }, signal);
      if (!sent.ok) continue;
      took.push(way);
      expect(await media.slots(signal)).toMatchObject({
        value: [{}, { inserted: true, image: url }],
      });
      expect(await media.eject({ slot, way: ejects }, signal)).toMatchObject({ ok: true });
    }
    expect(took).toEqual([takes]);
    expect(await media.slots(signal)).toMatchObject({
      value: [{}, { inserted: false, image: null }],
    });
  });

  test("a service without media says so", async () => {
    const { driver, signal } = createRedfishRig({ shape: { mediaAt: "none" } });
    expect(await driver.media?.slots(signal)).toMatchObject({ problem: { kind: "unsupported" } });
  });
});

describe("tasks", () => {
  /** Every task is this body. */
  const told =
    (body: unknown, status = 200) =>
    (next: RedfishHandler): RedfishHandler =>
    (request) =>
      request.path.includes("/Tasks/")
        ? Promise.resolve({ status, headers: {}, text: JSON.stringify(body), isCut: false })
        : next(request);

  test.each([
    [{ TaskState: "Completed", TaskStatus: "OK" }, "done"],
    [{ TaskState: "Completed" }, "done"],
    [{ TaskState: "Completed", TaskStatus: "Critical", PercentComplete: 100 }, "failed"],
    [{ TaskState: "Completed", TaskStatus: "OK", Messages: [{ Severity: "Critical" }] }, "failed"],
    [{ TaskState: "Exception" }, "failed"],
    [{ JobState: "CompletedWithErrors" }, "failed"],
    [{ TaskState: "New" }, "running"],
    [{ TaskState: "Whatever this maker says" }, "running"],
    [{ TaskState: 7, PercentComplete: 700 }, "running"],
    [{ Name: "says nothing" }, "running"],
  ] as const)("%j is %s", async (body, state) => {
    const { driver, signal } = createRedfishRig({ around: told(body) });
    expect(await driver.tasks?.look("/redfish/v1/TaskService/Tasks/1", signal)).toMatchObject({
      value: { state },
    });
  });

  test("one that is not found is gone, and says nothing of its end", async () => {
    const { driver, signal } = createRedfishRig();
    expect(await driver.tasks?.look("/redfish/v1/TaskService/Tasks/99", signal)).toMatchObject({
      value: { state: "gone" },
    });
    expect(await driver.tasks?.look("https://elsewhere/tasks/1", signal)).toMatchObject({
      problem: { kind: "unsupported" },
    });
  });

  test("a controller without a queue of jobs has none that wait, and none to clear", async () => {
    const { driver, signal } = createRedfishRig();
    expect(await driver.tasks?.pending(signal)).toEqual({ ok: true, value: [] });
    expect(await driver.tasks?.clear(false, signal)).toMatchObject({
      problem: { kind: "unsupported" },
    });
  });
});

describe("the log", () => {
  test("is read over its pages, ordered by id, from the entry after the last one seen", async () => {
    const { driver, signal, service, clock } = createRedfishRig();
    for (let at = 0; at < 120; at += 1) note({ clock }, service.inside, `entry ${at}`);
    const all = await driver.events(null, signal);
    expect(all.ok && all.value.map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 121 }, (_, at) => at + 1),
    );
    const since = await driver.events("119", signal);
    expect(since).toMatchObject({ value: [{ id: "120" }, { id: "121", words: "entry 119" }] });
    service.inside.log.splice(0, 121);
    note({ clock }, service.inside, "The log was cleared.");
    expect(await driver.events("119", signal)).toMatchObject({ value: [{ id: "1" }] });
  });

  test("that comes as links only is read from its newest entries", async () => {
    const { driver, signal, service, clock } = createRedfishRig({
      around: (next) => async (request) => {
        const honest = await next(request);
        if (!/\/Entries(?:\?|$)/.test(request.path)) return honest;
        const body = JSON.parse(honest.text) as { Members: readonly Record<string, unknown>[] };
        const Members = body.Members.map((one) => ({ "@odata.id": one["@odata.id"] }));
        return { ...honest, text: JSON.stringify({ ...body, Members }) };
      },
    });
    for (let at = 0; at < 120; at += 1) note({ clock }, service.inside, `entry ${at}`);
    const read = await driver.events(null, signal);
    expect(read.ok && read.value.map(({ id }) => Number(id))).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 22),
    );
  });

  test("pages without end are left", async () => {
    let pages = 0;
    const { driver, signal } = createRedfishRig({
      around: (next) => (request) => {
        if (!request.path.includes("/Entries")) return next(request);
        pages += 1;
        const path = "/redfish/v1/Managers/1/LogServices/SEL/Entries";
        const Members = [{ "@odata.id": `${path}/${pages}`, Id: String(pages), Message: "again" }];
        const body = { Members, "Members@odata.nextLink": `${path}?$skip=${pages}` };
        return Promise.resolve({
          status: 200,
          headers: {},
          text: JSON.stringify(body),
          isCut: false,
        });
      },
    });
    expect(await driver.events(null, signal)).toMatchObject({ ok: true });
    expect(pages).toBeLessThanOrEqual(20);
  });
});

test.each(["LocationIndicatorActive", "IndicatorLED"] as const)(
  "the light is lit by %s, and put out when its time is over",
  async (light) => {
    const { driver, signal, clock } = createRedfishRig({ shape: { light } });
    await driver.setLight(240_000, signal);
    expect(await driver.light(signal)).toEqual({ ok: true, value: true });
    await clock.advance(240_000);
    expect(await driver.light(signal)).toEqual({ ok: true, value: false });
  },
);

test("the firmware's progress is told where there is any", async () => {
  const { driver, signal } = createRedfishRig();
  expect(await driver.progress(signal)).toEqual({ ok: true, value: "OSRunning" });
  const without = createRedfishRig({ shape: { hasBootProgress: false } });
  expect(await without.driver.progress(signal)).toEqual({ ok: true, value: null });
});

test("quirks order the ways and leave none out", () => {
  const plain = habitsOf({ maker: null, model: null, firmware: null });
  for (const maker of ["Dell Inc.", "AMI", "HPE", "Lenovo", "Nokia"]) {
    const habits = habitsOf({ maker, model: null, firmware: "1.30.30.50" });
    expect(new Set(habits.bootWays)).toEqual(new Set(plain.bootWays));
    expect(new Set(habits.insertWays)).toEqual(new Set(plain.insertWays));
  }
  expect(habitsOf({ maker: "GIGABYTE", model: null, firmware: null }).bootWays[0]).toBe(
    "settings-full",
  );
});
