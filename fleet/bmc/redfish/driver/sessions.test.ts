import { describe, expect, test } from "vitest";
import { createRedfishRig } from "#test/support/simulated-bmc/redfish-rig.ts";
import type { RedfishHandler } from "#test/support/simulated-bmc/redfish-service.ts";

/** Answers the first requests that match with this status. */
function sometimes(
  status: number,
  times: number,
  matches: (line: string) => boolean,
  headers: Readonly<Record<string, string>> = {},
): (next: RedfishHandler) => RedfishHandler {
  let left = times;
  return (next) => async (request) => {
    if (left <= 0 || !matches(`${request.method} ${request.path}`)) return next(request);
    left -= 1;
    return { status, headers, text: "{}", isCut: false };
  };
}

describe("one session", () => {
  test("is opened once, and ended with the driver", async () => {
    const { driver, signal, service, transport } = createRedfishRig();
    await driver.power(signal);
    await driver.boot(signal);
    expect(service.inside.sessions.size).toBe(1);
    await driver.close();
    expect(service.inside.sessions.size).toBe(0);
    expect(transport.sent.filter((one) => /^POST .*Sessions$/.test(one))).toHaveLength(1);
    expect(await driver.power(signal)).toMatchObject({ problem: { kind: "withdrawn" } });
  });

  test("is ended after an error too", async () => {
    const { driver, signal, service } = createRedfishRig({
      around: sometimes(500, 99, (line) => line.includes("/Systems/1")),
    });
    expect(await driver.power(signal)).toMatchObject({ problem: { kind: "not-ready", code: 500 } });
    await driver.close();
    expect(service.inside.sessions.size).toBe(0);
  });

  test("that was lost is opened anew once", async () => {
    const { driver, signal, service } = createRedfishRig();
    await driver.power(signal);
    service.inside.sessions.clear();
    expect(await driver.power(signal)).toMatchObject({ value: { state: "on" } });
    expect(service.inside.sessions.size).toBe(1);
  });

  test("is done without where none is left", async () => {
    const { driver, signal, service, transport } = createRedfishRig({ shape: { sessionsMax: 0 } });
    expect(await driver.power(signal)).toMatchObject({ value: { state: "on" } });
    expect(service.inside.sessions.size).toBe(0);
    expect(transport.requests.at(-1)?.headers["authorization"]).toMatch(/^Basic /);
  });

  test("is full where Basic is refused beside it, and Basic is not tried again", async () => {
    const full = JSON.stringify({
      error: {
        "@Message.ExtendedInfo": [
          { MessageId: "IDRAC.2.8.RAC0218", Message: "Maximum number of sessions" },
        ],
      },
    });
    let basics = 0;
    const { driver, signal } = createRedfishRig({
      around: (next) => (request) => {
        if (request.headers["authorization"] !== undefined) basics += 1;
        const isBasic = request.headers["authorization"] !== undefined;
        const isLogin = request.method === "POST";
        const status = isBasic ? 401 : 503;
        return isBasic || isLogin
          ? Promise.resolve({ status, headers: {}, text: full, isCut: false })
          : next(request);
      },
    });
    expect(await driver.power(signal)).toMatchObject({ problem: { kind: "session-full" } });
    expect(await driver.power(signal)).toMatchObject({ problem: { kind: "session-full" } });
    expect(basics).toBe(1);
  });
});

describe("a refused password", () => {
  test("is transient up to two times in a row", async () => {
    const { driver, signal, clock } = createRedfishRig({
      around: sometimes(401, 2, (line) => line.startsWith("POST")),
    });
    const asked = driver.power(signal);
    await clock.advance(5_000);
    expect(await asked).toMatchObject({ value: { state: "on" } });
  });

  test("three times in a row stops every call: nothing more is sent", async () => {
    const { driver, signal, clock, transport } = createRedfishRig({ password: "wrong" });
    const asked = driver.power(signal);
    await clock.advance(10_000);
    expect(await asked).toMatchObject({ problem: { kind: "unauthorised", code: 401 } });
    const sent = transport.sent.length;
    expect(sent).toBe(3);
    expect(await driver.setPower("off", signal)).toMatchObject({
      problem: { kind: "unauthorised" },
    });
    expect(transport.sent).toHaveLength(sent);
    expect(JSON.stringify(await driver.boot(signal))).not.toContain("wrong");
  });

  test("403 at one resource is no refused password", async () => {
    const { driver, signal } = createRedfishRig({
      around: sometimes(403, 9, (line) => line.endsWith("/Chassis/1")),
    });
    expect(await driver.power(signal)).toMatchObject({ value: { state: "on", chassis: null } });
  });
});

test("503 with Retry-After is busy, and says when to come again", async () => {
  const { driver, signal } = createRedfishRig({
    around: sometimes(503, 1, (line) => line === "GET /redfish/v1", { "retry-after": "7" }),
  });
  expect(await driver.power(signal)).toMatchObject({
    problem: { kind: "busy", code: 503, retryAfterMs: 7_000 },
  });
});

test("an empty collection of systems is not ready", async () => {
  const { driver, signal } = createRedfishRig({
    around: (next) => async (request) => {
      const honest = await next(request);
      return request.path === "/redfish/v1/Systems"
        ? { ...honest, text: '{"Members":[]}' }
        : honest;
    },
  });
  expect(await driver.power(signal)).toMatchObject({ problem: { kind: "not-ready" } });
});

test("a write that is answered with 500 was perhaps done: it is not a no", async () => {
  const { driver, signal, machine } = createRedfishRig({
    around: (next) => async (request) => {
      const honest = await next(request);
      return request.path.endsWith("Reset") ? { ...honest, status: 500, text: "" } : honest;
    },
  });
  expect(await driver.setPower("off", signal)).toMatchObject({
    problem: { kind: "unanswered", code: 500 },
  });
  expect(machine.isOn()).toBe(false);
});

test("silence ends by the clock as unanswered; an aborted call sends nothing", async () => {
  const rig = createRedfishRig({ around: () => () => new Promise(() => {}) });
  const asked = rig.driver.power(rig.signal);
  await rig.clock.advance(60_000);
  expect(await asked).toMatchObject({ problem: { kind: "unanswered" } });
  const before = rig.transport.sent.length;
  expect(await rig.driver.setPower("off", AbortSignal.abort())).toMatchObject({
    problem: { kind: "withdrawn" },
  });
  expect(rig.transport.sent).toHaveLength(before);
});

test("a controller that is restarted is away, then spoken to in a new session", async () => {
  const { driver, signal, clock, service } = createRedfishRig();
  expect(await driver.reset(signal)).toMatchObject({
    value: { sent: expect.stringMatching(/ForceRestart$/) },
  });
  expect(await driver.power(signal)).toMatchObject({
    problem: { kind: "busy", code: 503, retryAfterMs: 60_000 },
  });
  await clock.advance(60_000);
  expect(await driver.power(signal)).toMatchObject({ value: { state: "on" } });
  expect(service.inside.sessions.size).toBe(1);
});
